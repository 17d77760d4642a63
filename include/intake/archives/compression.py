"""
Decompress streams piece by piece, and stop when more comes out than the limits allow.

Each piece is passed on before the next one is decoded, so a stream that is cut off gives all that
precedes the cut. An xz or zstd stream that asks for more than 128 MiB of memory is refused: both
formats let the file set the amount.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import sys
import zlib
from typing import Any, BinaryIO

from include.intake.archives.limits import Budget
from include.intake.failures import Stopped, stop_if_broken

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STREAMS = ("gzip", "bzip2", "xz", "zstd")
ENDINGS = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".zstd")
BUFFER_BYTES = 2**20
CHUNK_BYTES = 2**16
MEMORY_LOG = 27  # binary logarithm of the 128 MiB above
STARTS = {
    "gzip": re.compile(rb"\x1f\x8b"),
    "bzip2": re.compile(rb"BZh"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}


def open_stream(kind: str, source: BinaryIO, budget: Budget, origin: int) -> io.BufferedReader:
    """
    Open compressed bytes.

    Args:
        origin: their size in the inbox file (bytes); sets how much may come out.
    Returns:
        A stream that ends where the bytes are damaged, cut off or expand beyond the limits;
        `failure_of` then says why.
    """
    return read_measured(Decompressed(kind, source), kind, budget, budget.allow(origin))


def read_measured(source: Any, kind: str, budget: Budget, allowed: int) -> io.BufferedReader:
    """Wrap a stream so that its bytes count against the budget; it seeks forward only."""
    return io.BufferedReader(_CountedStream(source, kind, budget, allowed), BUFFER_BYTES)


def failure_of(stream: Any) -> Stopped | None:
    """Return why a stream ended before its end; None if it did not, or has not ended yet."""
    return getattr(getattr(stream, "raw", None), "failure", None)


def raise_failure(stream: Any) -> None:
    """Raise `Stopped` if a stream ended before its end and what was read of it is not whole."""
    failure = failure_of(stream)
    if failure and not failure.is_after_end:
        raise failure


class _CountedStream(io.RawIOBase):
    """A forward-only stream that counts its bytes, and ends where it fails or meets a limit."""

    def __init__(self, source: Any, kind: str, budget: Budget, allowed: int) -> None:
        self._source, self._kind, self._budget = source, kind, budget
        self._allowed, self._at = allowed, 0
        self.failure: Stopped | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset + (self._at if whence == io.SEEK_CUR else 0)
        if whence == io.SEEK_END or target < self._at:
            raise io.UnsupportedOperation("this stream is read forward only")
        while self._at < target and self.read(min(CHUNK_BYTES, target - self._at)):
            pass
        return self._at

    def readinto(self, buffer: Any) -> int:
        try:
            piece = b"" if self.failure else self._read(min(len(buffer), CHUNK_BYTES))
        except Stopped as exc:
            self.failure, piece = exc, b""
        buffer[: len(piece)] = piece
        return len(piece)

    def _read(self, size: int) -> bytes:
        with stop_if_broken(self._kind):
            piece: bytes = self._source.read(size)
        self._at += len(piece)
        if self._at > self._allowed:
            raise Stopped(f"expansion:{self._kind}")
        self._budget.count_bytes(len(piece))
        return piece


class Decompressed:
    """The members of a compressed stream, one after the other; NULs between them are padding."""

    def __init__(self, kind: str, source: Any, decoder: Any = None) -> None:
        self._kind, self._source = kind, source
        self._decoder = decoder or make_decoder(kind)

    def read(self, size: int) -> bytes:
        """
        Decode up to `size` bytes; b"" at the end.

        Raises:
            EOFError: the stream is cut off. Stopped: bytes of another kind follow its end.
        """
        while True:
            is_cut = False
            if self._decoder.eof:
                packed = self._skip_padding(self._decoder.unused_data)
                if not packed:
                    return b""
                if self._kind not in STARTS or not STARTS[self._kind].match(packed):
                    raise Stopped(f"broken:{self._kind}", is_after_end=True)
                self._decoder = make_decoder(self._kind)
            else:
                packed = self._source.read(CHUNK_BYTES) if self._decoder.needs_input else b""
                is_cut = self._decoder.needs_input and not packed
            piece: bytes = self._decoder.decompress(packed, size)
            if piece:
                return piece
            if is_cut:
                raise EOFError("the last member has no end")

    def _skip_padding(self, packed: bytes) -> bytes:
        """Return the bytes after any NULs, enough to recognise a member; b"" at the end."""
        packed = packed.lstrip(b"\0")
        while len(packed) < 16 and (more := self._source.read(CHUNK_BYTES)):
            packed = (packed + more).lstrip(b"\0")
        return packed


class Gzip:
    """zlib's decoder with the interface of the other three; `window` as in `zlib.decompressobj`."""

    def __init__(self, window: int = 16 + zlib.MAX_WBITS) -> None:
        self._decoder = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        """Tell whether the end of the member was reached."""
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        """Tell whether all bytes given so far were consumed."""
        return not self._decoder.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        """Return the bytes given that follow the member."""
        return self._decoder.unused_data

    def decompress(self, packed: bytes, size: int) -> bytes:
        """Decode up to `size` bytes of what was given."""
        return self._decoder.decompress(self._decoder.unconsumed_tail + packed, size)


def make_decoder(kind: str) -> Any:
    """Return a decoder for one member of a compressed stream."""
    if kind == "gzip":
        return Gzip()
    if kind == "bzip2":
        return bz2.BZ2Decompressor()
    if kind == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=2**MEMORY_LOG)
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: MEMORY_LOG})

"""
Decompress streams piece by piece, and stop when more comes out than the limits allow.

gzip, bzip2 and xz use the standard library, zstd uses Arrow, a dependency already. An xz or zstd
file that asks for more than 128 MiB of memory is refused: both formats let the file set the amount.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa

from include.intake.archives.limits import Budget, Stopped

STREAMS = ("gzip", "bzip2", "xz", "zstd")
ENDINGS = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".zstd")
BUFFER_BYTES = 2**20
CHUNK_BYTES = 2**16
BROKEN = (
    OSError, ValueError, RuntimeError, zlib.error, lzma.LZMAError, pa.ArrowException,
    zipfile.BadZipFile, tarfile.TarError, struct.error,
)  # fmt: skip
XZ_MEMORY = 2**27


@contextmanager
def stop_if_broken(what: str) -> Iterator[None]:
    """Translate what libraries raise for damaged bytes into `Stopped`; `what` names the format."""
    try:
        yield
    except EOFError as exc:
        raise Stopped(f"cut_off:{what}") from exc
    except BROKEN as exc:
        cut_off = "runcated" in str(exc) or "unexpected end" in str(exc)
        raise Stopped(f"{'cut_off' if cut_off else 'broken'}:{what}") from exc
    except MemoryError as exc:
        raise Stopped(f"too_large:{what}") from exc


def open_stream(kind: str, source: BinaryIO, budget: Budget, origin: int) -> io.BufferedReader:
    """
    Open compressed bytes.

    Args:
        origin: their size in the inbox file (bytes); sets how much may come out.
    Raises:
        Stopped: on reading, when it is damaged, cut off or expands beyond the limits.
    """
    with stop_if_broken(kind):
        return read_measured(_decompress(kind, source), kind, budget, budget.allow(origin))


def read_measured(source: Any, kind: str, budget: Budget, allowed: int) -> io.BufferedReader:
    """Wrap a stream so that its bytes count against the budget; it seeks forward only."""
    return io.BufferedReader(_CountedStream(source, kind, budget, allowed), BUFFER_BYTES)


def _decompress(kind: str, source: BinaryIO) -> Any:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=source, mode="rb")
    if kind == "bzip2":
        return bz2.BZ2File(source)
    if kind == "xz":
        return _Xz(source)
    return pa.CompressedInputStream(pa.PythonFile(source, mode="r"), "zstd")


class _CountedStream(io.RawIOBase):
    """A forward-only stream that counts its bytes and stops at a limit."""

    def __init__(self, source: Any, kind: str, budget: Budget, allowed: int) -> None:
        self._source, self._kind, self._budget = source, kind, budget
        self._allowed, self._at = allowed, 0

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
        with stop_if_broken(self._kind):
            found = self._source.read(min(len(buffer), CHUNK_BYTES))
        buffer[: len(found)] = found
        self._at += len(found)
        if self._at > self._allowed:
            raise Stopped(f"expansion:{self._kind}")
        self._budget.count_bytes(len(found))
        return len(found)


class _Xz:
    """An xz stream with a memory limit, which `lzma.LZMAFile` does not offer."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)

    def read(self, size: int) -> bytes:
        while True:
            if self._decoder.eof:
                held = self._decoder.unused_data or self._source.read(CHUNK_BYTES)
                held = held.lstrip(b"\0")  # streams may be padded
                if not held:
                    return b""
                self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
            else:
                held = self._source.read(CHUNK_BYTES) if self._decoder.needs_input else b""
                if not held and self._decoder.needs_input:
                    raise EOFError("the last xz stream has no end")
            found = self._decoder.decompress(held, size)
            if found:
                return found

"""
Streams that return fewer bytes than asked for, and streams whose first bytes were already read.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from typing import Any

from include.intake.archives.compression import CHUNK_BYTES, raise_failure
from include.intake.failures import stop_if_broken


class PrefixedStream(io.RawIOBase):
    """
    A stream whose first bytes were already read, readable from its beginning again.

    must_end: raise `Stopped` at its end if it was cut off there.
    """

    def __init__(self, prefix: bytes, rest: Any, must_end: bool = False) -> None:
        self._prefix, self._rest, self._must_end = io.BytesIO(prefix), rest, must_end

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read from the prefix, then from the rest of the stream."""
        piece = self._prefix.read(len(buffer)) or self._rest.read(len(buffer))
        if not piece and self._must_end:
            raise_failure(self._rest)
        buffer[: len(piece)] = piece
        return len(piece)


class TranscodedStream(io.RawIOBase):
    """A stream of text in another encoding, as UTF-8; what cannot be decoded becomes U+FFFD."""

    def __init__(self, source: Any, encoding: str) -> None:
        self._source, self._held = source, b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def readable(self) -> bool:
        """Return True: `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Decode as much as fits."""
        while not self._held:
            packed = self._source.read(CHUNK_BYTES)
            text = self._decoder.decode(packed, final=not packed)
            self._held = text.encode("utf-8", "replace")
            if not packed:
                break
        piece, self._held = self._held[: len(buffer)], self._held[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def read_up_to(source: Any, size: int) -> bytes:
    """Read `size` bytes, or all there are: some streams return fewer than asked for."""
    pieces, missing = [], size
    while missing and (piece := source.read(min(missing, CHUNK_BYTES))):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def copy_to_file(source: io.RawIOBase, target: Any) -> tuple[str, int]:
    """Copy a stream to a file, rewind the file, and return the sha256 and size (bytes)."""
    digest, size = hashlib.sha256(), 0
    with stop_if_broken("member"):
        while piece := source.read(CHUNK_BYTES):
            digest.update(piece)
            size += target.write(piece)
    target.seek(0)
    return digest.hexdigest(), size

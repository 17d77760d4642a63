"""
Read streams that give fewer bytes than they are asked for, and streams that were begun already.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from include.intake.archives.compression import CHUNK_BYTES, stop_if_broken


class Joined(io.RawIOBase):
    """Bytes that were read already, and the stream they came from."""

    def __init__(self, read: bytes, rest: Any) -> None:
        self._read, self._rest = io.BytesIO(read), rest

    def readable(self) -> bool:
        """Say that it may be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on where the bytes end that were read already."""
        found = self._read.read(len(buffer)) or self._rest.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def read_up_to(source: Any, size: int) -> bytes:
    """Read so many bytes, or all: not every stream gives as many as it is asked for."""
    pieces, missing = [], size
    while missing and (piece := source.read(min(missing, CHUNK_BYTES))):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def copy_aside(source: io.RawIOBase, target: Any) -> tuple[str, int]:
    """Copy all bytes to a file, and go to its beginning; give their sha256 and their number."""
    digest, size = hashlib.sha256(), 0
    with stop_if_broken("member"):
        while piece := source.read(CHUNK_BYTES):
            digest.update(piece)
            size += target.write(piece)
    target.seek(0)
    return digest.hexdigest(), size

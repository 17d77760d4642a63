"""
Read one listed file exactly as it was listed, or say why it must wait.

A file is read whole or not at all: size and modification time are compared with the listing before
the first byte and after the last one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import BinaryIO

from include.intake.listing import UNREADABLE, VANISHED, ReadyFile

CHUNK_BYTES = 2**20
CHANGED = "changed"
# Never follow a link, never hang on a pipe that took the file's place since it was listed.
CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Reading:
    """A file's bytes; `raw` is None when the file is larger than may be kept in memory."""

    page_id: str
    raw: bytes | None


@dataclass(frozen=True)
class Late:
    """A file that waits for the next run, and why: changed, vanished or unreadable."""

    name: str
    reason: str


def read_file(file: ReadyFile, max_page_bytes: int) -> Reading | Late:
    """Read and hash a file; one larger than `max_page_bytes` is hashed in pieces and not kept."""
    try:
        with open(file.place, "rb", opener=_open) as source:
            if not _is_as_listed(source, file):
                return Late(file.name, CHANGED)
            reading = _hash(source, file, max_page_bytes)
            return reading if _is_as_listed(source, file) else Late(file.name, CHANGED)
    except FileNotFoundError:
        return Late(file.name, VANISHED)
    except OSError:
        return Late(file.name, UNREADABLE)


def _hash(source: BinaryIO, file: ReadyFile, max_page_bytes: int) -> Reading | Late:
    digest = hashlib.sha256()
    if file.size <= max_page_bytes:
        raw = source.read(file.size + 1)  # one more, to meet a file that grows under us
        digest.update(raw)
        return Reading(digest.hexdigest(), raw) if len(raw) == file.size else _late(file)
    size = 0
    while chunk := source.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        if size > file.size:
            break
    return Reading(digest.hexdigest(), None) if size == file.size else _late(file)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | CAREFULLY)


def _late(file: ReadyFile) -> Late:
    return Late(file.name, CHANGED)


def _is_as_listed(source: BinaryIO, file: ReadyFile) -> bool:
    facts = os.fstat(source.fileno())
    now = (facts.st_size, facts.st_mtime_ns)
    return stat.S_ISREG(facts.st_mode) and now == (file.size, file.modified_ns)

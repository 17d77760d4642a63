"""
Read one listed file exactly as it was listed, or say why it must wait.

A file is read whole or not at all: size and modification time are compared with the listing before
the first byte and after the last one.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from include.intake.listing import UNREADABLE, VANISHED, ReadyFile

CHUNK_BYTES = 2**20
CHANGED = "changed"
# Never follow a link, never hang on a pipe that took the file's place since it was listed.
CAREFULLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Reading:
    """
    A file's bytes.

    raw: None when the file is larger than may be kept in memory. aside: a copy on disk of such a
    file, where it was to be kept; whoever is handed it closes it.
    """

    page_id: str
    raw: bytes | None
    aside: BinaryIO | None = None


@dataclass(frozen=True)
class Late:
    """A file that waits for the next run, and why: changed, vanished or unreadable."""

    name: str
    reason: str


def read_file(
    file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool] = lambda head: False
) -> Reading | Late:
    """
    Read and hash a file; one larger than `max_page_bytes` is hashed in pieces.

    Args:
        is_kept: says of such a file's first CHUNK_BYTES whether it is copied aside, so that what is
            read of it later is what was hashed here.
    """
    try:
        with open_file(file) as source:
            if not _is_as_listed(source, file):
                return Late(file.name, CHANGED)
            reading = _hash(source, file, max_page_bytes, is_kept)
            if _is_as_listed(source, file):
                return reading
            if isinstance(reading, Reading) and reading.aside:
                reading.aside.close()
            return Late(file.name, CHANGED)
    except FileNotFoundError:
        return Late(file.name, VANISHED)
    except OSError:
        return Late(file.name, UNREADABLE)


def open_file(file: ReadyFile) -> BinaryIO:
    """Open a listed file's bytes, wherever it lies; they may be sought."""
    return open(file.path, "rb", opener=_open)


def _hash(
    source: BinaryIO, file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool]
) -> Reading | Late:
    digest = hashlib.sha256()
    if file.size <= max_page_bytes:
        raw = source.read(file.size + 1)  # one more, to meet a file that grows under us
        digest.update(raw)
        return Reading(digest.hexdigest(), raw) if len(raw) == file.size else _late(file)
    size, aside = 0, None
    while chunk := source.read(CHUNK_BYTES):
        if not size and is_kept(chunk):
            aside = TemporaryFile()  # noqa: SIM115 - whoever is handed it closes it
        digest.update(chunk)
        size += len(chunk)
        if size > file.size:
            break
        if aside:
            aside.write(chunk)
    if aside and size != file.size:
        aside.close()
    elif aside:
        aside.seek(0)
    return Reading(digest.hexdigest(), None, aside) if size == file.size else _late(file)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | CAREFULLY)


def _late(file: ReadyFile) -> Late:
    return Late(file.name, CHANGED)


def _is_as_listed(source: BinaryIO, file: ReadyFile) -> bool:
    facts = os.fstat(source.fileno())
    now = (facts.st_size, facts.st_mtime_ns)
    return stat.S_ISREG(facts.st_mode) and now == (file.size, file.modified_ns)

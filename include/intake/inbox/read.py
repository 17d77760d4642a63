"""
Read one listed file exactly as it was listed, or say why it must wait.

A file is read whole or not at all: size and modification time are compared with the listing before
the first byte and after the last one; of an object in a store its tag too.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, BinaryIO

from include.intake.inbox.files import UNREADABLE, VANISHED, ReadyFile
from include.intake.inbox.remote import RemoteObject, fetch, read_facts

CHUNK_BYTES = 2**20
IN_MEMORY_BYTES = 8 * 2**20  # of a fetched object; a larger one lies in a temporary file
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


class FileChanged(Exception):
    """A file is no longer what was listed: what was read of it is worth nothing."""


@contextmanager
def open_listed(file: ReadyFile) -> Iterator[IO[bytes]]:
    """
    Open a listed file at its first byte, seekable. The only way to a file's bytes.

    When the block has ended without an error, what was read in it was as listed.
    Raises:
        FileChanged: before the block, or at its end. FileNotFoundError: it vanished.
        OSError: it cannot be read. StoreSilent: its store has stopped to answer.
    """
    if file.remote is None:
        with open(file.place, "rb", opener=_open) as source:
            _check(source, file)
            yield source
            _check(source, file)
        return
    with SpooledTemporaryFile(IN_MEMORY_BYTES) as copy:
        fetch(file.remote, copy)
        _check_object(file.remote, copy.tell())
        copy.seek(0)
        yield copy


def late_for(problem: FileChanged | OSError) -> str:
    """Give the reason to wait that follows from what `open_listed` raised."""
    if isinstance(problem, FileChanged):
        return CHANGED
    return VANISHED if isinstance(problem, FileNotFoundError) else UNREADABLE


def read_file(
    file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool] = lambda head: False
) -> Reading | Late:
    """
    Read and hash a file; one larger than `max_page_bytes` is hashed in pieces.

    Args:
        is_kept: says of such a file's first CHUNK_BYTES whether it is copied aside, so that what is
            read of it later is what was hashed here.
    """
    reading: Reading | Late | None = None
    try:
        with open_listed(file) as source:
            reading = _hash(source, file, max_page_bytes, is_kept)
        return reading
    except (FileChanged, OSError) as problem:
        if isinstance(reading, Reading) and reading.aside:
            reading.aside.close()
        return Late(file.name, late_for(problem))


def _hash(
    source: IO[bytes], file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool]
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


def _check(source: BinaryIO, file: ReadyFile) -> None:
    facts = os.fstat(source.fileno())
    now = (facts.st_size, facts.st_mtime_ns)
    if not stat.S_ISREG(facts.st_mode) or now != (file.size, file.modified_ns):
        raise FileChanged(file.name)


def _check_object(listed: RemoteObject, copied_bytes: int) -> None:
    """Hold a copy against the listing, and the listing against the store as it is after copying."""
    now = read_facts(listed)
    same = (now.size, now.modified_ns) == (listed.facts.size, listed.facts.modified_ns)
    retagged = None not in (now.tag, listed.facts.tag) and now.tag != listed.facts.tag
    if not same or retagged or copied_bytes != listed.facts.size:
        raise FileChanged(listed.key)

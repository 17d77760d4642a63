"""
Read a file exactly as it was listed, or return the reason why it must wait.

A file is read whole or not at all: size and modification time, and an object's ETag, are compared
with the listing before the first byte and after the last one.
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
IN_MEMORY_BYTES = 8 * 2**20  # largest fetched object kept in memory; others go to a temporary file
CHANGED = "changed"
# Do not follow a link or block on a pipe that replaced the file after it was listed.
OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True)
class Reading:
    """
    A file's bytes.

    raw: None if the file exceeds the size kept in memory. copy: a temporary copy of such a file, if
    one was asked for; the caller closes it.
    """

    page_id: str
    raw: bytes | None
    copy: BinaryIO | None = None


@dataclass(frozen=True)
class Late:
    """A file that waits for the next run, and why: changed, vanished or unreadable."""

    name: str
    reason: str


class FileChanged(Exception):
    """A file is no longer as it was listed; what was read of it is discarded."""


@contextmanager
def open_listed(file: ReadyFile) -> Iterator[IO[bytes]]:
    """
    Open a listed file at its first byte, seekable. All reading of inbox files goes through here.

    If the block ends without an error, the file was unchanged while it was read.
    Raises:
        FileChanged: on entry, or at the end of the block. FileNotFoundError: it vanished.
        OSError: it cannot be read. StoreSilent: its store stopped responding.
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
    """Return the reason to wait for an error of `open_listed`."""
    if isinstance(problem, FileChanged):
        return CHANGED
    return VANISHED if isinstance(problem, FileNotFoundError) else UNREADABLE


def read_file(
    file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool] = lambda head: False
) -> Reading | Late:
    """
    Read and hash a file; one larger than `max_page_bytes` is hashed in pieces and not kept.

    Args:
        is_kept: decides from the first CHUNK_BYTES of such a file whether to copy it to a temporary
            file, so that what is unpacked later is what was hashed here.
    """
    reading: Reading | Late | None = None
    try:
        with open_listed(file) as source:
            reading = _hash(source, file, max_page_bytes, is_kept)
        return reading
    except (FileChanged, OSError) as problem:
        if isinstance(reading, Reading) and reading.copy:
            reading.copy.close()
        return Late(file.name, late_for(problem))


def _hash(
    source: IO[bytes], file: ReadyFile, max_page_bytes: int, is_kept: Callable[[bytes], bool]
) -> Reading | Late:
    digest = hashlib.sha256()
    if file.size <= max_page_bytes:
        raw = source.read(file.size + 1)  # one more, to detect a file that grows meanwhile
        digest.update(raw)
        return Reading(digest.hexdigest(), raw) if len(raw) == file.size else _late(file)
    size, copy = 0, None
    while chunk := source.read(CHUNK_BYTES):
        if not size and is_kept(chunk):
            copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
        digest.update(chunk)
        size += len(chunk)
        if size > file.size:
            break
        if copy:
            copy.write(chunk)
    if copy and size != file.size:
        copy.close()
    elif copy:
        copy.seek(0)
    return Reading(digest.hexdigest(), None, copy) if size == file.size else _late(file)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | OPEN_FLAGS)


def _late(file: ReadyFile) -> Late:
    return Late(file.name, CHANGED)


def _check(source: BinaryIO, file: ReadyFile) -> None:
    facts = os.fstat(source.fileno())
    now = (facts.st_size, facts.st_mtime_ns)
    if not stat.S_ISREG(facts.st_mode) or now != (file.size, file.modified_ns):
        raise FileChanged(file.name)


def _check_object(listed: RemoteObject, copied_bytes: int) -> None:
    """Compare a fetched copy and the object's current attributes with the listing."""
    now = read_facts(listed)
    same = (now.size, now.modified_ns) == (listed.facts.size, listed.facts.modified_ns)
    retagged = None not in (now.tag, listed.facts.tag) and now.tag != listed.facts.tag
    if not same or retagged or copied_bytes != listed.facts.size:
        raise FileChanged(listed.key)

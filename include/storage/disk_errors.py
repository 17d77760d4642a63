"""
Say plainly what the disk refused: it is full, or it may not be written or read here.

Files are touched by Python, Arrow, Delta's writer and DuckDB, each with errors of its own. They all
carry the system's error number, or its words. Every room's edge to the disk passes through here.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import CopydeskError, DiskFull, StorageRefused
from include.storage.locations import Root

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM)
NUMBER = re.compile(r"\(os error (\d+)\)|\bcode: (\d+),")  # as Rust writes it
MAKE_ROOM = "Make room, or raise the quota ({}); the next run continues from what has landed."
ALLOW = "Give this user access to it ({}); the next run continues from what has landed."


@contextmanager
def translate_disk_errors(thing: str, place: Path | Root) -> Iterator[None]:
    """
    Translate what the disk refuses while the block runs; every other error passes as it is.

    Args:
        thing, place: named in the error, unless the system names a file itself.
    Raises:
        DiskFull: no space, no quota, or a file above the size allowed.
        StorageRefused: a read-only file system, or a permission that is missing.
    """
    try:
        yield
    except CopydeskError:
        raise
    except Exception as exc:
        number = _number_of(exc)
        told = getattr(exc, "filename", None)
        where = str(place if told is None else told)
        if number in FULL:
            raise DiskFull(thing, where, MAKE_ROOM.format(os.strerror(number))) from exc
        if number in REFUSED:
            raise StorageRefused(thing, where, ALLOW.format(os.strerror(number))) from exc
        raise


def _number_of(error: Exception) -> int:
    """Find the system's error number: an attribute, a number in the text, or its words there."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    text = str(error)
    if found := NUMBER.search(text):
        return int(found[1] or found[2])
    return next((n for n in (*FULL, *REFUSED) if text.rstrip().endswith(os.strerror(n))), 0)

"""
Translate a full disk or a missing permission into errors that say so.

Python, Arrow, Delta's writer and DuckDB access files, and each has its own errors. All of them have
the system's error number, or its message. Every room that accesses the disk uses this.
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
NUMBER = re.compile(r"\(os error (\d+)\)|\bcode: (\d+),")  # in messages from Rust
MAKE_ROOM = "Make room, or raise the quota ({}); the next run continues from what has landed."
ALLOW = "Give this user access to it ({}); the next run continues from what has landed."


@contextmanager
def translate_disk_errors(thing: str, place: Path | Root) -> Iterator[None]:
    """
    Translate errors of the disk that the block raises; all others pass unchanged.

    Args:
        thing, place: for the message; if the system names a file, it replaces `place`.
    Raises:
        DiskFull: no space, no quota, or a file above the size limit.
        StorageRefused: a read-only file system, or a missing permission.
    """
    try:
        yield
    except CopydeskError:
        raise
    except Exception as exc:
        number = _number_of(exc)
        file = getattr(exc, "filename", None)
        where = str(place if file is None else file)
        if number in FULL:
            raise DiskFull(thing, where, MAKE_ROOM.format(os.strerror(number))) from exc
        if number in REFUSED:
            raise StorageRefused(thing, where, ALLOW.format(os.strerror(number))) from exc
        raise


def _number_of(error: Exception) -> int:
    """Find the system's error number: an attribute, or a number or message in the text; else 0."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    text = str(error)
    if match := NUMBER.search(text):
        return int(match[1] or match[2])
    return next((n for n in (*FULL, *REFUSED) if text.rstrip().endswith(os.strerror(n))), 0)

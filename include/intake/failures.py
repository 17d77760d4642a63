"""
Turn whatever a parser raises into a reason, so that no file, member or record ends a run.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

from include.errors import CopydeskError
from include.storage.disk_errors import translate_disk_errors

# What the machine refuses to anything that runs on it: no fault of the file that is read.
MACHINE = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.EMFILE, errno.ENFILE,
)  # fmt: skip


class Stopped(Exception):
    """
    A file cannot be read further: damaged, or at a limit. Caught within `intake`.

    is_after_end: what precedes is complete; only bytes that do not belong to it follow.
    """

    def __init__(self, reason: str, is_after_end: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.is_after_end = reason, is_after_end


@contextmanager
def stop_if_broken(what: str) -> Iterator[None]:
    """
    Translate whatever a parser raises into `Stopped`; `what` names the format.

    What concerns the run and not the file passes: a full disk, too many open files.
    """
    try:
        yield
    except (Stopped, CopydeskError):
        raise
    except Exception as exc:
        if isinstance(exc, OSError) and exc.errno in MACHINE:
            with translate_disk_errors("temporary folder", Path(gettempdir())):
                raise
        raise Stopped(name_failure(what, exc)) from exc


def name_failure(what: str, exc: BaseException) -> str:
    """Return the reason to reject what a parser could not read."""
    if isinstance(exc, EOFError):
        return f"cut_off:{what}"
    if isinstance(exc, MemoryError):
        return f"too_large:{what}"
    text = str(exc)[:1000]
    is_cut = "runcated" in text or "unexpected end" in text
    return f"{'cut_off' if is_cut else 'broken'}:{what}"

"""
Keep what Copydesk writes from other users of the machine: stories may not be passed on, and
Airflow's folder holds its admin's password.

Everything that is started here makes files for their owner alone. Access that an owner has granted
by an access control list (`setfacl`) is left as it is, but never to Airflow's folder. Inboxes are
not ours, and stay as they are.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

UMASK = 0o077
ACL = "system.posix_acl_access"


def make_private(home: Path, sealed: Path, spare: Collection[Path] = ()) -> int:
    """
    Set this process's umask, and end others' access to what is in `home`; return to how many paths.

    The mode of `home` itself stays: an inbox that others write to may lie in it.

    Args:
        sealed: Airflow's folder, in which an access control list counts for nothing.
        spare: files and folders that keep their modes, with all that is in them.
    """
    os.umask(UMASK)
    spared = {path.resolve() for path in spare}
    return sum(_close(path, path.is_relative_to(sealed)) for path in _walk(home, spared))


def _walk(folder: Path, spare: Collection[Path]) -> Iterator[Path]:
    """Yield what a folder holds, folders before their content; links are not followed."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.is_symlink() or path.resolve() in spare:
                continue
            yield path
            if entry.is_dir():
                yield from _walk(path, spare)


def _close(path: Path, is_sealed: bool) -> bool:
    """End the group's and others' access to a path; return whether they had any."""
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
        if not mode & UMASK or (_has_acl(path) and not is_sealed):
            return False
        path.chmod(mode & ~UMASK)
    except (FileNotFoundError, PermissionError):  # gone by now, or another user's
        return False
    return True


def _has_acl(path: Path) -> bool:
    if not hasattr(os, "listxattr"):  # macOS
        return False
    try:
        return ACL in os.listxattr(path, follow_symlinks=False)
    except OSError:  # this file system keeps none
        return False

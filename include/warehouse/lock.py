"""
Locks around publishing: one publisher at a time, and none while a process has the file open for
writing. Both waits end after a few seconds.
"""

from __future__ import annotations

import fcntl
import logging
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import WarehouseHeld
from include.storage.disk_errors import translate_disk_errors

# `struct flock`: type, whence, start, length, pid on Linux; start, length, pid, type, whence on Mac
ON_MAC = sys.platform == "darwin"
FLOCK = "qqihh" if ON_MAC else "hhqqi4x"
PATIENCE_S = 10.0  # publishing takes about a second; a person with the file open takes longer
PAUSE_S = 0.1
PUBLISH = "The new rows are safe in the lake; the next run, or publishing again, adds them here."
ASK_AGAIN = "Then ask again."

log = logging.getLogger("copydesk.warehouse")


@contextmanager
def hold_publishing(target: Path, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """
    Hold the lock on publishing `target` while the block runs.

    Raises:
        WarehouseHeld: another process kept publishing for `patience_s` seconds; nothing is lost,
        since the lake holds the rows.
        DiskFull, StorageRefused: the block could not write to the file's folder.
    """
    with translate_disk_errors("warehouse", target):
        target.parent.mkdir(parents=True, exist_ok=True)
        path = target.with_name(f".{target.name}.lock")
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not _wait_until(lambda: _is_locked(handle), patience_s):
                holder = path.read_text(encoding="ascii").strip() or "unknown"
                way_out = f"Process {holder} is publishing; publish again when it is done."
                raise WarehouseHeld("warehouse", str(target), way_out)
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)


def find_writer(path: Path) -> int | None:
    """
    Return the id of the process that has a DuckDB file open for writing, or None.

    None as well where the file does not exist or only readers have it open.

    Opening and closing the file drops this process's own POSIX locks on it, so never call this
    while a connection of this process has it open for writing.
    """
    if not path.exists():
        return None
    query = (0, 0, 0, fcntl.F_RDLCK, 0) if ON_MAC else (fcntl.F_RDLCK, 0, 0, 0, 0)
    with path.open("rb") as file:
        lock = struct.unpack(FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, struct.pack(FLOCK, *query)))
    kind, holder = (lock[3], lock[2]) if ON_MAC else (lock[0], lock[4])
    return None if kind == fcntl.F_UNLCK else int(holder)


def refuse_writer(path: Path, after_s: float = 0.0, then: str = PUBLISH) -> None:
    """
    Raise `WarehouseHeld` if a process keeps the file open for writing for `after_s` seconds.

    Args:
        then: last sentence of the message: what to do once the file is closed.
    """
    writer = find_writer(path)
    if writer is None:
        return
    holder = f"Process {writer}" if writer > 0 else "A process of another container"
    if after_s:
        log.warning("%s has %s open for writing; waiting %g s for it.", holder, path, after_s)
    if not _wait_until(lambda: find_writer(path) is None, after_s):
        way_out = (
            f"{holder} has it open for writing. Close it there, and open it read-only (`duckdb "
            f"-readonly`). {then}"
        )
        raise WarehouseHeld("warehouse", str(path), way_out)


def _wait_until(condition: Callable[[], bool], patience_s: float) -> bool:
    """Poll until the condition holds; return False if it does not within `patience_s` seconds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE_S)
    return True


def _is_locked(handle: int) -> bool:
    """Try to lock an open file; return whether this process now holds the lock."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""
The lake's lock: only its holder may commit. The kernel releases it when the holder dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import LakeLocked
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

PATIENCE_S = 10.0  # a landing of some thousand pages takes about one second
PAUSE_S = 0.05
WRITERS = ".lock"  # its holder may commit
ANALYSIS = ".analysis.lock"  # its holder lands an analysis, and takes `WRITERS` for each commit


@contextmanager
def hold_lake(root: Root, patience_s: float = PATIENCE_S, name: str = WRITERS) -> Iterator[None]:
    """
    Hold a lock of the lake while the block runs; the folder is created if absent.

    A lake in an object store is locked in a folder of this machine; other machines do not see it.

    Raises:
        LakeLocked: another process held the lock for `patience_s` seconds.
        DiskFull, StorageRefused: the block could not write or read the lake.
    """
    folder = root if isinstance(root, Path) else root.lock
    with translate_disk_errors("lake", root):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _wait_for(handle, path, patience_s)
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(handle)


def _wait_for(handle: int, path: Path, patience_s: float) -> None:
    """Take the lock, or raise `LakeLocked` with the holder's process id."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if time.monotonic() < deadline:
                time.sleep(PAUSE_S)
                continue
            holder = path.read_text(encoding="ascii").strip() or "unknown"
            way_out = f"Process {holder} holds the lock; try again when it is done."
            raise LakeLocked("lake", str(path), way_out) from exc
        return

"""
The lake's lock: only its holder may commit.

A file of this machine, which the kernel unlocks when the holder dies. A lake in an object store has
writers on other machines too: they hold a lease in the store (`lease`), and the file first, so that
the processes of one machine do not compete in the store.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from include.errors import LakeLocked
from include.lake.delta.fence import fence_tables
from include.lake.delta.lease import LEASE_S, WRITERS, hold_lease
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

PATIENCE_S = 10.0  # a landing of some thousand pages takes about one second
STORE_PATIENCE_S = 3 * LEASE_S  # long enough to outlive a holder that died
PAUSE_S = 0.05
ANALYSIS = "analysis"  # its holder lands an analysis, and takes `WRITERS` for each commit
FILES = {WRITERS: ".lock", ANALYSIS: ".analysis.lock"}


@contextmanager
def hold_lake(root: Root, patience_s: float | None = None, name: str = WRITERS) -> Iterator[None]:
    """
    Hold a lock of the lake while the block runs; the folder is created if absent.

    Args:
        patience_s: None: PATIENCE_S, or STORE_PATIENCE_S for a lake in a store.
    Raises:
        LakeLocked: another process held the lock for `patience_s` seconds, or took it over.
        DiskFull, StorageRefused: the block could not write or read the lake.
        StoreRefused, StoreSilent: the store denies access, or does not answer.
    """
    if patience_s is None:
        patience_s = PATIENCE_S if isinstance(root, Path) else STORE_PATIENCE_S
    with _hold_file(root, patience_s, FILES[name]):
        if isinstance(root, Path):
            yield
            return
        with hold_lease(root, name, patience_s) as lease:
            if lease.is_taken_over and name == WRITERS:
                fence_tables(root, lease.number)
            lease.is_taken_over = False
            yield


@contextmanager
def _hold_file(root: Root, patience_s: float, name: str) -> Iterator[None]:
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

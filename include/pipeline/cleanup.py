"""
Remove what killed runs left in the folder of receipts: at once if their lock is free, else by age.

A run at a terminal holds a lock in its folder; the kernel releases it when the run is killed, and
no later run resumes the folder. An Airflow run may be cleared days later, and a person may inspect
what a closed gate kept: those are removed by age.
"""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from include.pipeline.receipts import CLOSED, GATE
from include.storage.disk_errors import translate_disk_errors
from include.storage.frames import drop_frames

HELD = ".held"
KEEP_FRAMES = timedelta(days=7)  # time to inspect what a closed gate kept
ASKED_AFTER = timedelta(days=1)  # an answer in the last minute must still be carried out
KEEP_DAYS = 30.0  # of receipts: the trigger scans all their folders every few seconds
SHELF = "tending"  # holds the evidence for the chrome book; it belongs to no run


@contextmanager
def hold_run(folder: Path) -> Iterator[None]:
    """
    Lock a run's folder of receipts while the block runs.

    If the block succeeds, the lock file is removed, so `drop_leftovers` leaves the folder alone.
    """
    with translate_disk_errors("receipts", folder):
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / HELD).open("w")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        (folder / HELD).unlink(missing_ok=True)


def drop_leftovers(
    receipts: Path, now: datetime, keep_days: float = KEEP_DAYS, asked_s: float = 0.0
) -> None:
    """
    Remove frames and partly written files that no run will resume, and receipts that are old.

    Frames go at once if the run locked its folder and died, unless its gate closed; else by age.

    Args:
        asked_s: how long a run may wait for a person's answer, after which it resumes its files.
    """
    asked = timedelta(seconds=asked_s) + ASKED_AFTER
    with translate_disk_errors("receipts", receipts):
        for folder in receipts.iterdir() if receipts.is_dir() else ():
            if folder.name == SHELF or not folder.is_dir():
                continue
            age = _age_of(folder, now)
            if age > max(timedelta(days=keep_days), asked):
                shutil.rmtree(folder, ignore_errors=True)
            elif age > max(KEEP_FRAMES, asked) or _is_dead(folder):
                drop_frames(folder)
                for aside in folder.glob(".*"):
                    aside.unlink(missing_ok=True)


def _age_of(folder: Path, now: datetime) -> timedelta:
    """Give the time since a folder was last written to; negative if the clock was set back."""
    written = (path.stat().st_mtime for path in (folder, *folder.iterdir()) if path.exists())
    return timedelta(seconds=now.timestamp() - max(written, default=now.timestamp()))


def _is_dead(folder: Path) -> bool:
    """Say whether a run locked its folder and died, other than by its gate closing."""
    path = folder / HELD
    is_closed = (folder / CLOSED).exists() and not (folder / GATE).exists()  # not opened since
    if is_closed or not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True

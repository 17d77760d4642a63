"""
What runs leave behind when they die: found by a lock that dies with them, or by age, and removed.

A run at a terminal holds a lock in its folder of receipts; the kernel lets go of it when the run is
killed, and no later run goes on with the folder. A run of Airflow may be cleared days later, and a
person may look at what a closed gate kept: those go by age.
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
KEEP_FRAMES = timedelta(days=7)  # long enough to look at what a closed gate kept
ASKED_AFTER = timedelta(days=1)  # an answer in the last minute is still to be carried out
KEEP_DAYS = 30.0  # of receipts: the trigger looks through all of them every few seconds
SHELF = "tending"  # the evidence of the chrome book, not a run's


@contextmanager
def hold_run(folder: Path) -> Iterator[None]:
    """
    Say for as long as the block runs that a run works in its folder of receipts.

    A block that ends well leaves nothing that `drop_leftovers` should look at.
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
    Remove what no run will go on with: frames and files half written, in the end the receipts.

    At once where the run held its folder and is dead, unless its gate closed; else by age.
    Args:
        asked_s: how long a run may wait for a person's answer; it goes on with all of this then.
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
    """Give how long nothing was written into a folder; a clock set back makes nothing old."""
    written = (path.stat().st_mtime for path in (folder, *folder.iterdir()) if path.exists())
    return timedelta(seconds=now.timestamp() - max(written, default=now.timestamp()))


def _is_dead(folder: Path) -> bool:
    """Say whether a run held its folder, holds it no more, and was not stopped by its gate."""
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

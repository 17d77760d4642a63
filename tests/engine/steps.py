"""Steps that workers of a test import: each does to its process what a bad batch might."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from include.errors import DiskFull


def double(number: int) -> int:
    return 2 * number


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def die_at_three(number: int) -> int:
    """Kill the worker each time that it gets a three."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(path: Path) -> str:
    """Kill the worker the first time that it gets a path."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return path.name
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def dawdle_once(path: Path) -> str:
    """Take a minute the first time that a path named `slow` comes, as on a failing disk."""
    if path.name == "slow":
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            return "second try"
        time.sleep(120)
    return path.name


def fill_the_disk(number: int) -> int:
    raise DiskFull("lake", "/data", "Make room.")


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number

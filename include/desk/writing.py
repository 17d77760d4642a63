"""
Carry out what people decide: one change at a time, each in a process of its own.

Judging a page loads Great Expectations, which takes 260 MB and up to 10 s to import; the
process ends with the change, so that the server stays small.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from include.errors import LakeLocked, WorkerLost

Result = TypeVar("Result")
PATIENCE_S = 120.0  # a browser gives up after about five minutes; a change takes about ten seconds


class WriteQueue:
    """Runs one change at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def run(self, change: Callable[..., Result], *values: object) -> Result:
        """
        Run a function of a module in a new process; return its result.

        Raises:
            LakeLocked: other changes took too long. WorkerLost: the process was killed.
        """
        if not self._lock.acquire(timeout=PATIENCE_S):
            raise LakeLocked(
                "change", change.__name__, "Other changes are being saved; try again soon."
            )
        try:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                return pool.submit(change, *values).result()
        except BrokenProcessPool as exc:
            raise WorkerLost(
                "change", change.__name__, "Check the memory of the machine, then try again."
            ) from exc
        finally:
            self._lock.release()

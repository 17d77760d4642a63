"""
Worker processes that run steps, raise errors that can be pickled, and end with their parent.

A worker waits for work on a pipe, so one whose parent was killed would wait for ever, with 300 to
440 MB each.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from multiprocessing.util import Finalize
from typing import Any, TypeVar

from include.errors import CopydeskError, WorkerLost
from include.telemetry import export, signals

PR_SET_PDEATHSIG = 1  # of Linux
POLL_S = 1.0
LOST = (
    "It was killed, perhaps because memory ran out. Try again, with fewer --workers if it recurs."
)
T = TypeVar("T")


class Workers:
    """Processes of one pool; `open_workers` makes it."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, step: Callable[..., T], *arguments: Any) -> T:
        """Run one step in a worker and return its result."""
        with _translate_loss(step):
            return self._pool.submit(_run, step, *arguments).result()

    def map(self, step: Callable[..., T], items: Iterable[Any]) -> list[T]:
        """Run a step for each item, in as many workers as there are; return results in order."""
        with _translate_loss(step):
            running = [self._pool.submit(_run, step, item) for item in items]
            return [future.result() for future in running]


@contextmanager
def open_workers(count: int) -> Iterator[Workers]:
    """
    Start up to `count` worker processes, which end, and free their memory, with the block.

    They send metrics and traces if this process does.

    Raises:
        WorkerLost: a worker ended before its step did.
    """
    # spawn: Polars' threads do not survive a fork
    context = get_context("spawn")
    with ProcessPoolExecutor(count, context, _begin, (os.getpid(), signals.is_on())) as pool:
        try:
            yield Workers(pool)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what has begun ends; no more begins
            raise


def _begin(parent: int, is_measured: bool) -> None:
    end_with_parent(parent)
    if is_measured:
        export.start()
        Finalize(None, export.finish, exitpriority=1)  # `atexit` does not run in such processes


def name_step(step: Callable[..., object]) -> str:
    """Return the name of a step, which may be a `partial`."""
    while isinstance(step, partial):
        step = step.args[0] if callable(next(iter(step.args), None)) else step.func
    return str(getattr(step, "__name__", step))


def end_with_parent(parent: int) -> None:
    """Arrange that this process is killed when its parent ends, however that ends."""
    if sys.platform == "linux":
        # the kernel sends it when the thread ends that started this process: the main one
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before the kernel was asked
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_S)
    os._exit(1)


def _run(step: Callable[..., T], *arguments: Any) -> T:
    """Run a step in the worker; an error that cannot be pickled is raised as its words."""
    try:
        return step(*arguments)
    except CopydeskError:
        raise
    except Exception as exc:
        try:
            pickle.loads(pickle.dumps(exc))
        except Exception:
            raise RuntimeError(f"{type(exc).__name__}: {exc}") from exc
        raise


@contextmanager
def _translate_loss(step: Callable[..., object]) -> Iterator[None]:
    try:
        yield
    except BrokenProcessPool as exc:
        raise WorkerLost("worker process", name_step(step), LOST) from exc

"""
The engine of this machine: worker processes, which end with each map and free their memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from include.engine.outcomes import Failed, map_apart
from include.engine.workers import open_workers
from include.errors import CopydeskError

T = TypeVar("T")


class Here:
    """The engine that calls steps in this very process, one after another."""

    def map(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        """Call a step for each item; return results and failures in order."""
        return [attempt(step, item) for item in items]


@dataclass(frozen=True)
class Local:
    """workers: processes at a time."""

    workers: int = 1

    def map(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        """Call a step for each item, in processes; return results and failures in order."""
        return map_apart(partial(self._run, step), items) if items else []

    def _run(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        with open_workers(min(self.workers, len(items))) as workers:
            return workers.map(partial(attempt, step), items)


def attempt(step: Callable[[Any], T], item: Any) -> T | Failed:
    """
    Call a step; return `Failed` for an error that may be the item's.

    Raises:
        CopydeskError: an error of ours is never the item's: a full disk, a busy lake.
    """
    try:
        return step(item)
    except CopydeskError:
        raise
    except Exception as exc:
        return Failed(item, f"{type(exc).__name__}: {exc}")

"""
What becomes of the items of a map: a result, or the reason why there is none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from include.errors import WorkerLost

MOST_TRIES = 64  # of maps that lose a worker; one bad item among 10,000 is found in 14
T = TypeVar("T")
log = logging.getLogger("copydesk.engine")


@dataclass(frozen=True)
class Failed:
    """An item that a step failed on; the other items are done. reason: the error, as text."""

    item: Any
    reason: str


def map_apart(
    run: Callable[[Sequence[Any]], list[T | Failed]], items: Sequence[Any]
) -> list[T | Failed]:
    """
    Run a map; if it loses a worker, run it in halves, down to the items that always lose one.

    Raises:
        WorkerLost: every item lost its worker, or too many: the fault is not an item's.
    """
    tries = [0]
    outcomes = _map_halves(run, items, tries)
    if items and all(isinstance(outcome, Failed) for outcome in outcomes) and tries[0] > 1:
        last = outcomes[-1]
        assert isinstance(last, Failed)
        raise WorkerLost("engine", f"{len(items)} items", f"None could be done: {last.reason}")
    return outcomes


def _map_halves(
    run: Callable[[Sequence[Any]], list[T | Failed]], items: Sequence[Any], tries: list[int]
) -> list[T | Failed]:
    tries[0] += 1
    try:
        return run(items)
    except WorkerLost as lost:
        if tries[0] >= MOST_TRIES:
            raise
        if len(items) == 1:
            log.error("set aside, as it lost its worker: %s", items[0])
            return [Failed(items[0], str(lost))]
    half = len(items) // 2
    return [
        *_map_halves(run, items[:half], tries),
        *_map_halves(run, items[half:], tries),
    ]


def demand_all(outcomes: Sequence[T | Failed]) -> list[T]:
    """
    Return the results, where no item may be left out.

    Raises:
        WorkerLost: an item failed; the first one is named.
    """
    results: list[T] = []
    for outcome in outcomes:
        if isinstance(outcome, Failed):
            raise WorkerLost("item", str(outcome.item), f"It failed: {outcome.reason} Try again.")
        results.append(outcome)
    return results

"""
Array operations over lines, for all pages of a batch at once. Nothing here knows what a line is.

Arrays are parallel, one entry per line, in page order. `first` and `last` hold, for each line, the
index of its page's first and last line.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]  # hashes
Table = dict[str, np.ndarray]  # one array per column: n small whole numbers or bools
STEPS = np.array(sorted({math.isqrt(math.isqrt(1 << k)) for k in range(2, 81)}))
SHARES = 32  # shares are given in 32nds
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio, odd: multiplying loses no bits
FEW = 15  # counts of copies, similar lines and blank lines are capped here


@dataclass(frozen=True)
class Matrix:
    """The features of n lines in the table's order; rows are stacked on access."""

    table: Table

    def __len__(self) -> int:
        """Return n."""
        return len(next(iter(self.table.values())))

    def __getitem__(self, rows: slice | Ints) -> Ints:
        """Give some rows as a matrix, m × d."""
        return np.stack([column[rows] for column in self.table.values()]).T


@dataclass(frozen=True)
class Ground:
    """Each line's page number, its page's first and last line index, and its own index."""

    page: Ints
    first: Ints
    last: Ints
    ids: Ints


def find_ground(page: NDArray[Any]) -> Ground:
    """Locate lines on their pages; page numbers ascend."""
    page = page.astype(np.int64)
    first, last = page_bounds(page)
    return Ground(page, first, last, np.arange(len(page)))


def page_bounds(page: Ints) -> tuple[Ints, Ints]:
    """Give each line's page's first and last line index; `page` ascends."""
    n = len(page)
    starts = np.flatnonzero(np.r_[True, page[1:] != page[:-1]][:n])
    which = np.cumsum(np.r_[True, page[1:] != page[:-1]][:n]) - 1
    ends = np.r_[starts[1:], n] - 1
    return (starts[which], ends[which]) if n else (page, page)


def keys_within(keys: Keys, groups: NDArray[Any]) -> Keys:
    """Give hashes that are equal where both key and group (a page, an outlet) are."""
    return keys ^ (groups.astype(np.uint64) * SPREAD)


def last_where(mask: Bools, first: Ints) -> Ints:
    """Give, for each line, the nearest line at or before it where mask holds; -1 for none."""
    at = np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1)) if len(mask) else first
    return np.where(at >= first, at, -1)


def next_where(mask: Bools, last: Ints) -> Ints:
    """Give, for each line, the nearest line at or after it where mask holds; -1 for none."""
    n = len(mask)
    if not n:
        return last
    at = np.minimum.accumulate(np.where(mask, np.arange(n), n)[::-1])[::-1]
    return np.where(at <= last, at, -1)


def before(values: NDArray[Any], first: Ints, steps: int = 1, fill: Any = False) -> NDArray[Any]:
    """Shift values down: each line gets that of the line `steps` above on its page, or `fill`."""
    moved = np.roll(values, steps)
    return np.where(np.arange(len(values)) - steps >= first, moved, fill)


def after(values: NDArray[Any], last: Ints, steps: int = 1, fill: Any = False) -> NDArray[Any]:
    """Shift values up: each line gets that of the line `steps` below on its page, or `fill`."""
    moved = np.roll(values, -steps)
    return np.where(np.arange(len(values)) + steps <= last, moved, fill)


def run_ids(breaks: Bools) -> Ints:
    """Number runs from 0: a run begins where `breaks` holds, and at the first line."""
    return np.cumsum(np.r_[True, breaks[1:]][: len(breaks)]) - 1


def sum_over(values: NDArray[Any], group: Ints) -> Ints:
    """Give each line the sum of `values` over its group; groups are numbered from 0."""
    if not len(group):
        return group
    return np.bincount(group, weights=values)[group].astype(np.int64)


def in_steps(values: np.ndarray) -> Ints:
    """Put whole numbers ≥ 0 on a log scale, four steps per doubling: 0 → 0, 2 → 4, 4 → 8."""
    return np.searchsorted(STEPS, values, side="right")


def in_shares(part: np.ndarray, whole: np.ndarray) -> Ints:
    """Give part / whole in 32nds, rounded down; a whole of 0 counts as 1."""
    return part.astype(np.int64) * SHARES // np.maximum(whole.astype(np.int64), 1)


def add_up(values: np.ndarray) -> Ints:
    """Give the n + 1 exclusive prefix sums."""
    return np.r_[0, np.cumsum(values.astype(np.int64))]

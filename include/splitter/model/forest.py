"""
Evaluate decision trees with whole-number thresholds and leaves, so that every machine agrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import Bools, Ints

AT_ONCE = 128  # rows evaluated together: rows × trees stay in the cache
VALUE_STEPS = 4096  # units per 1.0 of log odds
MANY = 3000  # rows from which whole columns are compared; below, the calls cost more than they save
DEEPEST = 8  # levels of a tree whose leaf codes fit in a byte
COLUMN_ROWS = 1 << 14  # rows of a column compared at once; with 8,192 a seventh slower

Bytes = NDArray[np.uint8]


class Split(NamedTuple):
    """
    An inner node: rows whose feature exceeds `limit` go to `high`; None stands for a leaf.

    bit: above every leaf code below `low`; added to those below `high`.
    """

    feature: int
    limit: int
    low: Split | None
    high: Split | None
    bit: int


@dataclass(frozen=True)
class Forest:
    """
    t trees of at most m nodes; node 0 is the root, and a leaf points to itself.

    feature, limit, low, high: t × m; a row goes to `low` if its feature is at most `limit`, else to
    `high`. value: t × m; what a leaf adds to the score, in 4096ths. depth: 1.
    """

    feature: NDArray[np.int16]
    limit: NDArray[np.int32]
    low: NDArray[np.uint8]
    high: NDArray[np.uint8]
    value: NDArray[np.int16]
    depth: NDArray[np.int16]

    @cached_property
    def splits(self) -> list[tuple[Split | None, NDArray[np.int32]]]:
        """Each tree's root, and the values of its leaves by their codes."""
        trees = []
        for number in range(len(self.feature)):
            root, values = self._build(number, 0)
            trees.append((root, np.array(values, dtype=np.int32)))
        return trees

    def _build(self, tree: int, node: int) -> tuple[Split | None, list[int]]:
        """Give the node's split and the values below it, by leaf code; unused codes have 0."""
        low, high = int(self.low[tree, node]), int(self.high[tree, node])
        if low == node:
            return None, [int(self.value[tree, node])]
        (below, low_values), (above, high_values) = self._build(tree, low), self._build(tree, high)
        bit = max(len(low_values), len(high_values))  # lengths are powers of two
        values = low_values + [0] * (bit - len(low_values)) + high_values
        feature, limit = int(self.feature[tree, node]), int(self.limit[tree, node])
        return Split(feature, limit, below, above, bit), values + [0] * (2 * bit - len(values))


def sum_trees(rows: Ints, forest: Forest) -> Ints:
    """Give each of n rows its score: log odds in 4096ths."""
    is_worth_it = len(rows) >= MANY and int(forest.depth[0]) <= DEEPEST
    return _compare_columns(rows, forest) if is_worth_it else _walk(rows, forest)


def _walk(rows: Ints, forest: Forest) -> Ints:
    """Give the scores by walking down all trees, row by row."""
    trees, nodes = forest.feature.shape
    base = (np.arange(trees) * nodes).astype(np.int32)
    feature, limit = forest.feature.ravel().astype(np.int32), forest.limit.ravel()
    on = np.stack([forest.high, forest.low], axis=2).astype(np.int32) + base[:, None, None]
    on, value = on.ravel(), forest.value.ravel().astype(np.int32)
    scores = np.zeros(len(rows), dtype=np.int64)
    for begin in range(0, len(rows), AT_ONCE):
        some = np.minimum(rows[begin : begin + AT_ONCE], np.iinfo(np.int32).max).astype(np.int32)
        flat = some.ravel()
        own = (np.arange(len(some), dtype=np.int32) * rows.shape[1])[:, None]
        node = np.broadcast_to(base, (len(some), trees))
        for _ in range(int(forest.depth[0])):
            is_low = flat.take(feature.take(node) + own) <= limit.take(node)
            node = on.take(2 * node + is_low)
        scores[begin : begin + AT_ONCE] = value.take(node).sum(axis=1)
    return scores


def _compare_columns(rows: Ints, forest: Forest) -> Ints:
    """
    Give the scores by comparing whole columns at every split, and combining the outcomes as bytes.

    All splits are compared, not only those on a row's path, but without an index for each row:
    40,000 rows take 0.4 of the time of `_walk`.
    """
    scores = np.zeros(len(rows), dtype=np.int64)
    for begin in range(0, len(rows), COLUMN_ROWS):
        columns = [_narrow(column) for column in rows[begin : begin + COLUMN_ROWS].T]
        for root, values in forest.splits:
            part = scores[begin : begin + COLUMN_ROWS]
            part += values.take(_find_leaves(columns, root), mode="clip") if root else values[0]
    return scores


def _narrow(column: Ints) -> NDArray[np.int32]:
    """Give a column in half the bytes, contiguous; larger values count as the largest."""
    return np.minimum(column, np.iinfo(np.int32).max).astype(np.int32)


def _find_leaves(columns: list[NDArray[np.int32]], split: Split) -> Bytes:
    """Give the code of each row's leaf below a split."""
    outcome: Bools = columns[split.feature] > split.limit
    goes_high = outcome.view(np.uint8)
    if split.low is None and split.high is None:
        return goes_high  # codes 0 and 1
    mask = np.negative(goes_high, out=goes_high)
    if split.high is None:
        mask &= split.bit
        above = mask
    else:
        above = _find_leaves(columns, split.high)
        above |= split.bit
        above &= mask
    if split.low is None:
        return above
    below = _find_leaves(columns, split.low)
    return np.maximum(below, above, out=above)  # codes below `high` are higher than any below `low`

"""
Evaluate decision trees with whole-number thresholds and leaves, so that every machine agrees.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import Ints

AT_ONCE = 128  # rows evaluated together: rows × trees stay in the cache
VALUE_STEPS = 4096  # units per 1.0 of log odds


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


def sum_trees(rows: Ints, forest: Forest) -> Ints:
    """Give each of n rows its score: log odds in 4096ths."""
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

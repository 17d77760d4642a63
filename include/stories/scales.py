"""
Put sizes, distances and shares on small whole numbers, which every machine rounds alike.
"""

import math

import numpy as np

from include.stories.spans import Ints

Table = dict[str, np.ndarray]  # a column a name: n small whole numbers or bools

STEPS = np.array(sorted({math.isqrt(math.isqrt(1 << k)) for k in range(2, 81)}))
SHARES = 32  # shares are told in 32nds
FEW = 15  # more copies, lines of a signature or blank lines than this say no more


def in_steps(values: np.ndarray) -> Ints:
    """Give whole numbers ≥ 0 in quarter octaves: 0 for 0 … 4 for 2, 8 for 4 and so on."""
    return np.searchsorted(STEPS, values, side="right")


def in_shares(part: np.ndarray, whole: np.ndarray) -> Ints:
    """Give part of whole in 32nds, rounded down; 0 of nothing."""
    return part.astype(np.int64) * SHARES // np.maximum(whole.astype(np.int64), 1)


def add_up(values: np.ndarray) -> Ints:
    """Give n + 1 sums: of all values before each place."""
    return np.r_[0, np.cumsum(values.astype(np.int64))]

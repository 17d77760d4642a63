"""
Compute how likely chance alone is to move a figure as far as it moved.

Each test takes two samples, this run and the earlier runs, as draws from one population, and gives
the probability of a difference at least as large. Small runs therefore need large differences; no
test assumes many stories.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import fsum, sqrt

import numpy as np

from include.quality.gate.figures import Value

# A run makes about six independent comparisons, so fewer than 1 healthy run in 1,000 meets one.
MAX_CHANCE = 1e-4
FIRST_DRAWS = 99  # of a permutation test; nearly every healthy run is decided by them
SEED = 20261129  # any: the same figures must give the same verdict when a step runs again

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Index = Callable[[Counts, Counts], Floats]


def chance_of_share(now: Value, before: Sequence[Value], sided: str = "two-sided") -> float:
    """
    Give the probability that two shares of one population differ as much as these.

    Args:
        sided: `two-sided`, or `greater` if a lower share is no defect.
    Source: Fisher's exact test of the stories now against all earlier stories together.
    """
    from scipy.stats import fisher_exact

    hits, hits_before = _count(now), sum(_count(value) for value in before)
    counted_before = sum(value.counted for value in before)
    rows = [[hits, now.counted - hits], [hits_before, counted_before - hits_before]]
    return float(fisher_exact(rows, sided)[1])


def chance_of_rate(now: Value, before: Sequence[Value]) -> float:
    """
    Give the probability that two rates per page of one population differ as much as these.

    The larger of two probabilities: that of counting alone (stories fall on pages at random), and
    that of a further run which varies per page as the earlier runs did among themselves.
    Source: Przyborowski & Wilenski 1940, the exact comparison of two Poisson means; Student's t of
    a prediction from means weighted by their pages.
    """
    from scipy.stats import binomtest, t

    pages = sum(value.counted for value in before)
    count, count_before = _count(now), sum(_count(value) for value in before)
    if not count + count_before:
        return 1.0
    share = now.counted / (now.counted + pages)
    by_counting = float(binomtest(count, count + count_before, share).pvalue)
    mean = count_before / pages
    squares = fsum(value.counted * (value.value - mean) ** 2 for value in before)
    free = len(before) - 1
    if not squares or not free:
        return by_counting
    error = sqrt(squares / free * (1 / now.counted + 1 / pages))
    return max(by_counting, 2 * float(t.sf(abs(now.value - mean) / error, free)))


def exceeds_chance(now: Counts, before: Counts, index: Index) -> bool:
    """
    Tell whether chance gives a smaller index in all but `MAX_CHANCE` of the ways to draw this run.

    Draws this run's stories at random from all stories, now and before, and stops at the first draw
    that has as large an index: a permutation test, which is exact for any index and any size.
    Args:
        now, before: stories in each part, in the same order. index: of many pairs of such rows.
    """
    rng = np.random.default_rng(SEED)
    observed = index(now[None, :], before[None, :])[0]
    together = now + before
    draws, done = FIRST_DRAWS, 0
    needed = round(1 / MAX_CHANCE) - 1
    while done < needed:
        draws = min(draws, needed - done)
        drawn = rng.multivariate_hypergeometric(together, int(now.sum()), size=draws)
        if (index(drawn, together - drawn) >= observed * (1 - 1e-9)).any():
            return False
        done, draws = done + draws, draws * 10
    return True


def _count(value: Value) -> int:
    return round(value.value * value.counted)

"""
Fit the forest that looks again at doubtful lines of body.
"""

from typing import Any

import numpy as np

from benchmarks.train_splitter.forests import fit_forest
from benchmarks.train_splitter.lots import PlannedLot
from include.splitter.boundaries.second_look import describe_doubtful, find_doubtful
from include.splitter.line_arrays import Table, find_ground
from include.splitter.model.forest import Forest
from include.splitter.model.line_classifier import BODY, SIDE

PAGE_LINES = 40  # doubtful lines that a page counts for at most
WEIGHT = 0.05  # of a synthetic page; a real one counts 1
TREES = 120
SETTINGS: dict[str, Any] = {
    "num_leaves": 16, "max_depth": 6, "learning_rate": 0.06, "min_data_in_leaf": 20,
    "feature_fraction": 0.2,
}  # fmt: skip


def fit_leaks(planned: list[PlannedLot], names: tuple[str, ...], seed: int) -> Forest:
    """Fit the forest on the decoder's stories; the scorer leaves side matter out, and so it is."""
    rows, labels, weights = [], [], []
    for one in planned:
        lot, plan, ground = one.lot, one.plans[0], find_ground(one.lot.page)
        table: Table = {name: lot.matrix[:, j] for j, name in enumerate(names)}
        at, story = find_doubtful(plan, one.reading, one.body)
        known = lot.kind[at] != SIDE
        at, story = at[known], story[known]
        rows.append(
            describe_doubtful(at, story, plan, table, one.reading, one.body, lot.size, ground)
        )
        labels.append(lot.kind[at] != BODY)
        count = np.bincount(lot.page[at], minlength=lot.pages)[lot.page[at]]
        length = np.clip(np.log1p(lot.size[at]) / 4, 0.4, 1.8)
        own = length * (1.0 if lot.weight == 1 else WEIGHT)
        weights.append(own * np.minimum(1.0, PAGE_LINES / np.maximum(count, 1)))
    return fit_forest(
        np.concatenate(rows), np.concatenate(labels), np.concatenate(weights), TREES, seed,
        **SETTINGS,
    )  # fmt: skip

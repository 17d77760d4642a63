"""
Fit the forest that scores whether a page has several stories, and score pages it has not seen.
"""

from dataclasses import replace

import numpy as np

from benchmarks.train_splitter.forests import fit_forest
from benchmarks.train_splitter.lots import Lot, ReadLot
from include.splitter.features.page_kind import add_page_scores
from include.splitter.model.forest import Forest, sum_trees

MIN_STORIES = 2  # on a page of several stories
WEIGHT = 0.1  # of a synthetic page; a real one counts 1
TREES, BAGS = 150, 3
SETTINGS = {"num_leaves": 8, "max_depth": 4, "learning_rate": 0.04, "min_data_in_leaf": 10,
            "feature_fraction": 0.2}  # fmt: skip


def fit_pages(read: list[ReadLot], seed: int) -> tuple[Forest, list[ReadLot]]:
    """
    Fit the forest of pages.

    Returns:
        The forest; and `read` with each page's score as a last feature of its lines, given by
        forests that saw no page of its fold.
    """
    lots = [one.lot for one in read]
    rows = np.concatenate([_describe(one) for one in read])
    several = np.concatenate([lot.stories >= MIN_STORIES for lot in lots])
    weights = np.concatenate([lot.counts * (1.0 if lot.weight == 1 else WEIGHT) for lot in lots])
    part = np.concatenate([one.part for one in read])
    scores = np.zeros(len(rows), dtype=np.int64)
    for own in np.unique(part):
        others = part != own
        some = fit_forest(
            rows[others], several[others], weights[others], TREES, seed + int(own), BAGS, **SETTINGS
        )
        scores[~others] = sum_trees(rows[~others], some)
    forest = fit_forest(rows, several, weights, TREES, seed, BAGS, **SETTINGS)
    split = np.split(scores, np.cumsum([lot.pages for lot in lots])[:-1])
    scored = [
        replace(one, lot=_add_scores(one.lot, own)) for one, own in zip(read, split, strict=True)
    ]
    return forest, scored


def _describe(read: ReadLot) -> np.ndarray:
    return np.hstack([read.lot.page_rows, read.page_readings])


def _add_scores(lot: Lot, scores: np.ndarray) -> Lot:
    column = add_page_scores({}, scores, lot.page)["several"]
    return replace(lot, matrix=np.hstack([lot.matrix, column[:, None]]))

"""
Fit the forest that predicts the story F1 of each plan for a page.
"""

import numpy as np

from benchmarks.train_splitter.forests import fit_forest
from benchmarks.train_splitter.lots import Lot, PlannedLot, ReadLot, SegmentedLot
from include.splitter.boundaries.body_lines import reads_like_body
from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.plans import describe_plans, make_plans
from include.splitter.line_arrays import Table, find_ground
from include.splitter.model.forest import Forest
from include.splitter.model.line_classifier import BODY, SIDE

RIGHT = 0.8  # overlap from which a story counts as found, as the scorer has it
WEIGHT = 0.1  # of a synthetic page; a real one counts 1
TREES, BAGS = 200, 3
SETTINGS = {"objective": "regression", "num_leaves": 12, "max_depth": 5, "min_data_in_leaf": 30,
            "feature_fraction": 0.3}  # fmt: skip


def fit_plans(
    read: list[ReadLot], segmented: list[SegmentedLot], scores: list[np.ndarray],
    chances: list[np.ndarray], names: tuple[str, ...], seed: int,
) -> tuple[Forest, list[PlannedLot]]:  # fmt: skip
    """
    Fit the forest on plans made with the chances of forests that have not seen the pages.

    Returns:
        The forest, and each lot with its plans.
    """
    rows, right, weights, planned = gather_plans(read, segmented, scores, chances, names)
    return fit_forest(rows, right, weights, TREES, seed, BAGS, **SETTINGS), planned


def gather_plans(
    read: list[ReadLot], segmented: list[SegmentedLot], scores: list[np.ndarray],
    chances: list[np.ndarray], names: tuple[str, ...],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[PlannedLot]]:  # fmt: skip
    """Give the row, story F1 and weight of every plan of every page, and each lot's plans."""
    rows, right, weights, planned = [], [], [], []
    for one, cut, own_scores, own in zip(read, segmented, scores, chances, strict=True):
        lot = one.lot
        table: Table = {name: lot.matrix[:, j] for j, name in enumerate(names)}
        body = reads_like_body(one.reading, table["prose"].astype(bool))
        ground = find_ground(lot.page)
        no_line = np.zeros(len(body), dtype=bool)
        plans = make_plans(
            cut.points, cut.segments, own, table, one.reading, body, lot.size, ground,
            no_line, no_line,
        )  # fmt: skip
        planned.append(PlannedLot(lot, one.reading, body, own_scores, plans))
        pages = np.hstack([lot.page_rows, one.page_readings])
        rows.append(
            describe_plans(
                plans, pages, table, one.reading, body, lot.size, ground, own_scores, lot.words
            )
        )
        gold = np.maximum(lot.stories, 1)
        right += [_score(plan, lot, body, gold) for plan in plans]
        weight = np.sqrt(np.minimum(gold, 16)) * lot.counts**0.5
        weights += [weight * (1.0 if lot.weight == 1 else WEIGHT)] * len(plans)
    return np.concatenate(rows), np.concatenate(right), np.concatenate(weights), planned


def _score(plan: Decision, lot: Lot, body: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Give each page's story F1."""
    is_right = overlap_stories(lot, plan.starts, plan.ends, body) >= RIGHT
    page = lot.page[plan.starts]
    hits = np.bincount(page, is_right, lot.pages)
    both = np.maximum(np.bincount(page, minlength=lot.pages) + gold, 1)
    value: np.ndarray = 2 * hits / both
    return value


def overlap_stories(
    lot: Lot, first: np.ndarray, until: np.ndarray, body: np.ndarray
) -> np.ndarray:  # fmt: skip
    """Give each stretch's overlap with the gold story it overlaps most: as `match_stories`."""
    return match_stories(lot, first, until, body)[0]


def match_stories(
    lot: Lot, first: np.ndarray, until: np.ndarray, body: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """
    Match each stretch with the gold story it overlaps most.

    Args:
        first, until: k; a stretch's first line, and one past its last.
    Returns:
        The overlap by characters, 0 to 1, and the gold story's number on its page.
    """
    is_gold = lot.kind == BODY
    counted = body & (lot.kind != SIDE)  # the scorer leaves side matter out of every count
    total = np.r_[0, np.cumsum(np.where(counted, lot.size, 0))]
    own = total[until] - total[first]
    best, which = np.zeros(len(first)), np.zeros(len(first), dtype=np.int64)
    for story in range(int(lot.gold_story.max()) + 1):
        gold = is_gold & (lot.gold_story == story)
        shared = np.r_[0, np.cumsum(np.where(gold & counted, lot.size, 0))]
        whole = np.bincount(lot.page, weights=np.where(gold, lot.size, 0), minlength=lot.pages)
        both = shared[until] - shared[first]
        overlap = both / np.maximum(own + whole[lot.page[first]] - both, 1)
        which = np.where(overlap > best, story, which)
        best = np.maximum(best, overlap)
    return best, which

"""
Fit the forest that scores the candidates for a story's headline.
"""

from typing import Any

import numpy as np

from benchmarks.train_splitter.forests import fit_forest
from benchmarks.train_splitter.lots import PlannedLot
from benchmarks.train_splitter.plans import match_stories
from include.splitter.boundaries.headlines import describe_headlines, find_headline_candidates
from include.splitter.line_arrays import Table, find_ground
from include.splitter.model.forest import Forest
from include.splitter.model.line_classifier import HEADLINE

PLANS = (0, 6)  # the decoder's, and likely starts
SAME = 0.5  # overlap from which a story is the labelled one, as the scorer has it
PAGE_STORIES = 6  # stories that a page counts for at most
WEIGHT = 0.1  # of a synthetic page; a real one counts 1
TREES = 120
SETTINGS: dict[str, Any] = {"num_leaves": 16, "max_depth": 6, "learning_rate": 0.06}


def fit_headlines(planned: list[PlannedLot], names: tuple[str, ...], seed: int) -> Forest:
    """Fit the forest on the stories of plans for pages that nothing has seen."""
    rows, labels, weights = [], [], []
    for one in planned:
        lot, ground = one.lot, find_ground(one.lot.page)
        table: Table = {name: lot.matrix[:, j] for j, name in enumerate(names)}
        for number in PLANS:
            plan = one.plans[number]
            overlap, gold = match_stories(lot, plan.starts, plan.ends, one.body)
            found = find_headline_candidates(plan, table, one.body, lot.size, ground)
            columns = describe_headlines(
                found, plan, table, one.reading, one.body, lot.size, ground, one.scores
            )
            kept = (overlap >= SAME)[found.story]
            at, story = found.at[kept], found.story[kept]
            page = lot.page[plan.starts]
            share = np.minimum(1.0, PAGE_STORIES / np.bincount(page, minlength=1)[page])[story]
            rows.append(columns[kept])
            labels.append((lot.kind[at] == HEADLINE) & (lot.gold_story[at] == gold[story]))
            weights.append(share * (1.0 if lot.weight == 1 else WEIGHT) / len(PLANS))
    return fit_forest(
        np.concatenate(rows), np.concatenate(labels), np.concatenate(weights), TREES, seed,
        **SETTINGS,
    )  # fmt: skip

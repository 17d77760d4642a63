"""
Train the whole model in stages, each on the previous stage's output for pages it has not seen.

Networks trained on all folds but one read that fold. On these readings the forest of starts is
fitted, and once more without each fold, to score its lines; on these scores, that of segments.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import isotonic_regression

from benchmarks.train_splitter.folds import FOLDS
from benchmarks.train_splitter.forests import fit_forest
from benchmarks.train_splitter.headlines import fit_headlines
from benchmarks.train_splitter.leaks import fit_leaks
from benchmarks.train_splitter.lots import Lot, ReadLot, SegmentedLot, pick_pages
from benchmarks.train_splitter.nets import fit_net
from benchmarks.train_splitter.page_kinds import fit_pages
from benchmarks.train_splitter.plans import RIGHT, fit_plans, overlap_stories
from include.splitter.boundaries.body_lines import reads_like_body
from include.splitter.boundaries.cut_points import NEVER
from include.splitter.boundaries.decoder import describe_pages, look_up
from include.splitter.boundaries.start_candidates import describe_candidates, find_candidates
from include.splitter.features.page_readings import describe_page_readings
from include.splitter.line_arrays import Table, find_ground
from include.splitter.model.forest import VALUE_STEPS, Forest, sum_trees
from include.splitter.model.line_classifier import read_lines
from include.splitter.model.model_file import Model
from include.splitter.model.net import Net

NET_WEIGHT = 0.12  # what a synthetic page counts beside a real one
START_WEIGHT, SEGMENT_WEIGHT = 0.03, 0.05
START_TREES, STORY_TREES = 200, 200
PAGE_STARTS = 24  # candidate starts that a page counts for at most
PAGE_SEGMENTS = 12  # segments that a page counts for at most
STORY = {"num_leaves": 20, "max_depth": 5}
CHANCE_STEP = VALUE_STEPS // 8  # of the table of chances
SMOOTH = 0.1  # share of the score's own odds in what it promises


@dataclass(frozen=True)
class TrainingPages:
    """
    Labelled pages, and synthetic ones made of each fold's stories.

    real_fold, synthetic_fold: each page's fold. names: of the features.
    """

    real: Lot
    real_fold: np.ndarray
    synthetic: Lot
    synthetic_fold: np.ndarray
    names: tuple[str, ...]

    def pick(self, folds: list[int]) -> list[tuple[Lot, np.ndarray]]:
        """Give the real and the synthetic pages of some folds, and each page's fold."""
        picked = []
        for lot, fold in (self.real, self.real_fold), (self.synthetic, self.synthetic_fold):
            mask = np.isin(fold, folds)
            picked.append((pick_pages(lot, mask), fold[mask]))
        return picked


def list_networks(left_out: int | None) -> list[int | None]:
    """
    Give the folds left out by each network that a model needs; that of its own network first.

    Each of the others reads, for the forests, the pages of the fold that it leaves out. They are
    the same for every model. So the forests of a fold's model are trained on no page of that fold,
    and on no page that its network has seen, but the network has seen other pages of that fold.
    """
    return [left_out, *(fold for fold in range(FOLDS) if fold != left_out)]


def fit_networks(pages: TrainingPages, left_out: int | None, seed: int) -> Net:
    """Fit the line classifier on all folds but one, or on all."""
    picked = pages.pick([fold for fold in range(FOLDS) if fold != left_out])
    lots = [picked[0][0], replace(picked[1][0], weight=NET_WEIGHT)]
    return fit_net(lots, seed + (0 if left_out is None else 1 << left_out))


def train_model(
    pages: TrainingPages, left_out: int | None, nets: dict[int | None, Net], seed: int
) -> Model:  # fmt: skip
    """Train the model on all folds but one, or on all; nets: those of `list_networks`."""
    read = []
    for unseen in (fold for fold in range(FOLDS) if fold != left_out):
        for lot, part in pages.pick([unseen]):
            net, ground = nets[unseen], find_ground(lot.page)
            reading = read_lines(lot.matrix, lot.words, ground, net)
            rows = describe_page_readings(reading, lot.size, lot.words, net.vocabulary, ground)
            read.append(ReadLot(lot, reading, part, rows))
    page, read = fit_pages(read, seed)
    names = (*pages.names, "several")
    starts, scores = _fit_starts(read, names, seed)
    segmented = _describe_all(read, scores, names)
    story, chance, chances = _fit_story(segmented, seed)
    plan, planned = fit_plans(read, segmented, scores, chances, names, seed)
    head = fit_headlines(planned, names, seed)
    leaks = fit_leaks(planned, names, seed)
    return Model(nets[left_out], page, starts, story, plan, head, leaks, chance)


def _fit_starts(
    read: list[ReadLot], names: tuple[str, ...], seed: int
) -> tuple[Forest, list[np.ndarray]]:
    """Fit the forest of starts, and score each lot's candidates by forests that saw none of it."""
    rows, labels, weights, part, at = [], [], [], [], []
    for one in read:
        ground = find_ground(one.lot.page)
        found = find_candidates(one.reading)
        at.append(found)
        table: Table = {name: one.lot.matrix[:, j] for j, name in enumerate(names)}
        rows.append(
            describe_candidates(table, one.lot.matrix, one.reading, one.lot.size, ground, found)
        )
        labels.append(one.lot.start[found])
        own = 1.0 if one.lot.weight == 1 else START_WEIGHT
        pages = one.lot.page[found]
        count = np.bincount(pages, minlength=one.lot.pages)[pages]
        hard = np.sqrt(one.lot.counts[pages])
        weights.append(own * hard * np.minimum(1.0, PAGE_STARTS / count))
        part.append(one.part[one.lot.page[found]])
    all_rows, is_start = np.concatenate(rows), np.concatenate(labels)
    counts, parts = np.concatenate(weights), np.concatenate(part)
    forest = fit_forest(all_rows, is_start, counts, START_TREES, seed)
    scores = np.zeros(len(is_start), dtype=np.int64)
    for own in np.unique(parts):
        others = parts != own
        some = fit_forest(all_rows[others], is_start[others], counts[others], START_TREES, seed)
        scores[~others] = sum_trees(all_rows[~others], some)
    split = np.split(scores, np.cumsum([len(found) for found in at])[:-1])
    whole = []
    for one, found, own_scores in zip(read, at, split, strict=True):
        filled = np.full(len(one.lot.page), NEVER)
        filled[found] = own_scores
        whole.append(filled)
    return forest, whole


def _describe_all(
    read: list[ReadLot], scores: list[np.ndarray], names: tuple[str, ...]
) -> list[SegmentedLot]:  # fmt: skip
    """Cut each lot into segments and label them."""
    segmented = []
    for one, own in zip(read, scores, strict=True):
        table: Table = {name: one.lot.matrix[:, j] for j, name in enumerate(names)}
        body = reads_like_body(one.reading, table["prose"].astype(bool))
        ground = find_ground(one.lot.page)
        points, segments = describe_pages(
            table, one.reading, body, one.lot.size, ground, own, one.lot.words
        )
        first, until = points.at[segments.begin], points.at[segments.end]
        right = overlap_stories(one.lot, first, until, body) >= RIGHT
        segmented.append(SegmentedLot(one.lot, points, segments, right, one.part))
    return segmented


def _weigh(segmented: SegmentedLot) -> np.ndarray:
    """Weigh segments: a page of many counts as PAGE_SEGMENTS, a counter-example twice."""
    page = segmented.segments.page
    count = np.bincount(page, minlength=segmented.lot.pages)[page]
    own = 1.0 if segmented.lot.weight == 1 else SEGMENT_WEIGHT
    hard = np.sqrt(segmented.lot.counts[page])
    weights: np.ndarray = own * hard * np.minimum(1.0, PAGE_SEGMENTS / count)
    return weights


def _fit_story(
    segmented: list[SegmentedLot], seed: int
) -> tuple[Forest, np.ndarray, list[np.ndarray]]:
    """
    Fit the forest of segments.

    Returns:
        The forest; the table from scores to chances, measured on real pages left out; the chances
        of each lot's segments, by forests that saw none of them.
    """
    rows = np.concatenate([one.segments.rows for one in segmented])
    right = np.concatenate([one.right for one in segmented])
    weights = np.concatenate([_weigh(one) for one in segmented])
    real = np.concatenate([np.full(len(one.right), one.lot.weight == 1) for one in segmented])
    part = np.concatenate([one.part[one.segments.page] for one in segmented])
    forest = fit_forest(rows, right, weights, STORY_TREES, seed, **STORY)
    scores = np.zeros(len(right), dtype=np.int64)
    for own in np.unique(part):
        others = part != own
        some = fit_forest(rows[others], right[others], weights[others], STORY_TREES, seed, **STORY)
        scores[~others] = sum_trees(rows[~others], some)
    chance = _measure_chance(scores[real], right[real], weights[real])
    bounds = np.cumsum([len(one.right) for one in segmented])[:-1]
    return forest, chance, np.split(look_up(scores, chance), bounds)


def _measure_chance(scores: np.ndarray, right: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give the chance for each score: the isotonic fit of right on score, as steps in 1000ths."""
    order = np.argsort(scores, kind="stable")
    fit = isotonic_regression(right[order].astype(float), weights=weights[order]).x
    bounds = np.arange(-7 * VALUE_STEPS, 7 * VALUE_STEPS, CHANCE_STEP)
    share = np.interp(bounds, scores[order], fit)
    smooth = 1 / (1 + np.exp(-bounds / VALUE_STEPS))  # so that a higher score always promises more
    chance = np.rint(1000 * (share * (1 - SMOOTH) + smooth * SMOOTH)).astype(np.int64)
    return np.stack([bounds, np.maximum.accumulate(chance)], axis=1)

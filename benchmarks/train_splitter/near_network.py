"""
Fit the network of near lines in plain numpy (`include.splitter.model.near_net`).
"""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Descent, Floats, Weights, round_weights
from benchmarks.train_splitter.lots import Lot
from include.splitter.model.line_classifier import CLASSES
from include.splitter.model.near_net import REACH
from include.splitter.model.net import LOWEST

EMBED, HIDDEN = 24, 48
EPOCHS = 16  # 24 on 196 pages; dev2 has four times as many steps in each
PAGES_A_STEP = 8
PAGE_LINES = 150  # a longer page's lines count no more than this many: pages count, not stories
DROP_INPUT, DROP = 0.08, 0.2
SMOOTH = 0.02  # of a label's weight goes to the other classes
START_LOSS = 4.0  # what a start's loss counts beside a class's
STEP = 16.0  # a feature's standard deviation in the network's input
UNIT = 32.0  # an activation of one
EDGE = np.float32(255 / UNIT)  # highest activation, as the reader clips it
PARTS = ("near", "near_bias", "edge", "far", "far_bias", "told", "told_bias")


@dataclass(frozen=True)
class Sheet:
    """Some pages as the network takes them: n lines, their labels and what each counts."""

    lines: Floats
    there: NDArray[np.bool_]
    kind: NDArray[np.int64]
    start: NDArray[np.bool_]
    weight: Floats


def fit_near(lots: list[Lot], scale: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """
    Fit the network on lots of pages.

    Args:
        lots: each with its own weight; every step takes pages of each, eight of the first.
    Returns:
        The parts of `Net` that are this network's, in whole numbers.
    """
    chance = np.random.default_rng(seed)
    weights = _begin(scale.shape[0], chance)
    sheets = [
        (_lay_out(lot, scale), np.searchsorted(lot.page, range(lot.pages + 1))) for lot in lots
    ]
    steps = max(math.ceil(lots[0].pages / PAGES_A_STEP), 1)
    way = Descent(weights, steps * EPOCHS)
    for step in range(steps * EPOCHS):
        if step % steps == 0:
            hands = [np.array_split(chance.permutation(lot.pages), steps) for lot in lots]
        slopes = way.nothing()
        for lot, hand, (sheet, bounds) in zip(lots, hands, sheets, strict=True):
            if len(hand[step % steps]):
                some = _pick(sheet, bounds, hand[step % steps])
                for name, slope in find_slopes(weights, some, chance).items():
                    slopes[name] += np.float32(lot.weight) * slope
        way.descend(slopes)
    return _make_whole(weights)


def _begin(columns: int, chance: np.random.Generator) -> Weights:
    """Draw the first weights, evenly, within one over the root of what a unit sums."""

    def draw(rows: int, units: int) -> tuple[Floats, Floats]:
        bound = 1 / math.sqrt(rows)
        both = chance.uniform(-bound, bound, (rows + 1, units)).astype(np.float32)
        return both[:-1], both[-1]

    near, near_bias = draw(columns, EMBED)
    far, far_bias = draw(EMBED * (2 * REACH + 1) + columns, HIDDEN)
    told, told_bias = draw(HIDDEN, len(CLASSES) + 1)
    edge = np.zeros(EMBED, dtype=np.float32)
    parts = (near, near_bias, edge, far, far_bias, told, told_bias)
    return dict(zip(PARTS, parts, strict=True))


def _lay_out(lot: Lot, scale: np.ndarray) -> Sheet:
    """Scale features; weigh lines by length, and long pages as PAGE_LINES lines."""
    values = np.clip(lot.matrix + LOWEST, 0, scale.shape[1] - 1)
    lines = (scale[np.arange(lot.matrix.shape[1]), values] / STEP).astype(np.float32)
    seen = np.arange(len(lot.page))[:, None] + np.arange(-REACH, REACH + 1)
    there = (seen >= lot.first[:, None]) & (seen <= lot.last[:, None])
    weight = np.clip(np.log1p(lot.size) / 4, 0.4, 1.6)
    weight *= np.minimum(1, PAGE_LINES / (lot.last - lot.first + 1))
    return Sheet(lines, there, lot.kind, lot.start, weight.astype(np.float32))


def _pick(sheet: Sheet, bounds: np.ndarray, pages: np.ndarray) -> Sheet:
    """Give the lines of some pages, in page order; bounds: each page's first line, and the end."""
    rows = np.concatenate([np.arange(bounds[page], bounds[page + 1]) for page in np.sort(pages)])
    return Sheet(*(getattr(sheet, own.name)[rows] for own in fields(Sheet)))


def find_slopes(weights: Weights, sheet: Sheet, chance: np.random.Generator | None) -> Weights:
    """Give the slope of the loss by each weight; chance drops inputs and units, None drops none."""
    lines = sheet.lines * _keep(sheet.lines.shape, DROP_INPUT, chance)
    near = np.clip(lines @ weights["near"] + weights["near_bias"], 0, EDGE)
    edge = np.clip(weights["edge"], 0, EDGE)
    count, wide = len(lines), EMBED * (2 * REACH + 1)
    both = np.empty((count, wide + lines.shape[1]), dtype=np.float32)
    both[:, wide:] = lines
    steps = range(-REACH, REACH + 1)
    for part, step in enumerate(steps):
        moved = np.roll(near, -step, axis=0)
        own = np.where(sheet.there[:, part, None], moved, edge)
        both[:, part * EMBED : (part + 1) * EMBED] = own
    far = np.clip(both @ weights["far"] + weights["far_bias"], 0, EDGE)
    kept = _keep(far.shape, DROP, chance)
    held = far * kept
    told = held @ weights["told"] + weights["told_bias"]
    slope = _slope_of_loss(told, sheet)
    found = {"told": held.T @ slope, "told_bias": slope.sum(axis=0)}
    slope = (slope @ weights["told"].T) * kept * ((far > 0) & (far < EDGE))
    found |= {"far": both.T @ slope, "far_bias": slope.sum(axis=0)}
    slope = slope @ weights["far"][:wide].T
    to_near, to_edge = np.zeros_like(near), np.zeros_like(edge)
    for part, step in enumerate(steps):
        own, there = slope[:, part * EMBED : (part + 1) * EMBED], sheet.there[:, part, None]
        to_near += np.roll(np.where(there, own, 0), step, axis=0)
        to_edge += np.where(there, 0, own).sum(axis=0)
    to_near *= (near > 0) & (near < EDGE)
    found["edge"] = to_edge * ((weights["edge"] >= 0) & (weights["edge"] <= EDGE))
    return found | {"near": lines.T @ to_near, "near_bias": to_near.sum(axis=0)}


def tell_loss(weights: Weights, sheet: Sheet) -> float:
    """Give the loss without drops: what `find_slopes` is the slope of."""
    near = np.clip(sheet.lines @ weights["near"] + weights["near_bias"], 0, EDGE)
    edge = np.clip(weights["edge"], 0, EDGE)
    seen = [
        np.where(sheet.there[:, part, None], np.roll(near, -step, axis=0), edge)
        for part, step in enumerate(range(-REACH, REACH + 1))
    ]
    both = np.hstack([*seen, sheet.lines])
    far = np.clip(both @ weights["far"] + weights["far_bias"], 0, EDGE)
    told = (far @ weights["told"] + weights["told_bias"]).astype(np.float64)
    odds = told[:, :-1] - told[:, :-1].max(axis=1, keepdims=True)
    logs = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    kinds = -(_smooth(sheet.kind) * logs).sum(axis=1) @ sheet.weight / len(told)
    starts = np.logaddexp(0, told[:, -1]) - sheet.start * told[:, -1]
    return float(kinds + START_LOSS * starts.mean())


def _slope_of_loss(told: Floats, sheet: Sheet) -> Floats:
    """Give the slope of the loss by each log odd."""
    odds = np.exp(told[:, :-1] - told[:, :-1].max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    slope = np.empty_like(told)
    slope[:, :-1] = (shares - _smooth(sheet.kind)) * sheet.weight[:, None]
    slope[:, -1] = START_LOSS * (1 / (1 + np.exp(-told[:, -1])) - sheet.start)
    return slope / np.float32(max(len(told), 1))


def _smooth(kind: NDArray[np.int64]) -> Floats:
    labels = np.eye(len(CLASSES), dtype=np.float32)[kind]
    return labels * np.float32(1 - SMOOTH) + np.float32(SMOOTH / len(CLASSES))


def _keep(shape: tuple[int, ...], drop: float, chance: np.random.Generator | None) -> Floats:
    """Draw what is kept, raised so that the mean stays."""
    if chance is None:
        return np.ones(shape, dtype=np.float32)
    kept = chance.random(shape, dtype=np.float32) >= drop
    return kept.astype(np.float32) / np.float32(1 - drop)


def _make_whole(weights: Weights) -> dict[str, np.ndarray]:
    """Round the weights; the first layer's inputs are in 16ths, all others in 32nds."""
    far = weights["far"].copy()
    far[EMBED * (2 * REACH + 1) :] *= np.float32(UNIT / STEP)
    edge = np.clip(np.rint(weights["edge"] * UNIT), 0, EDGE * UNIT)
    return {
        "near": round_weights(weights["near"] * np.float32(UNIT / STEP), weights["near_bias"]),
        "edge": edge.astype(np.int16),
        "far": round_weights(far, weights["far_bias"]),
        "output": round_weights(weights["told"], weights["told_bias"]),
    }

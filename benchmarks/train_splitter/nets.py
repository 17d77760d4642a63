"""
Fit the reader's network, and turn it into whole numbers (`include.splitter.model.line_classifier`).

Plain numpy: two small layers of sums and one of log odds, fitted by AdamW (Loshchilov and Hutter
2019) on a warm-up and a cosine. Same seed, same machine: same weights.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.lots import Lot
from include.splitter.model.line_classifier import (
    CLASSES,
    LOWEST,
    REACH,
    WEIGHT_BITS,
    Net,
    check_net,
)

EMBED, HIDDEN = 24, 48
EPOCHS = 16  # 24 on 196 pages; dev2 has four times as many steps in each
PAGES_A_STEP = 8
PAGE_LINES = 150  # a longer page's lines count no more than this many: pages count, not stories
RATE, WARM_UP, FIRST, LAST = 4e-3, 0.3, 1 / 25, 1 / 250_000  # the last two are shares of RATE
DECAY, MOMENTUM, SPREAD, LONGEST = 0.02, 0.9, 0.999, 2.0
DROP_INPUT, DROP = 0.08, 0.2
SMOOTH = 0.02  # of a label's weight goes to the other classes
START_LOSS = 4.0  # what a start's loss counts beside a class's
TOP = 66  # highest feature value the table tells apart
STEP = 16.0  # a feature's standard deviation in the network's input
UNIT = 32.0  # an activation of one
EDGE = np.float32(255 / UNIT)  # highest activation, as the reader clips it
PARTS = ("near", "near_bias", "edge", "far", "far_bias", "told", "told_bias")

Floats = NDArray[np.float32]
Weights = dict[str, Floats]


@dataclass(frozen=True)
class Sheet:
    """Some pages as the network takes them: n lines, their labels and what each counts."""

    lines: Floats
    there: NDArray[np.bool_]
    kind: NDArray[np.int64]
    start: NDArray[np.bool_]
    weight: Floats


def fit_net(lots: list[Lot], seed: int) -> Net:
    """
    Fit a network on lots of pages.

    Args:
        lots: each with its own weight; every step takes pages of each, eight of the first.
    """
    chance = np.random.default_rng(seed)
    scale = _scale_table(np.concatenate([lot.matrix for lot in lots]))
    weights = _begin(scale.shape[0], chance)
    speed = {name: np.zeros_like(part) for name, part in weights.items()}
    spread = {name: np.zeros_like(part) for name, part in weights.items()}
    sheets = [
        (_lay_out(lot, scale), np.searchsorted(lot.page, range(lot.pages + 1))) for lot in lots
    ]
    steps = max(math.ceil(lots[0].pages / PAGES_A_STEP), 1)
    for step in range(steps * EPOCHS):
        if step % steps == 0:
            hands = [np.array_split(chance.permutation(lot.pages), steps) for lot in lots]
        slopes = {name: np.zeros_like(part) for name, part in weights.items()}
        for lot, hand, (sheet, bounds) in zip(lots, hands, sheets, strict=True):
            some = _pick(sheet, bounds, hand[step % steps])
            for name, slope in find_slopes(weights, some, chance).items():
                slopes[name] += np.float32(lot.weight) * slope
        _shorten(slopes)
        _descend(weights, slopes, speed, spread, step, steps * EPOCHS)
    return _make_whole(weights, scale)


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


def _shorten(slopes: Weights) -> None:
    """Shorten the slopes to LONGEST if they are longer together."""
    length = math.sqrt(
        sum(float((slope.astype(np.float64) ** 2).sum()) for slope in slopes.values())
    )
    if length > LONGEST:
        for slope in slopes.values():
            slope *= np.float32(LONGEST / length)


def _descend(
    weights: Weights, slopes: Weights, speed: Weights, spread: Weights, step: int, steps: int
) -> None:  # fmt: skip
    """Take one step of AdamW, in place."""
    rate = _rate(step, steps)
    for name, slope in slopes.items():
        weights[name] *= np.float32(1 - rate * DECAY)
        speed[name] += np.float32(1 - MOMENTUM) * (slope - speed[name])
        spread[name] += np.float32(1 - SPREAD) * (slope * slope - spread[name])
        ahead = speed[name] / np.float32(1 - MOMENTUM ** (step + 1))
        root = np.sqrt(spread[name] / np.float32(1 - SPREAD ** (step + 1)))
        weights[name] -= np.float32(rate) * ahead / (root + np.float32(1e-8))


def _rate(step: int, steps: int) -> float:
    """Give the rate of a step: up by a cosine for WARM_UP of the steps, then down."""
    top = WARM_UP * steps
    if step < top:
        return RATE * (FIRST + (1 - FIRST) * (1 - math.cos(math.pi * step / top)) / 2)
    along = (step - top) / max(steps - 1 - top, 1)
    return RATE * (LAST + (1 - LAST) * (1 + math.cos(math.pi * min(along, 1.0))) / 2)


def _scale_table(matrix: np.ndarray) -> np.ndarray:
    """Tell what each value of each feature counts for: standard deviations from its mean."""
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 0.05
    values = np.arange(-LOWEST, TOP + 1)
    table = np.rint((values[None, :] - mean[:, None]) / spread[:, None] * STEP)
    whole: np.ndarray = np.clip(table, -4 * STEP, 4 * STEP).astype(np.int8)
    return whole


def _make_whole(weights: Weights, scale: np.ndarray) -> Net:
    """Round the weights; the first layer's inputs are in 16ths, all others in 32nds."""
    far = weights["far"].copy()
    far[EMBED * (2 * REACH + 1) :] *= np.float32(UNIT / STEP)
    edge = np.clip(np.rint(weights["edge"] * UNIT), 0, EDGE * UNIT)
    net = Net(
        scale, _whole(weights["near"] * np.float32(UNIT / STEP), weights["near_bias"]),
        edge.astype(np.int16), _whole(far, weights["far_bias"]),
        _whole(weights["told"], weights["told_bias"]),
        np.rint(65536 * np.exp(-np.arange(384) / UNIT)).astype(np.int32),
    )  # fmt: skip
    check_net(net)
    return net


def _whole(weights: Floats, bias: Floats) -> NDArray[np.int16]:
    whole = np.rint(np.vstack([weights, bias[None]]) * (1 << WEIGHT_BITS))
    held: NDArray[np.int16] = np.clip(whole, -32767, 32767).astype(np.int16)
    return held

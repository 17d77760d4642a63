"""
What the fits of both networks share: batches of pages, inputs and weights of lines, dropout, and
the loss with its gradient.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Descent, Floats, Weights
from benchmarks.train_splitter.lots import Lot
from include.splitter.model.line_classifier import CLASSES
from include.splitter.model.net import LOWEST, TOP_ACTIVATION

PAGES_PER_STEP = 8
PAGE_LINES = 150  # a longer page's lines count no more than this many: pages count, not stories
DROP_INPUT = 0.08  # share of the inputs dropped
SMOOTH = 0.02  # of a label's weight goes to the other classes
START_LOSS = 4.0  # weight of a start's loss; that of a class is 1
STEP = 16.0  # a feature's standard deviation in the network's input
UNIT = 32.0  # an activation of one
TOP = np.float32(TOP_ACTIVATION / UNIT)  # highest activation, as the classifier clips it

Random = np.random.Generator


@dataclass(frozen=True)
class Targets:
    """Of n lines: kind (index into CLASSES), whether a story starts there, and weight."""

    kind: NDArray[np.int64]
    start: NDArray[np.bool_]
    weight: Floats


def fit_weights(
    descent: Descent, lots: list[Lot], epochs: int, chance: Random,
    find_batch_gradients: Callable[[int, np.ndarray], Weights],
) -> None:  # fmt: skip
    """
    Fit weights in place: every step takes pages of each lot, PAGES_PER_STEP of the first.

    Args:
        lots: each with its own weight. find_batch_gradients: takes a lot's index and some of its
            pages.
    """
    steps = count_steps(lots)
    for step in range(steps * epochs):
        if step % steps == 0:
            batches = [np.array_split(chance.permutation(lot.pages), steps) for lot in lots]
        gradients = descent.make_zeros()
        for number, lot in enumerate(lots):
            pages = batches[number][step % steps]
            if len(pages):
                for name, gradient in find_batch_gradients(number, pages).items():
                    gradients[name] += np.float32(lot.weight) * gradient
        descent.descend(gradients)


def count_steps(lots: list[Lot]) -> int:
    """Count the steps in which every page of the first lot is taken once."""
    return max(math.ceil(lots[0].pages / PAGES_PER_STEP), 1)


def draw_layer(rows: int, units: int, chance: Random) -> tuple[Floats, Floats]:
    """Draw a layer's first weights and biases, evenly, within 1 / sqrt(rows)."""
    bound = 1 / math.sqrt(rows)
    both = chance.uniform(-bound, bound, (rows + 1, units)).astype(np.float32)
    return both[:-1].copy(), both[-1].copy()


def apply_layer(weights: Weights, name: str, values: Floats) -> Floats:
    """Give a layer's sums, before they are clipped."""
    sums: Floats = values @ weights[name] + weights[f"{name}_bias"]
    return sums


def scale_lines(lot: Lot, scale: np.ndarray) -> Floats:
    """Give the features of a lot's lines in standard deviations, as the network takes them."""
    values = np.clip(lot.matrix + LOWEST, 0, scale.shape[1] - 1)
    scaled: Floats = (scale[np.arange(lot.matrix.shape[1]), values] / STEP).astype(np.float32)
    return scaled


def weigh_targets(lot: Lot) -> Targets:
    """Give a lot's targets; lines are weighted by length, and long pages as PAGE_LINES lines."""
    weight = np.clip(np.log1p(lot.size) / 4, 0.4, 1.6)
    weight *= np.minimum(1, PAGE_LINES / (lot.last - lot.first + 1))
    return Targets(lot.kind, lot.start, weight.astype(np.float32))


def pick_targets(targets: Targets, rows: np.ndarray) -> Targets:
    """Give the targets of some lines."""
    return Targets(targets.kind[rows], targets.start[rows], targets.weight[rows])


def draw_dropout(shape: tuple[int, ...], drop: float, chance: Random | None) -> Floats:
    """
    Draw factors: 0 for a share `drop` of the values, and for the others what keeps the mean.

    Args:
        chance: None drops none.
    """
    if chance is None:
        return np.ones(shape, dtype=np.float32)
    kept = chance.random(shape, dtype=np.float32) >= drop
    return kept.astype(np.float32) / np.float32(1 - drop)


def compute_loss(outputs: Floats, targets: Targets) -> float:
    """Give the loss of outputs: n × (classes + 1), the last column a start."""
    outputs = outputs.astype(np.float64)
    odds = outputs[:, :-1] - outputs[:, :-1].max(axis=1, keepdims=True)
    logs = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    kinds = -(_smooth_labels(targets.kind) * logs).sum(axis=1) @ targets.weight / len(outputs)
    starts = np.logaddexp(0, outputs[:, -1]) - targets.start * outputs[:, -1]
    return float(kinds + START_LOSS * starts.mean())


def find_loss_gradient(outputs: Floats, targets: Targets) -> Floats:
    """Give the gradient of the loss with respect to the outputs."""
    odds = np.exp(outputs[:, :-1] - outputs[:, :-1].max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    gradient = np.empty_like(outputs)
    gradient[:, :-1] = (shares - _smooth_labels(targets.kind)) * targets.weight[:, None]
    gradient[:, -1] = START_LOSS * (1 / (1 + np.exp(-outputs[:, -1])) - targets.start)
    return gradient / np.float32(max(len(outputs), 1))


def is_active(values: Floats) -> NDArray[np.bool_]:
    """Return which activations are not clipped."""
    return (values > 0) & (values < TOP)


def _smooth_labels(kind: NDArray[np.int64]) -> Floats:
    labels = np.eye(len(CLASSES), dtype=np.float32)[kind]
    return labels * np.float32(1 - SMOOTH) + np.float32(SMOOTH / len(CLASSES))

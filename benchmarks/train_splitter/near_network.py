"""
Fit the network of near lines in plain numpy (`include.splitter.model.near_net`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Descent, Floats, Weights, round_weights
from benchmarks.train_splitter.fitting import (
    DROP_INPUT,
    STEP,
    TOP,
    UNIT,
    Random,
    Targets,
    apply_layer,
    compute_loss,
    count_steps,
    draw_dropout,
    draw_layer,
    find_loss_gradient,
    fit_weights,
    is_active,
    pick_targets,
    scale_lines,
    weigh_targets,
)
from benchmarks.train_splitter.lots import Lot
from include.splitter.model.line_classifier import CLASSES
from include.splitter.model.near_net import REACH

EMBED, HIDDEN = 24, 48
WIDE = EMBED * (2 * REACH + 1)  # inputs of `far` from the lines around
EPOCHS = 16  # 24 on 196 pages; dev2 has four times as many steps in each
DROP = 0.2
PARTS = ("near", "near_bias", "edge", "far", "far_bias", "output", "output_bias")


@dataclass(frozen=True)
class Batch:
    """
    Pages as the network takes them: features and labels of n lines.

    on_page: n × (2 REACH + 1); whether the line so many above or below is on the same page.
    """

    lines: Floats
    on_page: NDArray[np.bool_]
    targets: Targets


@dataclass(frozen=True)
class Forward:
    """What a pass through the network leaves for the gradients."""

    lines: Floats
    near: Floats
    around: Floats
    far: Floats
    far_dropout: Floats
    outputs: Floats


def fit_near(lots: list[Lot], scale: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """
    Fit the network on lots of pages, as `fit_weights` takes them.

    Returns:
        The parts of `Net` that belong to this network, in whole numbers.
    """
    chance = np.random.default_rng(seed)
    weights = begin_weights(scale.shape[0], chance)
    prepared = [
        (_prepare(lot, scale), np.searchsorted(lot.page, range(lot.pages + 1))) for lot in lots
    ]
    descent = Descent(weights, count_steps(lots) * EPOCHS)
    fit_weights(
        descent, lots, EPOCHS, chance,
        lambda number, pages: find_gradients(weights, _pick(*prepared[number], pages), chance),
    )  # fmt: skip
    return _round_parts(weights)


def begin_weights(columns: int, chance: Random) -> Weights:
    """Draw the first weights; columns: number of features."""
    near, near_bias = draw_layer(columns, EMBED, chance)
    far, far_bias = draw_layer(WIDE + columns, HIDDEN, chance)
    output, output_bias = draw_layer(HIDDEN, len(CLASSES) + 1, chance)
    edge = np.zeros(EMBED, dtype=np.float32)
    parts = (near, near_bias, edge, far, far_bias, output, output_bias)
    return dict(zip(PARTS, parts, strict=True))


def _prepare(lot: Lot, scale: np.ndarray) -> Batch:
    around = np.arange(len(lot.page))[:, None] + np.arange(-REACH, REACH + 1)
    on_page = (around >= lot.first[:, None]) & (around <= lot.last[:, None])
    return Batch(scale_lines(lot, scale), on_page, weigh_targets(lot))


def _pick(whole: Batch, bounds: np.ndarray, pages: np.ndarray) -> Batch:
    """Give the lines of some pages, in page order; bounds: each page's first line, and the end."""
    rows = np.concatenate([np.arange(bounds[page], bounds[page + 1]) for page in np.sort(pages)])
    return Batch(whole.lines[rows], whole.on_page[rows], pick_targets(whole.targets, rows))


def find_gradients(weights: Weights, batch: Batch, chance: Random | None) -> Weights:
    """Give the gradient of the loss for each part; chance drops inputs and units, None none."""
    forward = _compute_forward(weights, batch, chance)
    gradient = find_loss_gradient(forward.outputs, batch.targets)
    kept = forward.far * forward.far_dropout
    gradients = {"output": kept.T @ gradient, "output_bias": gradient.sum(axis=0)}
    gradient = (gradient @ weights["output"].T) * forward.far_dropout * is_active(forward.far)
    gradients |= {"far": forward.around.T @ gradient, "far_bias": gradient.sum(axis=0)}
    gradient = gradient @ weights["far"][:WIDE].T
    of_near, of_edge = np.zeros_like(forward.near), np.zeros_like(weights["edge"])
    for part, step in enumerate(range(-REACH, REACH + 1)):
        of_part = gradient[:, part * EMBED : (part + 1) * EMBED]
        on_page = batch.on_page[:, part, None]
        of_near += np.roll(np.where(on_page, of_part, 0), step, axis=0)
        of_edge += np.where(on_page, 0, of_part).sum(axis=0)
    of_near *= is_active(forward.near)
    gradients["edge"] = of_edge * ((weights["edge"] >= 0) & (weights["edge"] <= TOP))
    return gradients | {"near": forward.lines.T @ of_near, "near_bias": of_near.sum(axis=0)}


def find_loss(weights: Weights, batch: Batch) -> float:
    """Give the loss without dropout, whose gradients `find_gradients` gives."""
    return compute_loss(_compute_forward(weights, batch, None).outputs, batch.targets)


def _compute_forward(weights: Weights, batch: Batch, chance: Random | None) -> Forward:
    lines = batch.lines * draw_dropout(batch.lines.shape, DROP_INPUT, chance)
    near = np.clip(apply_layer(weights, "near", lines), 0, TOP)
    edge = np.clip(weights["edge"], 0, TOP)
    neighbours = [
        np.where(batch.on_page[:, part, None], np.roll(near, -step, axis=0), edge)
        for part, step in enumerate(range(-REACH, REACH + 1))
    ]
    around = np.hstack([*neighbours, lines])
    far = np.clip(apply_layer(weights, "far", around), 0, TOP)
    far_dropout = draw_dropout(far.shape, DROP, chance)
    outputs = apply_layer(weights, "output", far * far_dropout)
    return Forward(lines, near, around, far, far_dropout, outputs)


def _round_parts(weights: Weights) -> dict[str, np.ndarray]:
    """Round the weights; the first layer's inputs are in 16ths, all others in 32nds."""
    far = weights["far"].copy()
    far[WIDE:] *= np.float32(UNIT / STEP)
    edge = np.clip(np.rint(weights["edge"] * UNIT), 0, TOP * UNIT)
    return {
        "near": round_weights(weights["near"] * np.float32(UNIT / STEP), weights["near_bias"]),
        "edge": edge.astype(np.int16),
        "far": round_weights(far, weights["far_bias"]),
        "output": round_weights(weights["output"], weights["output_bias"]),
    }

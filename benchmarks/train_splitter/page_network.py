"""
The network of the page in plain numpy, and the slope of its loss by every weight.

The same layers as `include.splitter.model.page_net`, in fractions instead of whole numbers.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Floats, Weights
from include.splitter.model.line_classifier import CLASSES
from include.splitter.model.net import LIT
from include.splitter.model.page_net import POOLED

LAYERS, UNITS, SPOKEN, HIDDEN = 6, 32, 8, 48
UNIT = 32.0  # an activation of one
TOP = np.float32(LIT / UNIT)  # highest activation, as the classifier clips it
DROP_INPUT, DROP, DROP_WORD = 0.08, 0.15, 0.5
SMOOTH = 0.02  # of a label's weight goes to the other classes
START_LOSS = 4.0  # what a start's loss counts beside a class's

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sheet:
    """
    Whole pages as the network takes them: n lines, their labels and what each counts.

    lines: n × d. page: n, from 0. heads, counts: of each page, its first line and how many it has.
    word, of: one for each known word of each line; its index in the vocabulary, and the line.
    """

    lines: Floats
    page: Ints
    heads: Ints
    counts: Ints
    word: Ints
    of: Ints
    kind: Ints
    start: NDArray[np.bool_]
    weight: Floats

    def seen(self, step: int) -> tuple[Ints, Ints]:
        """Give the line `step` above and below each; n where the page has none."""
        ids, count = np.arange(len(self.page)), len(self.page)
        first = self.heads[self.page]
        last = first + self.counts[self.page] - 1
        above = np.where(ids - step >= first, ids - step, count)
        return above, np.where(ids + step <= last, ids + step, count)


def begin_weights(columns: int, words: int, chance: np.random.Generator) -> Weights:
    """Draw the first weights, evenly, within one over the root of what a unit sums."""
    weights = {"words": chance.normal(0, 0.1, (words, SPOKEN)).astype(np.float32)}

    def draw(name: str, rows: int, units: int) -> None:
        bound = 1 / math.sqrt(rows)
        both = chance.uniform(-bound, bound, (rows + 1, units)).astype(np.float32)
        weights[name], weights[f"{name}_bias"] = both[:-1].copy(), both[-1].copy()

    draw("enter", columns + SPOKEN, UNITS)
    for layer in range(LAYERS):
        draw(f"layer{layer}", 3 * UNITS, UNITS)
    draw("page", 2 * UNITS, UNITS)
    draw("far", 2 * UNITS + columns, HIDDEN)
    draw("output", HIDDEN, len(CLASSES) + 1)
    return weights


@dataclass
class Pass:
    """What one pass through the network leaves for the way back."""

    chance: np.random.Generator | None
    inputs: Floats
    word: Ints
    of: Ints
    root: Floats
    entered: Floats
    layers: list[tuple[Floats, Floats, Floats, Floats]]
    pooled: tuple[Floats, Floats, Floats]
    known: Floats
    hidden: Floats
    kept: list[Floats]
    output: Floats


def find_slopes(weights: Weights, sheet: Sheet, chance: np.random.Generator | None) -> Weights:
    """Give the slope of the loss by each weight; chance drops inputs and units, None drops none."""
    went = _go(weights, sheet, chance)
    found: Weights = {}
    slope = _slope_of_loss(went.output, sheet)

    def back(name: str, inputs: Floats, slope: Floats) -> Floats:
        found[name], found[f"{name}_bias"] = inputs.T @ slope, slope.sum(axis=0)
        whole: Floats = slope @ weights[name].T
        return whole

    slope = back("output", went.hidden * went.kept[1], slope)
    slope = back("far", went.known, slope * went.kept[1] * _inside(went.hidden))
    early = slope[:, UNITS : 2 * UNITS]
    slope = slope[:, :UNITS] * went.kept[0]
    for layer in reversed(range(LAYERS)):
        if layer == POOLED - 1:
            lines, both, out = went.pooled
            slope = slope * _inside(out)
            of_page = back("page", both, np.add.reduceat(slope, sheet.heads, axis=0))
            slope = slope + _spread_pool(of_page, lines, both, sheet)
        inputs, added, kept, lines = went.layers[layer]
        slope = slope * (lines + added * kept < TOP)
        own = back(f"layer{layer}", inputs, slope * kept * _inside(added))
        above, below = sheet.seen(1 << layer)
        padded = _pad(own)
        slope = slope + padded[below, :UNITS] + own[:, UNITS : 2 * UNITS]
        slope = slope + padded[above, 2 * UNITS :]
    slope = back("enter", went.inputs, (slope + early) * _inside(went.entered))
    return found | {"words": _slope_of_words(slope[:, -SPOKEN:] / went.root, weights, went)}


def tell_loss(weights: Weights, sheet: Sheet) -> float:
    """Give the loss without drops: what `find_slopes` is the slope of."""
    output = _go(weights, sheet, None).output.astype(np.float64)
    odds = output[:, :-1] - output[:, :-1].max(axis=1, keepdims=True)
    logs = odds - np.log(np.exp(odds).sum(axis=1, keepdims=True))
    kinds = -(_smooth(sheet.kind) * logs).sum(axis=1) @ sheet.weight / len(output)
    starts = np.logaddexp(0, output[:, -1]) - sheet.start * output[:, -1]
    return float(kinds + START_LOSS * starts.mean())


def _go(weights: Weights, sheet: Sheet, chance: np.random.Generator | None) -> Pass:
    """Compute the network's outputs, and keep what the way back needs."""

    def sums(name: str, values: Floats) -> Floats:
        whole: Floats = values @ weights[name] + weights[f"{name}_bias"]
        return whole

    features = sheet.lines * _keep(sheet.lines.shape, DROP_INPUT, chance)
    heard = _keep(sheet.word.shape, DROP_WORD, chance) > 0
    word, of = sheet.word[heard], sheet.of[heard]
    said = np.bincount(of, minlength=len(sheet.page))
    root = np.sqrt(np.maximum(said, 1))[:, None].astype(np.float32)
    spoken = np.zeros((len(sheet.page), SPOKEN), dtype=weights["words"].dtype)
    if len(of):
        spoken[said > 0] = np.add.reduceat(weights["words"][word], np.cumsum(said)[said > 0]
                                           - said[said > 0], axis=0)  # fmt: skip
    inputs = np.hstack([features, spoken / root])
    lines = entered = np.clip(sums("enter", inputs), 0, TOP)
    layers = []
    for layer in range(LAYERS):
        above, below = sheet.seen(1 << layer)
        padded = _pad(lines)
        around = np.hstack([padded[above], lines, padded[below]])
        added = np.clip(sums(f"layer{layer}", around), 0, TOP)
        kept = _keep(added.shape, DROP, chance)
        layers.append((around, added, kept, lines))
        lines = np.minimum(lines + added * kept, TOP)
        if layer == POOLED - 1:
            both = _pool(lines, sheet)
            out = np.clip(lines + sums("page", both)[sheet.page], 0, TOP)
            pooled, lines = (lines, both, out), out
    kept_last = _keep(lines.shape, DROP, chance)
    known = np.hstack([lines * kept_last, entered, features])
    hidden = np.clip(sums("far", known), 0, TOP)
    kept_hidden = _keep(hidden.shape, DROP, chance)
    return Pass(
        chance, inputs, word, of, root, entered, layers, pooled, known, hidden,
        [kept_last, kept_hidden], sums("output", hidden * kept_hidden),
    )  # fmt: skip


def _pool(lines: Floats, sheet: Sheet) -> Floats:
    mean = np.add.reduceat(lines, sheet.heads, axis=0) / sheet.counts[:, None].astype(lines.dtype)
    return np.hstack([mean, np.maximum.reduceat(lines, sheet.heads, axis=0)])


def _spread_pool(slope: Floats, lines: Floats, both: Floats, sheet: Sheet) -> Floats:
    mean = slope[:, :UNITS] / sheet.counts[:, None].astype(slope.dtype)
    highest = (lines == both[sheet.page, UNITS:]) & (lines > 0)
    spread: Floats = mean[sheet.page] + slope[sheet.page, UNITS:] * highest
    return spread


def _slope_of_words(slope: Floats, weights: Weights, went: Pass) -> Floats:
    found = np.zeros_like(weights["words"])
    order = np.argsort(went.word, kind="stable")
    word = went.word[order]
    heads = np.flatnonzero(np.r_[True, word[1:] != word[:-1]][: len(word)])
    if len(heads):
        found[word[heads]] = np.add.reduceat(slope[went.of[order]], heads, axis=0)
    return found


def _inside(values: Floats) -> NDArray[np.bool_]:
    return (values > 0) & (values < TOP)


def _pad(lines: Floats) -> Floats:
    return np.vstack([lines, np.zeros((1, lines.shape[1]), dtype=lines.dtype)])


def _slope_of_loss(output: Floats, sheet: Sheet) -> Floats:
    """Give the slope of the loss by each log odd."""
    odds = np.exp(output[:, :-1] - output[:, :-1].max(axis=1, keepdims=True))
    shares = odds / odds.sum(axis=1, keepdims=True)
    slope = np.empty_like(output)
    slope[:, :-1] = (shares - _smooth(sheet.kind)) * sheet.weight[:, None]
    slope[:, -1] = START_LOSS * (1 / (1 + np.exp(-output[:, -1])) - sheet.start)
    return slope / np.float32(max(len(output), 1))


def _smooth(kind: Ints) -> Floats:
    labels = np.eye(len(CLASSES), dtype=np.float32)[kind]
    return labels * np.float32(1 - SMOOTH) + np.float32(SMOOTH / len(CLASSES))


def _keep(shape: tuple[int, ...], drop: float, chance: np.random.Generator | None) -> Floats:
    """Draw what is kept, raised so that the mean stays."""
    if chance is None:
        return np.ones(shape, dtype=np.float32)
    kept = chance.random(shape, dtype=np.float32) >= drop
    return kept.astype(np.float32) / np.float32(1 - drop)

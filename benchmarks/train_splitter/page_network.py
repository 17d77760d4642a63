"""
The network of the page in plain numpy, and the gradients of its loss.

The same layers as `include.splitter.model.page_net`, in fractions instead of whole numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Floats, Weights
from benchmarks.train_splitter.fitting import (
    DROP_INPUT,
    TOP,
    Random,
    Targets,
    apply_layer,
    compute_loss,
    draw_dropout,
    draw_layer,
    find_loss_gradient,
    is_active,
)
from include.splitter.model.line_classifier import CLASSES
from include.splitter.model.page_net import POOLED

LAYERS, UNITS, WORD_UNITS, HIDDEN = 6, 32, 8, 48
DROP, DROP_WORD = 0.15, 0.5

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """
    Whole pages as the network takes them: n lines and their targets.

    lines: n × d features. page: n, from 0. heads, counts: of each page, its first line and how many
    it has. word, word_line: one for each known word of each line, by line; its index in the
    vocabulary, and the line.
    """

    lines: Floats
    page: Ints
    heads: Ints
    counts: Ints
    word: Ints
    word_line: Ints
    targets: Targets

    def find_neighbours(self, step: int) -> tuple[Ints, Ints]:
        """Give the line `step` above and below each; n where the page has none."""
        ids, count = np.arange(len(self.page)), len(self.page)
        first = self.heads[self.page]
        last = first + self.counts[self.page] - 1
        above = np.where(ids - step >= first, ids - step, count)
        return above, np.where(ids + step <= last, ids + step, count)


@dataclass(frozen=True)
class Convolution:
    """A layer's input, the lines above and below included, what it adds, and its dropout."""

    lines: Floats
    around: Floats
    added: Floats
    dropout: Floats


@dataclass(frozen=True)
class Pooling:
    """What the page adds to its lines: their input, the pooled values, the output."""

    lines: Floats
    pooled: Floats
    outputs: Floats


@dataclass(frozen=True)
class Forward:
    """
    What a pass through the network leaves for the gradients.

    word, word_line: of the words that are not dropped. root: the root of their number, per line.
    """

    word: Ints
    word_line: Ints
    root: Floats
    inputs: Floats
    entered: Floats
    layers: list[Convolution]
    pooling: Pooling
    last_dropout: Floats
    joined: Floats
    hidden: Floats
    hidden_dropout: Floats
    outputs: Floats


def begin_weights(columns: int, words: int, chance: Random) -> Weights:
    """Draw the first weights; columns: number of features."""
    weights = {"words": chance.normal(0, 0.1, (words, WORD_UNITS)).astype(np.float32)}
    shapes = {
        "enter": (columns + WORD_UNITS, UNITS),
        **{f"layer{layer}": (3 * UNITS, UNITS) for layer in range(LAYERS)},
        "page": (2 * UNITS, UNITS),
        "far": (2 * UNITS + columns, HIDDEN),
        "output": (HIDDEN, len(CLASSES) + 1),
    }
    for name, (rows, units) in shapes.items():
        weights[name], weights[f"{name}_bias"] = draw_layer(rows, units, chance)
    return weights


def find_gradients(weights: Weights, batch: Batch, chance: Random | None) -> Weights:
    """Give the gradient of the loss for each part; chance drops inputs and units, None none."""
    forward = _compute_forward(weights, batch, chance)
    gradients: Weights = {}

    def go_back(name: str, inputs: Floats, gradient: Floats) -> Floats:
        """Keep the gradients of a layer's weights, and give those of its inputs."""
        gradients[name], gradients[f"{name}_bias"] = inputs.T @ gradient, gradient.sum(axis=0)
        of_inputs: Floats = gradient @ weights[name].T
        return of_inputs

    gradient = find_loss_gradient(forward.outputs, batch.targets)
    gradient = go_back("output", forward.hidden * forward.hidden_dropout, gradient)
    gradient = gradient * forward.hidden_dropout * is_active(forward.hidden)
    gradient = go_back("far", forward.joined, gradient)
    of_entered = gradient[:, UNITS : 2 * UNITS]
    gradient = gradient[:, :UNITS] * forward.last_dropout
    for layer in reversed(range(LAYERS)):
        if layer == POOLED - 1:
            pooling = forward.pooling
            gradient = gradient * is_active(pooling.outputs)
            of_pages = np.add.reduceat(gradient, batch.heads, axis=0)
            of_pooled = go_back("page", pooling.pooled, of_pages)
            gradient = gradient + _spread_gradient(of_pooled, pooling, batch)
        own = forward.layers[layer]
        gradient = gradient * (own.lines + own.added * own.dropout < TOP)
        of_added = gradient * own.dropout * is_active(own.added)
        of_around = go_back(f"layer{layer}", own.around, of_added)
        above, below = batch.find_neighbours(1 << layer)
        padded = _pad(of_around)
        gradient = gradient + padded[below, :UNITS] + of_around[:, UNITS : 2 * UNITS]
        gradient = gradient + padded[above, 2 * UNITS :]
    gradient = (gradient + of_entered) * is_active(forward.entered)
    gradient = go_back("enter", forward.inputs, gradient)
    of_words = _sum_by_word(gradient[:, -WORD_UNITS:] / forward.root, weights, forward)
    return gradients | {"words": of_words}


def find_loss(weights: Weights, batch: Batch) -> float:
    """Give the loss without dropout, whose gradients `find_gradients` gives."""
    return compute_loss(_compute_forward(weights, batch, None).outputs, batch.targets)


def _compute_forward(weights: Weights, batch: Batch, chance: Random | None) -> Forward:
    features = batch.lines * draw_dropout(batch.lines.shape, DROP_INPUT, chance)
    is_kept = draw_dropout(batch.word.shape, DROP_WORD, chance) > 0
    word, word_line = batch.word[is_kept], batch.word_line[is_kept]
    word_counts = np.bincount(word_line, minlength=len(batch.page))
    root = np.sqrt(np.maximum(word_counts, 1))[:, None].astype(np.float32)
    word_sums = np.zeros((len(batch.page), WORD_UNITS), dtype=weights["words"].dtype)
    if len(word):
        has_words = word_counts > 0
        begins = (np.cumsum(word_counts) - word_counts)[has_words]
        word_sums[has_words] = np.add.reduceat(weights["words"][word], begins, axis=0)
    inputs = np.hstack([features, word_sums / root])
    lines = entered = np.clip(apply_layer(weights, "enter", inputs), 0, TOP)
    layers = []
    for layer in range(LAYERS):
        above, below = batch.find_neighbours(1 << layer)
        padded = _pad(lines)
        around = np.hstack([padded[above], lines, padded[below]])
        added = np.clip(apply_layer(weights, f"layer{layer}", around), 0, TOP)
        dropout = draw_dropout(added.shape, DROP, chance)
        layers.append(Convolution(lines, around, added, dropout))
        lines = np.minimum(lines + added * dropout, TOP)
        if layer == POOLED - 1:
            pooled = _pool(lines, batch)
            of_page = np.clip(lines + apply_layer(weights, "page", pooled)[batch.page], 0, TOP)
            pooling, lines = Pooling(lines, pooled, of_page), of_page
    last_dropout = draw_dropout(lines.shape, DROP, chance)
    joined = np.hstack([lines * last_dropout, entered, features])
    hidden = np.clip(apply_layer(weights, "far", joined), 0, TOP)
    hidden_dropout = draw_dropout(hidden.shape, DROP, chance)
    return Forward(
        word, word_line, root, inputs, entered, layers, pooling, last_dropout, joined, hidden,
        hidden_dropout, apply_layer(weights, "output", hidden * hidden_dropout),
    )  # fmt: skip


def _pool(lines: Floats, batch: Batch) -> Floats:
    """Give each page's mean and maximum of its lines."""
    mean = np.add.reduceat(lines, batch.heads, axis=0) / batch.counts[:, None].astype(lines.dtype)
    return np.hstack([mean, np.maximum.reduceat(lines, batch.heads, axis=0)])


def _spread_gradient(gradient: Floats, pooling: Pooling, batch: Batch) -> Floats:
    """Give the gradients of lines from those of their page's mean and maximum."""
    of_mean = gradient[:, :UNITS] / batch.counts[:, None].astype(gradient.dtype)
    is_highest = (pooling.lines == pooling.pooled[batch.page, UNITS:]) & (pooling.lines > 0)
    of_lines: Floats = of_mean[batch.page] + gradient[batch.page, UNITS:] * is_highest
    return of_lines


def _sum_by_word(gradient: Floats, weights: Weights, forward: Forward) -> Floats:
    """Give the gradients of the vocabulary's words from those of the lines' sums of words."""
    sums = np.zeros_like(weights["words"])
    order = np.argsort(forward.word, kind="stable")
    word = forward.word[order]
    heads = np.flatnonzero(np.r_[True, word[1:] != word[:-1]][: len(word)])
    if len(heads):
        sums[word[heads]] = np.add.reduceat(gradient[forward.word_line[order]], heads, axis=0)
    return sums


def _pad(lines: Floats) -> Floats:
    """Add a line of zeros, which stands for lines beyond the page."""
    return np.vstack([lines, np.zeros((1, lines.shape[1]), dtype=lines.dtype)])

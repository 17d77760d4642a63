"""
The network of the page: reads each line with its words, the lines up to 63 away, and its page.

A small convolutional network over the lines of a page, with dilations (Bai and others 2018).
"""

import math

import numpy as np
from numpy.typing import NDArray

from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import Ground
from include.splitter.model.net import (
    TOP_ACTIVATION,
    Bytes,
    Floats,
    Net,
    activate,
    add_products,
    split_work,
    start_inputs,
)

HIGHEST_SUM = 127  # of a line's words in any dimension, in 64ths: one byte
MOST_WORDS = 64  # lines with more are scaled as if they had this many
POOLED = 3  # layers before the values of the whole page are added to its lines
# 256 / sqrt(k)
ROOTS = np.array([256, *(math.isqrt(65536 // k) for k in range(1, MOST_WORDS + 1))])


def enter_lines(scaled: NDArray[np.int8], word_sums: NDArray[np.int8], net: Net) -> Bytes:
    """Give the activations of the first layer, which sees each line alone."""
    inputs = start_inputs(len(scaled), net.enter)
    np.concatenate([scaled, word_sums], axis=1, out=inputs[:, :-1])
    return activate(inputs, net.enter)


def read_around(entered: Bytes, ground: Ground, net: Net) -> Bytes:
    """Give the activations of the last layer that sees other lines of the page: n × c."""
    lines = entered
    for number, weights in enumerate(net.layers):
        if number == POOLED:
            lines = _add_page(lines, ground, net)
        lines = _convolve(lines, 1 << number, weights, ground)
    return lines


def join_lines(lines: Bytes, entered: Bytes, scaled: NDArray[np.int8], net: Net) -> Floats:
    """Give the outputs for some lines: one column per class, then the start."""
    inputs = start_inputs(len(lines), net.join)
    np.concatenate([lines, entered, scaled], axis=1, out=inputs[:, :-1])
    hidden = start_inputs(len(lines), net.page_output)
    hidden[:, :-1] = activate(inputs, net.join)
    return add_products(hidden, net.page_output)


def add_words(words: Words, count: int, net: Net) -> NDArray[np.int8]:
    """Give the sum of each line's words over the root of their number: n × s."""
    at = np.minimum(np.searchsorted(net.vocabulary, words.word), len(net.vocabulary) - 1)
    known = net.vocabulary[at] == words.word
    line, at = words.line[known], at[known]
    counts = np.minimum(np.bincount(line, minlength=count), MOST_WORDS)
    sums = np.empty((count, net.words.shape[1]), dtype=np.int8)
    for number, values in enumerate(net.words.T):
        total = np.bincount(line, values[at], count).astype(np.int64)
        scaled = (total * ROOTS[counts]) >> 8
        sums[:, number] = np.clip(scaled, -HIGHEST_SUM, HIGHEST_SUM)
    return sums


def _convolve(
    lines: Bytes, step: int, weights: NDArray[np.int16], ground: Ground
) -> Bytes:  # fmt: skip
    """Add a layer's output to each line: from the line and those `step` above and below."""
    width, count = lines.shape[1], len(lines)
    outputs = np.empty_like(lines)
    for part in split_work(count):
        ids, own = ground.ids[part], lines[part]
        inputs = start_inputs(len(ids), weights)
        inputs[:, :width] = lines.take(ids - step, axis=0, mode="clip")
        inputs[np.flatnonzero(ids - step < ground.first[part]), :width] = 0
        inputs[:, width : 2 * width] = own
        inputs[:, 2 * width : -1] = lines.take(ids + step, axis=0, mode="clip")
        inputs[np.flatnonzero(ids + step > ground.last[part]), 2 * width : -1] = 0
        outputs[part] = np.minimum(activate(inputs, weights), TOP_ACTIVATION - own) + own
    return outputs


def _add_page(lines: Bytes, ground: Ground, net: Net) -> Bytes:
    """Add a layer's output from the mean and maximum of each page to all its lines."""
    heads = np.flatnonzero(ground.ids == ground.first)
    counts = np.diff(np.r_[heads, len(lines)])
    inputs, width = start_inputs(len(heads), net.page), lines.shape[1]
    for number, column in enumerate(lines.T):  # one by one: summing widens a column to 8 bytes
        inputs[:, number] = np.add.reduceat(column, heads, dtype=np.int64) // counts
    inputs[:, width:-1] = np.maximum.reduceat(lines, heads, axis=0)
    added = add_products(inputs, net.page).astype(np.int32)
    outputs = np.empty_like(lines)
    for part in split_work(len(lines)):
        own = np.searchsorted(heads, ground.ids[part], side="right") - 1
        outputs[part] = np.clip(lines[part] + added[own], 0, TOP_ACTIVATION)
    return outputs

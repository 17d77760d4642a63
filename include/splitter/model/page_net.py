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


def read_pages(scaled: NDArray[np.int8], words: Words, ground: Ground, net: Net) -> Floats:
    """Give the outputs for n lines: one column per class, then the start."""
    count = len(scaled)
    outputs = np.empty((count, net.page_output.shape[1]), dtype=np.float32)
    if not count:
        return outputs
    word_sums = add_words(words, count, net)
    entered = np.empty((count, net.enter.shape[1]), dtype=np.uint8)
    for part in split_work(count):
        inputs = start_inputs(part.stop - part.start, net.enter)
        np.concatenate([scaled[part], word_sums[part]], axis=1, out=inputs[:, :-1])
        entered[part] = activate(inputs, net.enter)
    lines = entered
    for number, weights in enumerate(net.layers):
        if number == POOLED:
            lines = _add_page(lines, ground, net)
        lines = _convolve(lines, 1 << number, weights, ground)
    for part in split_work(count):
        inputs = start_inputs(part.stop - part.start, net.join)
        np.concatenate([lines[part], entered[part], scaled[part]], axis=1, out=inputs[:, :-1])
        hidden = start_inputs(len(inputs), net.page_output)
        hidden[:, :-1] = activate(inputs, net.join)
        outputs[part] = add_products(hidden, net.page_output)
    return outputs


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
    width = lines.shape[1]
    edge = np.zeros((step, width), dtype=np.uint8)
    padded = np.vstack([edge, lines, edge])
    outputs = np.empty_like(lines)
    for part in split_work(len(lines)):
        ids, own = ground.ids[part], lines[part]
        inputs = start_inputs(len(ids), weights)
        inputs[:, :width] = padded[part]
        inputs[np.flatnonzero(ids - step < ground.first[part]), :width] = 0
        inputs[:, width : 2 * width] = own
        inputs[:, 2 * width : -1] = padded[part.start + 2 * step : part.stop + 2 * step]
        inputs[np.flatnonzero(ids + step > ground.last[part]), 2 * width : -1] = 0
        outputs[part] = np.minimum(activate(inputs, weights), TOP_ACTIVATION - own) + own
    return outputs


def _add_page(lines: Bytes, ground: Ground, net: Net) -> Bytes:
    """Add a layer's output from the mean and maximum of each page to all its lines."""
    heads = np.flatnonzero(ground.ids == ground.first)
    counts = np.diff(np.r_[heads, len(lines)])[:, None]
    mean = np.add.reduceat(lines, heads, axis=0, dtype=np.int64) // counts
    inputs = start_inputs(len(heads), net.page)
    inputs[:, :-1] = np.hstack([mean, np.maximum.reduceat(lines, heads, axis=0)])
    added = np.repeat(add_products(inputs, net.page).astype(np.int32), counts[:, 0], axis=0)
    outputs: Bytes = np.clip(lines + added, 0, TOP_ACTIVATION).astype(np.uint8)
    return outputs

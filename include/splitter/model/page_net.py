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
    LIT,
    Bytes,
    Floats,
    Net,
    add_products,
    light_units,
    split_work,
)

LOUD = 127  # a line's highest value in any dimension of its words, in 64ths
MANY = 64  # words; lines with more are scaled as if they had so many
POOLED = 3  # layers below the one at which lines learn of their page
ROOTS = np.array([256, *(math.isqrt(65536 // k) for k in range(1, MANY + 1))])  # 256 / sqrt(k)


def read_pages(scaled: NDArray[np.int8], words: Words, ground: Ground, net: Net) -> Floats:
    """Give the outputs for n lines: one column per class, then the start."""
    count = len(scaled)
    outputs = np.empty((count, net.page_output.shape[1]), dtype=np.float32)
    if not count:
        return outputs
    spoken = add_words(words, count, net)
    entered = np.empty((count, net.enter.shape[1]), dtype=np.uint8)
    for part in split_work(count):
        inputs = np.hstack([scaled[part], spoken[part]]).astype(np.float32)
        entered[part] = light_units(inputs, net.enter)
    lines = entered
    for number, weights in enumerate(net.layers):
        if number == POOLED:
            lines = _add_page(lines, ground, net)
        lines = _look_around(lines, 1 << number, weights, ground)
    for part in split_work(count):
        known = np.hstack([lines[part], entered[part], scaled[part]]).astype(np.float32)
        outputs[part] = add_products(light_units(known, net.join), net.page_output)
    return outputs


def add_words(words: Words, count: int, net: Net) -> NDArray[np.int8]:
    """Give each of n lines what its words add up to, over the root of their number: n × e."""
    at = np.minimum(np.searchsorted(net.vocabulary, words.word), len(net.vocabulary) - 1)
    known = net.vocabulary[at] == words.word
    line, at = words.line[known], at[known]
    order = np.argsort(line, kind="stable")
    line, at = line[order], at[order]
    heads = np.flatnonzero(np.r_[True, line[1:] != line[:-1]][: len(line)])
    whole = np.zeros((count, net.words.shape[1]), dtype=np.int8)
    if len(heads):
        total = np.add.reduceat(net.words[at], heads, axis=0, dtype=np.int32)
        share = np.minimum(np.diff(np.r_[heads, len(line)]), MANY)
        whole[line[heads]] = np.clip((total * ROOTS[share][:, None]) >> 8, -LOUD, LOUD)
    return whole


def _look_around(
    lines: Bytes, step: int, weights: NDArray[np.int16], ground: Ground
) -> Bytes:  # fmt: skip
    """Add to each line what a layer makes of it and of the lines `step` above and below."""
    edge = np.zeros((step, lines.shape[1]), dtype=np.uint8)
    padded = np.vstack([edge, lines, edge])
    seen = np.empty_like(lines)
    for part in split_work(len(lines)):
        ids = ground.ids[part]
        begin, end = part.start, part.stop
        above = padded[begin:end] * (ids - step >= ground.first[part])[:, None]
        below = (
            padded[begin + 2 * step : end + 2 * step] * ((ids + step <= ground.last[part])[:, None])
        )
        added = light_units(np.hstack([above, lines[part], below]).astype(np.float32), weights)
        seen[part] = np.minimum(added + lines[part], LIT)
    return seen


def _add_page(lines: Bytes, ground: Ground, net: Net) -> Bytes:
    """Add to each line what the network makes of the mean and maximum of its page's lines."""
    heads = np.flatnonzero(ground.ids == ground.first)
    counts = np.diff(np.r_[heads, len(lines)])[:, None]
    mean = np.add.reduceat(lines, heads, axis=0, dtype=np.int64) // counts
    both = np.hstack([mean, np.maximum.reduceat(lines, heads, axis=0)]).astype(np.float32)
    added = np.repeat(add_products(both, net.page).astype(np.int32), counts[:, 0], axis=0)
    whole: Bytes = np.clip(lines + added, 0, LIT).astype(np.uint8)
    return whole

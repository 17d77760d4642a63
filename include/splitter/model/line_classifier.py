"""
Classify lines: how likely each is body, headline, caption, a story's side matter, or chrome.

Two small networks, trained by `benchmarks/train_splitter`; their mean counts. Exponentials come
from a table of whole numbers in the model file.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import Ground, Ints, Matrix
from include.splitter.model.near_net import read_near_lines
from include.splitter.model.net import Floats, Net, scale_features, split_work
from include.splitter.model.page_net import read_pages

CLASSES = ("chrome", "body", "headline", "caption", "side")
CHROME, BODY, HEADLINE, CAPTION, SIDE = range(len(CLASSES))
SURE = 255  # outputs are shares of this


@dataclass(frozen=True)
class Reading:
    """kinds: n × classes, in 255ths. starts: n; how likely the line is a start, in 255ths."""

    kinds: Ints
    starts: Ints


def read_lines(matrix: Matrix | Ints, words: Words, ground: Ground, net: Net) -> Reading:
    """
    Classify n lines: the mean of two networks, rounded down.

    Args:
        matrix: n × d features, in the order the networks were trained on. words: of the same lines.
    """
    scaled = scale_features(matrix, net)
    near, page = read_near_lines(scaled, ground, net), read_pages(scaled, words, ground, net)
    kinds = np.empty((len(matrix), len(CLASSES)), dtype=np.int64)
    starts = np.empty(len(matrix), dtype=np.int64)
    for part in split_work(len(matrix)):
        both = [_find_shares(outputs[part], net) for outputs in (near, page)]
        kinds[part] = (both[0][0] + both[1][0]) // 2
        starts[part] = (both[0][1] + both[1][1]) // 2
    return Reading(kinds, starts)


def _find_shares(outputs: Floats, net: Net) -> tuple[Ints, Ints]:
    """Turn a network's outputs into shares of SURE: of the classes, and of a start."""
    start = np.stack([np.zeros(len(outputs)), outputs[:, -1]], axis=1)
    return _shares(outputs[:, :-1], net), _shares(start, net)[:, 1]


def _shares(outputs: Floats, net: Net) -> Ints:
    """Turn outputs (32nds) into shares of SURE, as softmax does."""
    behind = (outputs.max(axis=1, keepdims=True) - outputs).astype(np.int64)
    odds = net.odds[np.minimum(behind, len(net.odds) - 1)].astype(np.int64)
    return odds * SURE // odds.sum(axis=1, keepdims=True)

"""
Classify lines: how likely each is body, headline, caption, a story's side matter, or chrome.

Two small networks, trained by `benchmarks/train_splitter`; their mean counts. Exponentials come
from a table of whole numbers in the model file.
"""

from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def kind(self) -> Ints:
        """Each line's likeliest class."""
        return self.kinds.argmax(axis=1)


def read_lines(matrix: Matrix | Ints, words: Words, ground: Ground, net: Net) -> Reading:
    """
    Classify n lines: the mean of two networks, rounded down.

    Args:
        matrix: n × d features, in the order the networks were trained on. words: of the same lines.
    """
    scaled = scale_features(matrix, net)
    near, page = read_near_lines(scaled, ground, net), read_pages(scaled, words, ground, net)
    kinds = np.empty((len(CLASSES), len(matrix)), dtype=np.int64)
    starts = np.empty(len(matrix), dtype=np.int64)
    for part in split_work(len(matrix)):
        both = [_find_shares(outputs[part], net) for outputs in (near, page)]
        kinds[:, part] = (both[0][0] + both[1][0]) // 2
        starts[part] = (both[0][1] + both[1][1]) // 2
    return Reading(kinds.T, starts)


def _find_shares(outputs: Floats, net: Net) -> tuple[Ints, Ints]:
    """Turn a network's outputs into shares of SURE: of the classes, and of a start."""
    columns = np.ascontiguousarray(outputs.T)
    start = np.stack([np.zeros_like(columns[-1]), columns[-1]])
    return _shares(columns[:-1], net), _shares(start, net)[1]


def _shares(outputs: Floats, net: Net) -> Ints:
    """Turn outputs (32nds), a row per class, into shares of SURE, as softmax does."""
    behind = (outputs.max(axis=0) - outputs).astype(np.int64)
    odds = net.odds.take(behind, mode="clip").astype(np.int64)
    return odds * SURE // odds.sum(axis=0)

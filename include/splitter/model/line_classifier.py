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
from include.splitter.memory import return_memory
from include.splitter.model.near_net import read_near_lines, widen
from include.splitter.model.net import Floats, Net, scale_features, split_work
from include.splitter.model.page_net import add_words, enter_lines, join_lines, read_around

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
        kind, most = np.zeros(len(self.kinds), dtype=np.int64), self.kinds[:, 0]
        for number in range(1, self.kinds.shape[1]):
            kind[self.kinds[:, number] > most] = number
            most = np.maximum(most, self.kinds[:, number])
        return kind


def read_lines(matrix: Matrix | Ints, words: Words, ground: Ground, net: Net) -> Reading:
    """
    Classify n lines: the mean of two networks, rounded down.

    Args:
        matrix: n × d features, in the order the networks were trained on. words: of the same lines.
    """
    count = len(matrix)
    return_memory(count)
    kinds = np.empty((len(CLASSES), count), dtype=np.int16)
    starts = np.empty(count, dtype=np.int16)
    entered = np.empty((count, net.enter.shape[1]), dtype=np.uint8)
    word_sums = add_words(words, count, net)
    for part in split_work(count):
        seen = widen(part, count)
        scaled = scale_features(matrix, seen, net)
        kinds[:, part], starts[part] = _find_shares(read_near_lines(scaled, part, ground, net), net)
        own = scaled[part.start - seen.start :][: part.stop - part.start]
        entered[part] = enter_lines(own, word_sums[part], net)
    lines = read_around(entered, ground, net)
    for part in split_work(count):
        scaled = scale_features(matrix, part, net)  # again: a page may have millions of lines
        outputs = join_lines(lines[part], entered[part], scaled, net)
        of_page, start = _find_shares(outputs, net)
        kinds[:, part] = (kinds[:, part] + of_page) // 2
        starts[part] = (starts[part] + start) // 2
    del lines, entered
    return_memory(count)
    return Reading(kinds.astype(np.int64).T, starts.astype(np.int64))


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

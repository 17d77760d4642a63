"""
Fit the network of the page (`include.splitter.model.page_net`).
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Descent, Weights, round_weights
from benchmarks.train_splitter.fitting import (
    STEP,
    UNIT,
    count_steps,
    fit_weights,
    pick_targets,
    scale_lines,
    weigh_targets,
)
from benchmarks.train_splitter.lots import Lot
from benchmarks.train_splitter.page_network import (
    LAYERS,
    Batch,
    begin_weights,
    find_gradients,
)
from include.splitter.model.page_net import HIGHEST_SUM

EPOCHS = 14
WORD_DECAY = 0.2  # words overfit sooner
VOCABULARY_WORDS = 2048
MIN_GROUPS = 8  # publishers that a word of the vocabulary must occur with
WORD_STEP = 64.0  # what a word adds is stored in these parts of one


def fit_page(lots: list[Lot], scale: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """
    Fit the network on lots of pages, as `fit_weights` takes them.

    Args:
        lots: the vocabulary is that of the first.
    Returns:
        The parts of `Net` that belong to this network, in whole numbers.
    """
    chance = np.random.default_rng(seed)
    vocabulary = find_vocabulary(lots[0])
    weights = begin_weights(scale.shape[0], len(vocabulary), chance)
    prepared = [_PreparedLot(lot, scale, vocabulary) for lot in lots]
    descent = Descent(weights, count_steps(lots) * EPOCHS, {"words": WORD_DECAY})
    fit_weights(
        descent, lots, EPOCHS, chance,
        lambda number, pages: find_gradients(weights, prepared[number].pick(pages), chance),
    )  # fmt: skip
    return {"vocabulary": vocabulary, **_round_parts(weights, len(scale))}


def find_vocabulary(lot: Lot) -> NDArray[np.uint64]:
    """Give the VOCABULARY_WORDS most common words, each of MIN_GROUPS groups of pages or more."""
    word, group = lot.words.word, lot.group[lot.page[lot.words.line]]
    order = np.lexsort((group, word))
    word, group = word[order], group[order]
    fresh = np.r_[True, (word[1:] != word[:-1]) | (group[1:] != group[:-1])][: len(word)]
    words, counts = np.unique(word[fresh], return_counts=True)
    words, counts = words[counts >= MIN_GROUPS], counts[counts >= MIN_GROUPS]
    return np.sort(words[np.argsort(-counts, kind="stable")[:VOCABULARY_WORDS]])


class _PreparedLot:
    """A lot whose inputs and targets are computed once, and from which each step picks pages."""

    def __init__(self, lot: Lot, scale: np.ndarray, vocabulary: NDArray[np.uint64]) -> None:
        self.lines = scale_lines(lot, scale)
        self.targets = weigh_targets(lot)
        self.bounds = np.searchsorted(lot.page, range(lot.pages + 1))
        at = np.minimum(np.searchsorted(vocabulary, lot.words.word), len(vocabulary) - 1)
        known = np.flatnonzero(vocabulary[at] == lot.words.word)
        known = known[np.argsort(lot.words.line[known], kind="stable")]
        self.word = at[known]
        self.word_bounds = np.searchsorted(lot.words.line[known], range(len(lot.page) + 1))

    def pick(self, pages: np.ndarray) -> Batch:
        """Give the lines of some pages, in the order of `pages`."""
        counts = self.bounds[pages + 1] - self.bounds[pages]
        heads = np.cumsum(counts) - counts
        page = np.repeat(np.arange(len(pages)), counts)
        rows = np.arange(len(page)) + (self.bounds[pages] - heads)[page]
        begins = self.word_bounds[rows]
        word_counts = self.word_bounds[rows + 1] - begins
        word_line = np.repeat(np.arange(len(rows)), word_counts)
        earlier = np.cumsum(word_counts) - word_counts
        word = self.word[np.arange(len(word_line)) + (begins - earlier)[word_line]]
        return Batch(
            self.lines[rows], page, heads, counts, word, word_line,
            pick_targets(self.targets, rows),
        )  # fmt: skip


def _round_parts(weights: Weights, columns: int) -> dict[str, np.ndarray]:
    """Round the weights; features are in 16ths, words in 64ths, activations in 32nds."""
    enter, join = weights["enter"].copy(), weights["far"].copy()
    enter[:columns] *= np.float32(UNIT / STEP)
    enter[columns:] *= np.float32(UNIT / WORD_STEP)
    join[-columns:] *= np.float32(UNIT / STEP)
    layers = [
        round_weights(weights[f"layer{layer}"], weights[f"layer{layer}_bias"])
        for layer in range(LAYERS)
    ]
    words = np.clip(np.rint(weights["words"] * WORD_STEP), -HIGHEST_SUM, HIGHEST_SUM)
    return {
        "words": words.astype(np.int8),
        "enter": round_weights(enter, weights["enter_bias"]),
        "layers": np.stack(layers),
        "page": round_weights(weights["page"], weights["page_bias"]),
        "join": round_weights(join, weights["far_bias"]),
        "page_output": round_weights(weights["output"], weights["output_bias"]),
    }

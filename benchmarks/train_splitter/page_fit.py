"""
Fit the network of the page (`include.splitter.model.page_net`).
"""

import math

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_splitter.descent import Descent, Weights, round_weights
from benchmarks.train_splitter.lots import Lot
from benchmarks.train_splitter.page_network import (
    LAYERS,
    UNIT,
    Sheet,
    begin_weights,
    find_slopes,
)
from include.splitter.model.net import LOWEST
from include.splitter.model.page_net import LOUD

EPOCHS = 14
PAGES_A_STEP = 8
PAGE_LINES = 150  # a longer page's lines count no more than this many: pages count, not stories
WORD_DECAY = 0.2  # words overfit sooner
MOST_WORDS = 2048
GROUPS = 8  # publishers that a word of the vocabulary must occur with
STEP = 16.0  # a feature's standard deviation in the network's input
SPOKEN_STEP = 64.0  # what a word adds is stored in these parts of one


def fit_page(lots: list[Lot], scale: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """
    Fit the network on lots of pages.

    Args:
        lots: each with its own weight; every step takes pages of each, eight of the first. The
            vocabulary is the first's.
    Returns:
        The parts of `Net` that are this network's, in whole numbers.
    """
    chance = np.random.default_rng(seed)
    vocabulary = find_vocabulary(lots[0])
    weights = begin_weights(scale.shape[0], len(vocabulary), chance)
    decks = [_Deck(lot, scale, vocabulary) for lot in lots]
    steps = max(math.ceil(lots[0].pages / PAGES_A_STEP), 1)
    way = Descent(weights, steps * EPOCHS, {"words": WORD_DECAY})
    for step in range(steps * EPOCHS):
        if step % steps == 0:
            hands = [np.array_split(chance.permutation(lot.pages), steps) for lot in lots]
        slopes = way.nothing()
        for lot, hand, deck in zip(lots, hands, decks, strict=True):
            if len(hand[step % steps]):
                some = deck.pick(hand[step % steps])
                for name, slope in find_slopes(weights, some, chance).items():
                    slopes[name] += np.float32(lot.weight) * slope
        way.descend(slopes)
    return {"vocabulary": vocabulary, **_make_whole(weights, len(scale))}


def find_vocabulary(lot: Lot) -> NDArray[np.uint64]:
    """Give the words that occur with at least GROUPS groups of pages, the most common ones."""
    word, group = lot.words.word, lot.group[lot.page[lot.words.line]]
    order = np.lexsort((group, word))
    word, group = word[order], group[order]
    fresh = np.r_[True, (word[1:] != word[:-1]) | (group[1:] != group[:-1])][: len(word)]
    words, counts = np.unique(word[fresh], return_counts=True)
    words, counts = words[counts >= GROUPS], counts[counts >= GROUPS]
    return np.sort(words[np.argsort(-counts, kind="stable")[:MOST_WORDS]])


class _Deck:
    """A lot laid out once, from which steps pick pages."""

    def __init__(self, lot: Lot, scale: np.ndarray, vocabulary: NDArray[np.uint64]) -> None:
        values = np.clip(lot.matrix + LOWEST, 0, scale.shape[1] - 1)
        self.lot = lot
        self.lines = (scale[np.arange(lot.matrix.shape[1]), values] / STEP).astype(np.float32)
        weight = np.clip(np.log1p(lot.size) / 4, 0.4, 1.6)
        weight *= np.minimum(1, PAGE_LINES / (lot.last - lot.first + 1))
        self.weight = weight.astype(np.float32)
        self.bounds = np.searchsorted(lot.page, range(lot.pages + 1))
        at = np.minimum(np.searchsorted(vocabulary, lot.words.word), len(vocabulary) - 1)
        known = np.flatnonzero(vocabulary[at] == lot.words.word)
        known = known[np.argsort(lot.words.line[known], kind="stable")]
        self.word = at[known]
        self.said = np.searchsorted(lot.words.line[known], range(len(lot.page) + 1))

    def pick(self, pages: np.ndarray) -> Sheet:
        """Give the lines of some pages."""
        counts = self.bounds[pages + 1] - self.bounds[pages]
        heads = np.cumsum(counts) - counts
        page = np.repeat(np.arange(len(pages)), counts)
        rows = np.arange(len(page)) + (self.bounds[pages] - heads)[page]
        said = self.said[rows + 1] - self.said[rows]
        of = np.repeat(np.arange(len(rows)), said)
        word = self.word[np.arange(len(of)) + (self.said[rows] - np.cumsum(said) + said)[of]]
        lot = self.lot
        return Sheet(
            self.lines[rows], page, heads, counts, word, of, lot.kind[rows], lot.start[rows],
            self.weight[rows],
        )  # fmt: skip


def _make_whole(weights: Weights, columns: int) -> dict[str, np.ndarray]:
    """Round the weights; features are in 16ths, words in 64ths, activations in 32nds."""
    enter, join = weights["enter"].copy(), weights["far"].copy()
    enter[:columns] *= np.float32(UNIT / STEP)
    enter[columns:] *= np.float32(UNIT / SPOKEN_STEP)
    join[-columns:] *= np.float32(UNIT / STEP)
    layers = [
        round_weights(weights[f"layer{layer}"], weights[f"layer{layer}_bias"])
        for layer in range(LAYERS)
    ]
    words = np.clip(np.rint(weights["words"] * SPOKEN_STEP), -LOUD, LOUD)
    return {
        "words": words.astype(np.int8),
        "enter": round_weights(enter, weights["enter_bias"]),
        "layers": np.stack(layers),
        "page": round_weights(weights["page"], weights["page_bias"]),
        "join": round_weights(join, weights["far_bias"]),
        "page_output": round_weights(weights["output"], weights["output_bias"]),
    }

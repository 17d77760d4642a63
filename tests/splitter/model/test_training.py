"""The trainer's gradients match its losses, and networks learn from words and neighbours."""

from types import ModuleType

import numpy as np
import pytest

from benchmarks.train_splitter import near_network, page_network
from benchmarks.train_splitter.descent import Weights
from benchmarks.train_splitter.fitting import Targets
from benchmarks.train_splitter.lots import Lot
from benchmarks.train_splitter.nets import fit_net
from benchmarks.train_splitter.page_network import begin_weights
from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import find_ground
from include.splitter.model.line_classifier import CLASSES, HEADLINE, read_lines
from include.splitter.model.near_net import REACH

LINES, COLUMNS, WORDS, STEP = 30, 9, 5, 1e-6
PAGE_PARTS = tuple(begin_weights(COLUMNS, WORDS, np.random.default_rng(0)))


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(0)


def draw_targets(chance: np.random.Generator) -> Targets:
    return Targets(
        kind=chance.integers(0, len(CLASSES), LINES),
        start=chance.random(LINES) < 0.2,
        weight=chance.random(LINES) + 0.5,
    )


def compare_gradients(
    network: ModuleType, weights: Weights, batch: object, part: str
) -> None:  # fmt: skip
    """Compare gradients with what small steps change."""
    gradients = network.find_gradients(weights, batch, None)[part].ravel()
    flat = weights[part].ravel()
    for at in np.random.default_rng(2).integers(0, flat.size, 20):
        kept = flat[at]
        losses = []
        for step in (STEP, -STEP):
            flat[at] = kept + step
            losses.append(network.find_loss(weights, batch))
        flat[at] = kept
        assert (losses[0] - losses[1]) / (2 * STEP) == pytest.approx(gradients[at], abs=1e-6)


@pytest.mark.parametrize("part", near_network.PARTS)
def test_gradients_of_the_network_of_near_lines_match_its_loss(
    part: str, chance: np.random.Generator
) -> None:
    weights = {
        name: own.astype(np.float64)
        for name, own in near_network.begin_weights(COLUMNS, chance).items()
    }
    weights["edge"] += 0.3
    page = np.repeat([0, 1, 2], [12, 10, 8])
    first, last = np.searchsorted(page, page), np.searchsorted(page, page, side="right") - 1
    around = np.arange(LINES)[:, None] + np.arange(-REACH, REACH + 1)
    batch = near_network.Batch(
        lines=chance.normal(size=(LINES, COLUMNS)),
        on_page=(around >= first[:, None]) & (around <= last[:, None]),
        targets=draw_targets(chance),
    )
    compare_gradients(near_network, weights, batch, part)


@pytest.mark.parametrize("part", PAGE_PARTS)
def test_gradients_of_the_network_of_the_page_match_its_loss(
    part: str, chance: np.random.Generator
) -> None:
    drawn = begin_weights(COLUMNS, WORDS, chance)
    weights = {name: own.astype(np.float64) for name, own in drawn.items()}
    counts = np.array([12, 10, 8])
    batch = page_network.Batch(
        lines=chance.normal(size=(LINES, COLUMNS)),
        page=np.repeat([0, 1, 2], counts),
        heads=np.cumsum(counts) - counts,
        counts=counts,
        word=chance.integers(0, WORDS, 40),
        word_line=np.sort(chance.integers(0, LINES, 40)),
        targets=draw_targets(chance),
    )
    compare_gradients(page_network, weights, batch, part)


def test_networks_learn_what_a_word_and_the_line_above_say(chance: np.random.Generator) -> None:
    count, pages = 6000, 300
    page = np.repeat(np.arange(pages), count // pages)
    said = chance.integers(10, 14, count).astype(np.uint64)
    matrix = chance.integers(0, 3, (count, COLUMNS)).astype(np.int16)
    above = np.r_[0, matrix[:-1, 0]] * (np.r_[-1, page[:-1]] == page)
    kind = np.where((said == 12) & (above == 2), HEADLINE, 0)
    ids, none = np.arange(count), np.zeros(0, dtype=np.int64)
    words = Words(said, ids, said == 0, said)
    lot = Lot(
        matrix, page, np.full(count, 40), kind, kind == HEADLINE, none, words, 1.0, none,
        np.arange(pages), none,
    )  # fmt: skip
    reading = read_lines(matrix, words, find_ground(page), fit_net([lot], 0))
    assert (reading.kinds.argmax(axis=1) == kind).mean() > 0.97
    assert ((reading.starts > 127) == (kind == HEADLINE)).mean() > 0.97

"""The model: exact on every machine, and trained on this code's features."""

import dataclasses

import numpy as np
import pytest

from benchmarks.train_splitter.labelled import name_features
from include.errors import DataFileInvalid
from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import find_ground
from include.splitter.model.forest import MANY, VALUE_STEPS, Forest, sum_trees
from include.splitter.model.line_classifier import read_lines
from include.splitter.model.model_file import (
    FORESTS,
    pack_model,
    read_card,
    read_model,
    unpack_model,
)
from include.splitter.model.net import MATRICES, check_net


def test_the_model_was_trained_on_the_features_of_this_code() -> None:
    assert tuple(read_card()["features"]) == name_features()
    assert len(read_model().net.scale) == len(name_features())


@pytest.mark.parametrize("name", MATRICES)
def test_no_sum_of_the_networks_exceeds_what_a_float_holds_exactly(name: str) -> None:
    net = read_model().net
    check_net(net)
    loud = dataclasses.replace(net, **{name: np.full_like(getattr(net, name), 30_000)})
    with pytest.raises(DataFileInvalid, match=f"sums of {name}"):
        check_net(loud)


def test_a_model_is_the_same_once_packed_and_unpacked() -> None:
    packed = pack_model(read_model())
    again = pack_model(unpack_model(packed))
    assert packed.keys() == again.keys()
    assert all(np.array_equal(packed[name], again[name]) for name in packed)


def test_a_higher_score_never_means_a_lower_probability() -> None:
    chance = read_model().chance
    assert (np.diff(chance[:, 0]) > 0).all()
    assert (np.diff(chance[:, 1]) >= 0).all()
    assert 0 <= chance[0, 1] <= chance[-1, 1] <= 1000


def test_lines_read_the_same_in_any_company() -> None:
    net = read_model().net
    chance = np.random.default_rng(5)
    matrix = chance.integers(0, 40, (300, len(net.scale)))
    known = net.vocabulary[chance.integers(0, len(net.vocabulary), 900)]
    line = chance.integers(0, 300, 900)
    words, later = Words(known, line, known == 0, known), line >= 120
    own = Words(known[later], line[later] - 120, known[later] == 0, known[later])
    whole = read_lines(matrix, words, find_ground(np.repeat([0, 1], [120, 180])), net)
    alone = read_lines(matrix[120:], own, find_ground(np.zeros(180)), net)
    assert np.array_equal(whole.kinds[120:], alone.kinds)
    assert np.array_equal(whole.starts[120:], alone.starts)


@pytest.mark.parametrize("number", [2, 5000])  # lines that fill one lot of sums, and two
def test_lines_read_the_same_in_any_lot(number: int) -> None:
    net = read_model().net
    matrix = np.random.default_rng(6).integers(0, 40, (number, len(net.scale)))
    none = Words(*(np.zeros(0, kind) for kind in (np.uint64, np.int64, bool, np.uint64)))
    page = find_ground(np.zeros(number))
    twice = find_ground(np.repeat([0, 1], number))
    once = read_lines(matrix, none, page, net)
    both = read_lines(np.vstack([matrix, matrix]), none, twice, net)
    assert np.array_equal(both.kinds, np.vstack([once.kinds, once.kinds]))


def test_trees_are_summed_as_drawn() -> None:
    one = Forest(
        feature=np.array([[0, 0, 0]], dtype=np.int16),
        limit=np.array([[7, 0, 0]], dtype=np.int32),
        low=np.array([[1, 1, 2]], dtype=np.uint8),
        high=np.array([[2, 1, 2]], dtype=np.uint8),
        value=np.array([[0, VALUE_STEPS, -VALUE_STEPS]], dtype=np.int16),
        depth=np.array([1], dtype=np.int16),
    )
    rows = np.array([[7, 0], [8, 0], [1 << 40, 0]])
    assert sum_trees(rows, one).tolist() == [VALUE_STEPS, -VALUE_STEPS, -VALUE_STEPS]


@pytest.mark.parametrize("name", FORESTS)
def test_comparing_whole_columns_gives_the_sums_of_a_walk_down_the_trees(name: str) -> None:
    forest = getattr(read_model(), name)
    rng = np.random.default_rng(7)
    rows = np.zeros((MANY + 1, int(forest.feature.max()) + 1), dtype=np.int64)
    for column in range(rows.shape[1]):
        limits = np.append(forest.limit[forest.feature == column], 0)
        rows[:, column] = rng.choice(limits, len(rows)) + rng.integers(0, 2, len(rows))
    rows[0] = 1 << 40
    walked = np.r_[sum_trees(rows[:-2], forest), sum_trees(rows[-2:], forest)]
    assert np.array_equal(sum_trees(rows, forest), walked)

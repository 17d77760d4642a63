"""The model: exact on every machine, and trained on this code's features."""

import dataclasses

import numpy as np
import pytest

from benchmarks.train_splitter.labelled import name_features
from include.errors import DataFileInvalid
from include.splitter.model.forest import VALUE_STEPS, Forest, sum_trees
from include.splitter.model.line_classifier import check_net, read_lines
from include.splitter.model.model_file import pack_model, read_card, read_model, unpack_model


def test_the_model_was_trained_on_the_features_of_this_code() -> None:
    assert tuple(read_card()["features"]) == name_features()
    assert all(len(net.scale) == len(name_features()) for net in read_model().nets)


def test_no_sum_of_the_networks_exceeds_what_a_float_holds_exactly() -> None:
    for net in read_model().nets:
        check_net(net)
        loud = dataclasses.replace(net, far=np.full_like(net.far, 30_000))
        with pytest.raises(DataFileInvalid, match="sums of far"):
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
    nets = read_model().nets
    chance = np.random.default_rng(5)
    matrix = chance.integers(0, 40, (300, len(nets[0].scale)))
    first, last = np.repeat([0, 120], [120, 180]), np.repeat([119, 299], [120, 180])
    whole = read_lines(matrix, first, last, nets)
    alone = read_lines(matrix[120:], first[120:] - 120, last[120:] - 120, nets)
    assert np.array_equal(whole.kinds[120:], alone.kinds)
    assert np.array_equal(whole.starts[120:], alone.starts)


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

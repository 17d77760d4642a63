"""
Classify lines: how likely each is body, headline, caption, a story's side matter, or chrome.

A small network, trained by `benchmarks/train_splitter`. Weights and activations are whole numbers
and no sum of products reaches 2**24, so float32 holds every partial sum exactly and the order of
additions does not matter. Exponentials come from a table of whole numbers in the model file.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from include.errors import DataFileInvalid
from include.splitter.line_arrays import Ints, Matrix

CLASSES = ("chrome", "body", "headline", "caption", "side")
CHROME, BODY, HEADLINE, CAPTION, SIDE = range(len(CLASSES))
REACH = 3  # neighbouring lines on either side that the network sees
SURE = 255  # outputs are shares of this
LOWEST = 4  # feature values run from -LOWEST to the table's end
LIT = 255  # a unit's highest activation, in 32nds
WEIGHT_BITS = 8  # weights are in 256ths
EXACT = 1 << 24  # float32 is exact for whole numbers up to here
AT_ONCE = 1 << 14  # lines classified together: the working set stays in the cache

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Net:
    """
    The network's weights, all whole numbers.

    scale: d × v; the input for each feature value, indexed by value + LOWEST. near: (d + 1) × e.
    far: (e × (2 REACH + 1) + d + 1) × h. output: (h + 1) × (classes + 1), the last column a start.
    odds: 65536 exp(-k / 32). Each matrix's last row is its bias. edge: e; stands for a line beyond
    the page.
    """

    scale: NDArray[np.int8]
    near: NDArray[np.int16]
    edge: NDArray[np.int16]
    far: NDArray[np.int16]
    output: NDArray[np.int16]
    odds: NDArray[np.int32]


@dataclass(frozen=True)
class Reading:
    """kinds: n × classes, in 255ths. starts: n; how likely the line is a start, in 255ths."""

    kinds: Ints
    starts: Ints


def check_net(net: Net) -> None:
    """
    Check that the network's sums are exact in float32.

    Raises:
        DataFileInvalid: a sum might exceed what float32 holds exactly.
    """
    most = {"near": 128, "far": LIT, "output": LIT}
    for name, high in most.items():
        weights = getattr(net, name).astype(np.int64)
        bound = int((np.abs(weights[:-1]).sum(axis=0) * high + np.abs(weights[-1]) * 256).max())
        if bound >= EXACT:
            raise DataFileInvalid(
                f"line classifier: sums of {name}", bound, "Train with smaller weights."
            )


def scale_features(matrix: Ints, net: Net) -> Floats:
    """Scale features to the network's inputs: n × d whole numbers from -128 to 127."""
    values = np.clip(matrix + LOWEST, 0, net.scale.shape[1] - 1)
    return net.scale[np.arange(matrix.shape[1]), values].astype(np.float32)


def read_lines(matrix: Matrix | Ints, first: Ints, last: Ints, nets: tuple[Net, ...]) -> Reading:
    """
    Classify n lines: the mean of the networks' outputs, rounded down.

    Args:
        matrix: n × d features, in the order the networks were trained on.
        first, last: as in `page_bounds`.
    """
    read = [_read_with(matrix, first, last, net) for net in nets]
    kinds = sum((one.kinds for one in read), np.zeros_like(read[0].kinds))
    starts = sum((one.starts for one in read), np.zeros_like(read[0].starts))
    return Reading(kinds // len(nets), starts // len(nets))


def _read_with(matrix: Matrix | Ints, first: Ints, last: Ints, net: Net) -> Reading:
    """Classify n lines with one network."""
    kinds = np.zeros((len(matrix), len(CLASSES)), dtype=np.int64)
    starts = np.zeros(len(matrix), dtype=np.int64)
    for begin in range(0, len(matrix), AT_ONCE):
        end = min(begin + AT_ONCE, len(matrix))
        low, high = max(begin - REACH, 0), min(end + REACH, len(matrix))
        outputs = _compute_outputs(
            scale_features(matrix[low:high], net), first, last, (low, begin, end), net
        )
        kinds[begin:end] = _shares(outputs[:, : len(CLASSES)], net)
        both = np.stack([np.zeros(end - begin), outputs[:, -1]], axis=1)
        starts[begin:end] = _shares(both, net)[:, 1]
    return Reading(kinds, starts)


def _compute_outputs(
    scaled: Floats, first: Ints, last: Ints, part: tuple[int, int, int], net: Net
) -> Floats:  # fmt: skip
    """Give the network's outputs for lines begin to end: one column per class, then the start."""
    low, begin, end = part
    near = np.vstack([_layer(scaled, net.near), net.edge.astype(np.float32)])
    ids = np.arange(begin, end)
    neighbours = []
    for step in range(-REACH, REACH + 1):
        there = (ids + step >= first[ids]) & (ids + step <= last[ids])
        neighbours.append(near[np.where(there, ids + step - low, len(near) - 1)])
    hidden = _layer(np.hstack([*neighbours, scaled[begin - low : end - low]]), net.far)
    return _sums(hidden, net.output)


def _sums(values: Floats, weights: NDArray[np.int16]) -> Floats:
    """Multiply exactly; results in 32nds, rounded down."""
    whole = weights.astype(np.float32)
    return np.floor((values @ whole[:-1] + whole[-1] * 32) / (1 << WEIGHT_BITS))


def _layer(values: Floats, weights: NDArray[np.int16]) -> Floats:
    return np.clip(_sums(values, weights), 0, LIT)


def _shares(outputs: Floats, net: Net) -> Ints:
    """Turn outputs (32nds) into shares of SURE, as softmax does."""
    behind = (outputs.max(axis=1, keepdims=True) - outputs).astype(np.int64)
    odds = net.odds[np.minimum(behind, len(net.odds) - 1)].astype(np.int64)
    return odds * SURE // odds.sum(axis=1, keepdims=True)

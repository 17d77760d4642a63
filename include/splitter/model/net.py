"""
The line classifier's weights, and the exact arithmetic of its layers.

Weights and activations are whole numbers and no sum of products reaches 2**24, so float32 holds
every partial sum exactly and the order of additions does not matter.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from include.errors import DataFileInvalid
from include.splitter.line_arrays import Ints, Matrix

LOWEST = 4  # feature values run from -LOWEST to the table's end
TOP_ACTIVATION = 255  # a unit's highest activation, in 32nds: a byte
WEIGHT_BITS = 8  # weights are in 256ths
EXACT = 1 << 24  # float32 is exact for whole numbers up to here
LINES_AT_ONCE = 1 << 12  # lines computed together: the working set stays in the cache
MATRICES = ("near", "far", "output", "enter", "layers", "page", "join", "page_output")

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Net:
    """
    The weights of two networks, in whole numbers. The last row of each matrix is its bias.

    scale: d × v; the input for each feature value, indexed by value + LOWEST. odds: 65536
    exp(-k / 32). An output has classes + 1 columns, the last one a start.

    Network of near lines. near: (d + 1) × e. edge: e; stands for a line beyond the page. far:
    (e × (2 REACH + 1) + d + 1) × h. output: (h + 1) × (classes + 1).

    Network of the page. vocabulary: w hashes of words, ascending. words: w × s, what each adds to a
    line, in 64ths. enter: (d + s + 1) × c. layers: l × (3c + 1) × c; each reads a line and those 1,
    2, 4, 8, … lines above and below. page: (2c + 1) × c; the mean and the maximum of a page's
    lines. join: (2c + d + 1) × h. page_output: (h + 1) × (classes + 1).
    """

    scale: NDArray[np.int8]
    odds: NDArray[np.int32]
    near: NDArray[np.int16]
    edge: NDArray[np.int16]
    far: NDArray[np.int16]
    output: NDArray[np.int16]
    vocabulary: NDArray[np.uint64]
    words: NDArray[np.int8]
    enter: NDArray[np.int16]
    layers: NDArray[np.int16]
    page: NDArray[np.int16]
    join: NDArray[np.int16]
    page_output: NDArray[np.int16]


def check_net(net: Net) -> None:
    """
    Check that the networks' sums are exact in float32.

    Raises:
        DataFileInvalid: a sum might exceed what float32 holds exactly.
    """
    for name in MATRICES:
        weights = np.abs(getattr(net, name).astype(np.int64))
        products, bias = weights[..., :-1, :].sum(axis=-2), weights[..., -1, :]
        bound = int((products * TOP_ACTIVATION + bias * 256).max())
        if bound >= EXACT:
            raise DataFileInvalid(
                f"line classifier: sums of {name}", bound, "Train with smaller weights."
            )


def scale_features(matrix: Matrix | Ints, part: slice, net: Net) -> NDArray[np.int8]:
    """Scale the features of some lines to the networks' inputs: m × d whole numbers."""
    rows = matrix[part].T + LOWEST
    scaled = np.empty((rows.shape[1], len(rows)), dtype=np.int8)
    for number, column in enumerate(rows):
        scaled[:, number] = net.scale[number].take(column, mode="clip")
    return scaled


def split_work(count: int) -> list[slice]:
    """Divide n lines into slices of LINES_AT_ONCE."""
    begins = range(0, count, LINES_AT_ONCE)
    return [slice(begin, min(begin + LINES_AT_ONCE, count)) for begin in begins]


def start_inputs(count: int, weights: NDArray[np.int16]) -> Floats:
    """Give room for a layer's inputs, one row per line; the last column is the bias's and is 1."""
    inputs = np.empty((count, len(weights)), dtype=np.float32)
    inputs[:, -1] = 1
    return inputs


def add_products(inputs: Floats, weights: NDArray[np.int16]) -> Floats:
    """Multiply exactly, the bias included; results in 32nds, rounded down."""
    sums = _multiply(inputs, weights)
    return np.floor(sums, out=sums)


def activate(inputs: Floats, weights: NDArray[np.int16]) -> Bytes:
    """Give a layer's activations: its sums, rounded down and clipped to 0 and TOP_ACTIVATION."""
    sums = _multiply(inputs, weights)
    return np.clip(sums, 0, TOP_ACTIVATION, out=sums).astype(np.uint8)


def _multiply(inputs: Floats, weights: NDArray[np.int16]) -> Floats:
    """Multiply; dividing the weights by a power of two instead of the sums is as exact."""
    factors = weights.astype(np.float32)
    factors[-1] *= 32
    factors *= np.float32(1 / (1 << WEIGHT_BITS))
    sums: Floats = inputs @ factors
    return sums

"""
The network of near lines: reads each line with the three above and below.

It cannot see as far as `page_net`, and errs less on pages laid out like none in training: the mean
of both is better than either (docs/splitting.md).
"""

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import Ground
from include.splitter.model.net import Floats, Net, activate, add_products, start_inputs

REACH = 3  # neighbouring lines on either side that the network sees


def widen(part: slice, count: int) -> slice:
    """Give the lines that the network sees when it reads those of `part`, of n lines."""
    return slice(max(part.start - REACH, 0), min(part.stop + REACH, count))


def read_near_lines(
    scaled: NDArray[np.int8], part: slice, ground: Ground, net: Net
) -> Floats:  # fmt: skip
    """
    Give the outputs for the lines of `part`: one column per class, then the start.

    Args:
        scaled: the inputs of the lines that `widen` gives.
    """
    width, low = net.near.shape[1], widen(part, len(ground.ids)).start
    own = start_inputs(len(scaled), net.near)
    own[:, :-1] = scaled
    near = np.empty((len(scaled) + 2 * REACH, width), dtype=np.float32)
    near[REACH:-REACH] = activate(own, net.near)
    ids, first, last = ground.ids[part], ground.first[part], ground.last[part]
    top = part.start - low  # the part's first line in `scaled`
    inputs = start_inputs(len(ids), net.far)
    for number, step in enumerate(range(-REACH, REACH + 1)):
        columns = slice(number * width, (number + 1) * width)
        begin = top + REACH + step
        inputs[:, columns] = near[begin : begin + len(ids)]
        beyond = np.flatnonzero((ids + step < first) | (ids + step > last))
        inputs[beyond, columns] = net.edge
    inputs[:, (2 * REACH + 1) * width : -1] = scaled[top : top + len(ids)]
    hidden = start_inputs(len(ids), net.output)
    hidden[:, :-1] = activate(inputs, net.far)
    return add_products(hidden, net.output)

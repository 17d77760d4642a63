"""
The network of near lines: reads each line with the three above and below.

It cannot see as far as `page_net`, and errs less on pages laid out like none in training: the mean
of both is better than either (docs/splitting.md).
"""

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import Ground
from include.splitter.model.net import (
    Floats,
    Net,
    activate,
    add_products,
    split_work,
    start_inputs,
)

REACH = 3  # neighbouring lines on either side that the network sees


def read_near_lines(scaled: NDArray[np.int8], ground: Ground, net: Net) -> Floats:
    """Give the outputs for n lines: one column per class, then the start."""
    outputs = np.empty((len(scaled), net.output.shape[1]), dtype=np.float32)
    width = net.near.shape[1]
    for part in split_work(len(scaled)):
        low, high = max(part.start - REACH, 0), min(part.stop + REACH, len(scaled))
        own = start_inputs(high - low, net.near)
        own[:, :-1] = scaled[low:high]
        near = np.empty((high - low + 2 * REACH, width), dtype=np.float32)
        near[REACH:-REACH] = activate(own, net.near)
        ids, first, last = ground.ids[part], ground.first[part], ground.last[part]
        top = part.start - low + REACH  # the part's first line in `near`
        inputs = start_inputs(len(ids), net.far)
        for number, step in enumerate(range(-REACH, REACH + 1)):
            columns = slice(number * width, (number + 1) * width)
            inputs[:, columns] = near[top + step : top + step + len(ids)]
            beyond = np.flatnonzero((ids + step < first) | (ids + step > last))
            inputs[beyond, columns] = net.edge
        inputs[:, (2 * REACH + 1) * width : -1] = scaled[part]
        hidden = start_inputs(len(ids), net.output)
        hidden[:, :-1] = activate(inputs, net.far)
        outputs[part] = add_products(hidden, net.output)
    return outputs

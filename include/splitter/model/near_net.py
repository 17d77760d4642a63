"""
The network of near lines: reads each line with the three above and below.

It cannot see as far as `page_net`, and errs less on pages laid out like none in training: the mean
of both is better than either (docs/splitting.md).
"""

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import Ground
from include.splitter.model.net import Floats, Net, activate, add_products, split_work

REACH = 3  # neighbouring lines on either side that the network sees


def read_near_lines(scaled: NDArray[np.int8], ground: Ground, net: Net) -> Floats:
    """Give the outputs for n lines: one column per class, then the start."""
    outputs = np.empty((len(scaled), net.output.shape[1]), dtype=np.float32)
    edge = net.edge.astype(np.float32)
    for part in split_work(len(scaled)):
        low, high = max(part.start - REACH, 0), min(part.stop + REACH, len(scaled))
        near = np.vstack([activate(scaled[low:high].astype(np.float32), net.near), edge])
        ids, neighbours = ground.ids[part], []
        for step in range(-REACH, REACH + 1):
            there = (ids + step >= ground.first[part]) & (ids + step <= ground.last[part])
            neighbours.append(near[np.where(there, ids + step - low, len(near) - 1)])
        hidden = activate(np.hstack([*neighbours, scaled[part].astype(np.float32)]), net.far)
        outputs[part] = add_products(hidden, net.output)
    return outputs

"""Fit the line classifier: its scale of features, and its two networks."""

import numpy as np

from benchmarks.train_splitter.fitting import STEP, UNIT
from benchmarks.train_splitter.lots import Lot
from benchmarks.train_splitter.near_network import fit_near
from benchmarks.train_splitter.page_fit import fit_page
from include.splitter.model.net import LOWEST, Net, check_net

HIGHEST = 66  # highest feature value the table tells apart
FAR = 384  # 32nds; classes this far behind have no share


def fit_net(lots: list[Lot], seed: int) -> Net:
    """Fit both networks on lots of pages; the first lot sets the scale and the vocabulary."""
    scale = _scale_table(lots[0].matrix)
    odds = np.rint(65536 * np.exp(-np.arange(FAR) / UNIT)).astype(np.int32)
    net = Net(scale, odds, **fit_near(lots, scale, seed), **fit_page(lots, scale, seed))
    check_net(net)
    return net


def _scale_table(matrix: np.ndarray) -> np.ndarray:
    """Tell what each value of each feature counts for: standard deviations from its mean."""
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 0.05
    values = np.arange(-LOWEST, HIGHEST + 1)
    table = np.rint((values[None, :] - mean[:, None]) / spread[:, None] * STEP)
    whole: np.ndarray = np.clip(table, -4 * STEP, 4 * STEP).astype(np.int8)
    return whole

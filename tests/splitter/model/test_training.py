"""The trainer's gradients match its loss."""

import numpy as np
import pytest

from benchmarks.train_splitter.nets import PARTS, Sheet, _begin, find_slopes, tell_loss
from include.splitter.model.line_classifier import CLASSES, REACH

LINES, COLUMNS, STEP = 30, 9, 1e-6


@pytest.mark.parametrize("part", PARTS)
def test_gradients_match_the_loss(part: str) -> None:
    chance = np.random.default_rng(0)
    weights = {name: own.astype(np.float64) for name, own in _begin(COLUMNS, chance).items()}
    weights["edge"] += 0.3
    page = np.repeat([0, 1, 2], [12, 10, 8])
    first, last = np.searchsorted(page, page), np.searchsorted(page, page, side="right") - 1
    seen = np.arange(LINES)[:, None] + np.arange(-REACH, REACH + 1)
    sheet = Sheet(
        lines=chance.normal(size=(LINES, COLUMNS)),
        there=(seen >= first[:, None]) & (seen <= last[:, None]),
        kind=chance.integers(0, len(CLASSES), LINES),
        start=chance.random(LINES) < 0.2,
        weight=chance.random(LINES) + 0.5,
    )
    slopes, flat = find_slopes(weights, sheet, None)[part].ravel(), weights[part].ravel()
    for at in chance.integers(0, flat.size, 20):
        kept = flat[at]
        losses = []
        for step in (STEP, -STEP):
            flat[at] = kept + step
            losses.append(tell_loss(weights, sheet))
        flat[at] = kept
        assert (losses[0] - losses[1]) / (2 * STEP) == pytest.approx(slopes[at], abs=1e-6)

"""
Take steps of AdamW (Loshchilov and Hutter 2019), with a warm-up and a cosine; round the weights.

Plain numpy. Same seed, same machine: same weights.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from include.splitter.model.net import WEIGHT_BITS

RATE, WARM_UP, FIRST, LAST = 4e-3, 0.3, 1 / 25, 1 / 250_000  # the last two are shares of RATE
DECAY, MOMENTUM, SPREAD, LONGEST = 0.02, 0.9, 0.999, 2.0

Floats = NDArray[np.float32]
Weights = dict[str, Floats]


@dataclass
class Descent:
    """
    The state of a descent; the weights change in place.

    steps: how many there will be. decay: by part, where it is not DECAY.
    """

    weights: Weights
    steps: int
    decay: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.step = 0
        self.speed = self.make_zeros()
        self.spread = self.make_zeros()

    def make_zeros(self) -> Weights:
        """Give zeros in the shapes of the weights."""
        return {name: np.zeros_like(part) for name, part in self.weights.items()}

    def descend(self, gradients: Weights) -> None:
        """Take one step; gradients whose joint norm exceeds LONGEST are scaled down to it."""
        length = math.sqrt(
            sum(float((part.astype(np.float64) ** 2).sum()) for part in gradients.values())
        )
        factor = np.float32(min(1.0, LONGEST / max(length, 1e-9)))
        rate = _rate(self.step, self.steps)
        self.step += 1
        for name, gradient in gradients.items():
            gradient = gradient * factor
            speed, spread = self.speed[name], self.spread[name]
            self.weights[name] *= np.float32(1 - rate * self.decay.get(name, DECAY))
            speed += np.float32(1 - MOMENTUM) * (gradient - speed)
            spread += np.float32(1 - SPREAD) * (gradient * gradient - spread)
            ahead = speed / np.float32(1 - MOMENTUM**self.step)
            root = np.sqrt(spread / np.float32(1 - SPREAD**self.step))
            self.weights[name] -= np.float32(rate) * ahead / (root + np.float32(1e-8))


def _rate(step: int, steps: int) -> float:
    """Give the rate of a step: up by a cosine for WARM_UP of the steps, then down."""
    top = WARM_UP * steps
    if step < top:
        return RATE * (FIRST + (1 - FIRST) * (1 - math.cos(math.pi * step / top)) / 2)
    along = (step - top) / max(steps - 1 - top, 1)
    return RATE * (LAST + (1 - LAST) * (1 + math.cos(math.pi * min(along, 1.0))) / 2)


def round_weights(weights: Floats, bias: Floats) -> NDArray[np.int16]:
    """Give a layer's weights and, as a last row, its bias in whole numbers."""
    whole = np.rint(np.vstack([weights, bias[None]]) * (1 << WEIGHT_BITS))
    rounded: NDArray[np.int16] = np.clip(whole, -32767, 32767).astype(np.int16)
    return rounded

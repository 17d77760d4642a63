"""
Measure how far a run lies from the last runs that landed; null while there are too few of them.

A figure is measured by its distance from the median of those runs, in spreads (median absolute
deviations, scaled to a standard deviation); a distribution by its population stability index. Both
are 0 where chance alone could have moved them as far in a run of this size (`chance`), so that a
small run of the usual pages breaks no limit. The suite `run` sets the limits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import pyarrow as pa

from include.quality.gate.chance import (
    MAX_CHANCE,
    Counts,
    Floats,
    chance_of_rate,
    chance_of_share,
    exceeds_chance,
)
from include.quality.gate.figures import Figures, Key, Value

MIN_RUNS = 5  # fewer give no usable spread: with 5, one outlier moves neither median nor spread
SCALE = 1.4826  # MAD to standard deviation, of normal values
LEAST_SPREAD = 0.02  # of a share; if past runs agree exactly, every run would be an outlier
LEAST_PART = 0.05  # of stories per page: the same, as a share of the median
SHARES = {"quarantined_share": "greater", "undated_share": "two-sided"}  # which side is a defect
LEAST_SHARE = 1e-4  # replaces an empty part, whose logarithm is infinite


@dataclass(frozen=True)
class Usual:
    """The usual value: median and spread over the runs that have the figure, and their number."""

    median: float
    spread: float
    runs: int


@dataclass(frozen=True)
class Drift:
    """
    The drift columns that the gate checks beside the run's own sums.

    row: columns for the suite's SQL, null while history is short. details: column to explanation.
    """

    row: dict[str, float | None]
    details: dict[str, str]


def read_history(figures: pa.Table) -> dict[Key, list[Value]]:
    """Group rows of `run_figures` by key: one value per run, in no order."""
    history: dict[Key, list[Value]] = defaultdict(list)
    for row in figures.to_pylist():
        key = Key(row["figure"], row["outlet"], row["part"])
        history[key].append(Value(row["value"], row["counted"]))
    return history


def weigh_drift(figures: Figures, history: Mapping[Key, Sequence[Value]]) -> Drift:
    """Compare a run's figures with those of earlier runs."""
    row: dict[str, float | None] = {}
    details: dict[str, str] = {}
    for name in ("stories_per_page", *SHARES):
        usual, current = find_usual(history.get(Key(name), ())), figures.get(Key(name))
        row[f"{name}_distance"] = None
        if usual and current:
            row[f"{name}_distance"] = _find_distance(name, current, usual, history[Key(name)])
            details[f"{name}_distance"] = (
                f"{current.value:.3g}; the last {usual.runs} runs had {usual.median:.3g} ± "
                f"{usual.spread:.2g}"
            )
    for shape in ("length", "language"):
        row[f"{shape}_psi"] = find_shift(figures, history, shape)
    rules = _rule_distances(figures, history)
    outlets = _outlet_shifts(figures, history)
    row["rule_distance"] = max(rules.values(), default=None)
    row["outlet_psi"] = max(outlets, default=None)
    if rules:
        farthest = max(rules, key=lambda rule: rules[rule])
        details["rule_distance"] = f"the rule is {farthest}"
    return Drift(row, details)


def find_usual(values: Sequence[Value]) -> Usual | None:
    """Give median and spread over runs; None if there are fewer than `MIN_RUNS`."""
    if len(values) < MIN_RUNS:
        return None
    middle = median(value.value for value in values)
    spread = SCALE * median(abs(value.value - middle) for value in values)
    return Usual(middle, spread, len(values))


def find_shift(
    figures: Figures,
    history: Mapping[Key, Sequence[Value]],
    figure: str,
    outlet: str | None = None,
) -> float | None:
    """
    Give the population stability index of a distribution against all earlier runs together.

    The index expected by chance is subtracted; 0 if chance gives as large an index in more than
    `MAX_CHANCE` of all runs of this size, None if either distribution is missing or history is
    short. 0.1 is little, 0.25 a change, 1 another population.
    Source: Yurdakul 2018, Statistical Properties of the PSI: without a change it is distributed as
    chi squared of (parts - 1), times (1 / stories now + 1 / stories before). This holds for many
    stories in every part; `chance.exceeds_chance` needs no such assumption.
    """
    now = {k.part: v for k, v in figures.items() if (k.figure, k.outlet) == (figure, outlet)}
    before = {k.part: v for k, v in history.items() if (k.figure, k.outlet) == (figure, outlet)}
    if not now or max((len(values) for values in before.values()), default=0) < MIN_RUNS:
        return None
    parts = sorted(now.keys() | before.keys(), key=str)
    stories_now = _count_stories(parts, {part: [value] for part, value in now.items()})
    stories_before = _count_stories(parts, before)
    index = float(_stability_index(stories_now[None, :], stories_before[None, :])[0])
    by_chance = (len(parts) - 1) * (1 / stories_now.sum() + 1 / stories_before.sum())
    if index <= by_chance:
        return 0.0
    is_shift = exceeds_chance(stories_now, stories_before, _stability_index)
    return float(index - by_chance) if is_shift else 0.0


def _count_stories(
    parts: Sequence[str | None], values: Mapping[str | None, Sequence[Value]]
) -> Counts:
    """Give the number of stories in each part."""
    sums = (sum(v.value * v.counted for v in values.get(part, ())) for part in parts)
    return np.array([round(stories) for stories in sums], dtype=np.int64)


def _stability_index(now: Counts, before: Counts) -> Floats:
    """Give the population stability index of each pair of rows."""
    is_now = np.maximum(now / now.sum(axis=1, keepdims=True), LEAST_SHARE)
    was = np.maximum(before / before.sum(axis=1, keepdims=True), LEAST_SHARE)
    shifts: Floats = ((is_now - was) * np.log(is_now / was)).sum(axis=1)
    return shifts


def _find_distance(name: str, current: Value, usual: Usual, values: Sequence[Value]) -> float:
    """Give the spreads between a figure and its median; 0 where chance explains the difference."""
    if name in SHARES:
        chance = chance_of_share(current, values, SHARES[name])
        spread = max(usual.spread, LEAST_SPREAD)
    else:
        chance = chance_of_rate(current, values)
        spread = max(usual.spread, LEAST_PART * usual.median)
    if chance > MAX_CHANCE:
        return 0.0
    above = current.value - usual.median
    return (max(0.0, above) if SHARES.get(name) == "greater" else abs(above)) / spread


def _rule_distances(figures: Figures, history: Mapping[Key, Sequence[Value]]) -> dict[str, float]:
    """Give how many spreads each rule fires above its usual rate, and 0 if chance explains it."""
    compared = [
        (key, figures[key], usual)
        for key in figures
        if key.figure == "rule" and key.part and (usual := find_usual(history.get(key, ())))
    ]
    distances = {}
    for key, current, usual in compared:
        distance = (current.value - usual.median) / max(usual.spread, LEAST_SPREAD)
        if distance > 0:
            chance = chance_of_share(current, history[key], "greater")
            distance = distance if chance * len(compared) <= MAX_CHANCE else 0.0
        distances[str(key.part)] = max(0.0, distance)
    return distances


def _outlet_shifts(figures: Figures, history: Mapping[Key, Sequence[Value]]) -> list[float]:
    """Give the shift in length for every outlet with enough stories, now and before."""
    outlets = {key.outlet for key in figures if key.figure == "length" and key.outlet is not None}
    shifts = (find_shift(figures, history, "length", outlet) for outlet in sorted(outlets))
    return [shift for shift in shifts if shift is not None]

"""
Measure how far a run lies from the last runs that landed; null while there are too few of them.

A figure is measured by its distance from the median of those runs, in spreads (median absolute
deviations, scaled to a standard deviation); a distribution by its population stability index. The
suite `run` sets the limits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from statistics import median

import pyarrow as pa

from include.quality.gate.figures import Figures, Key, Value

MIN_RUNS = 5  # fewer give no usable spread: with 5, one outlier moves neither median nor spread
SCALE = 1.4826  # MAD to standard deviation, of normal values
LEAST_SPREAD = 0.02  # of a share; if past runs agree exactly, every run would be an outlier
TRACKED = ("stories_per_page", "quarantined_share", "undated_share")
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
    for name in TRACKED:
        usual = find_usual(history.get(Key(name), ()))
        current = figures.get(Key(name))
        row[name] = current.value if current else None
        row[f"{name}_usual"] = usual.median if usual else None
        row[f"{name}_spread"] = usual.spread if usual else None
        if usual and current:
            details[name] = (
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

    The index expected by chance is subtracted, down to 0; None if either distribution is missing or
    history is short. 0.1 is little, 0.25 a change, 1 another population.
    Source: Yurdakul 2018, Statistical Properties of the PSI: without a change it is distributed as
    chi squared of (parts - 1), times (1 / stories now + 1 / stories before).
    """
    now = {k.part: v for k, v in figures.items() if (k.figure, k.outlet) == (figure, outlet)}
    before = {k.part: v for k, v in history.items() if (k.figure, k.outlet) == (figure, outlet)}
    if not now or max((len(values) for values in before.values()), default=0) < MIN_RUNS:
        return None
    then = {part: sum(v.value * v.counted for v in values) for part, values in before.items()}
    total_then = sum(then.values())
    total_now = next(iter(now.values())).counted
    parts = now.keys() | then.keys()
    index = 0.0
    for part in parts:
        is_now = max(now[part].value if part in now else 0.0, LEAST_SHARE)
        was = max(then.get(part, 0.0) / total_then, LEAST_SHARE)
        index += (is_now - was) * log(is_now / was)
    by_chance = (len(parts) - 1) * (1 / total_now + 1 / total_then)
    return max(0.0, index - by_chance)


def _rule_distances(figures: Figures, history: Mapping[Key, Sequence[Value]]) -> dict[str, float]:
    """Give how many spreads each rule fires above its usual rate, and 0 if below."""
    distances = {}
    for key, current in figures.items():
        usual = find_usual(history.get(key, ())) if key.figure == "rule" else None
        if usual and key.part:
            above = (current.value - usual.median) / max(usual.spread, LEAST_SPREAD)
            distances[key.part] = max(0.0, above)
    return distances


def _outlet_shifts(figures: Figures, history: Mapping[Key, Sequence[Value]]) -> list[float]:
    """Give the shift in length for every outlet with enough stories, now and before."""
    outlets = {key.outlet for key in figures if key.figure == "length" and key.outlet is not None}
    shifts = (find_shift(figures, history, "length", outlet) for outlet in sorted(outlets))
    return [shift for shift in shifts if shift is not None]

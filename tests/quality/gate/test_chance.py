"""Healthy runs of every size pass the gate; true shifts of 20 points do not go unnoticed."""

import numpy as np
import pyarrow as pa
import pytest

from include.quality.checks.results import RESULTS
from include.quality.gate.chance import chance_of_rate, chance_of_share, exceeds_chance
from include.quality.gate.drift import MIN_RUNS, read_history, weigh_drift
from include.quality.gate.figures import SHAPE, Value, sum_figures, tabulate_figures
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN

SUITE = load_suite("run")
RULES = 36  # on stories, as the suite has; each fires in a share of its own
LENGTHS = np.array([1, 2, 4, 8, 14, 20, 20, 15, 9, 5, 1.5, 0.5]) / 100
LANGUAGES = np.array([60, 15, 8, 5, 3, 3, 2, 1, 1, 0.5, 0.5, 0.4, 0.3, 0.2, 0.1]) / 100
PER_PAGE = np.array([8, 55, 12, 8, 5, 4, 3, 2, 1, 1, 0.5, 0.5]) / 100  # 0 … 11 stories


def figures_of(rng, stories, *, undated=0.1, quarantined=0.02, rule=0.01, languages=LANGUAGES):
    """Draw a run of about this many stories from one population; give its figures."""
    pages = max(1, round(stories / (PER_PAGE @ np.arange(len(PER_PAGE)))))
    found = int(rng.choice(len(PER_PAGE), size=pages, p=PER_PAGE / PER_PAGE.sum()).sum())
    shapes = {
        "outlet": pa.nulls(found, pa.string()),
        "language": [f"l{n:02}" for n in rng.choice(len(languages), size=found, p=languages)],
        "is_dated": (rng.random(found) >= undated).tolist(),
        "length": [f"{4 + n:02}" for n in rng.choice(12, size=found, p=LENGTHS / LENGTHS.sum())],
        "stories": [1] * found,
    }
    rates = [rule, *np.geomspace(1e-4, 0.3, RULES - 1)]
    fired = [
        dict.fromkeys(RESULTS.names, "x")
        | {
            "suite": "stories",
            "rule_id": f"rule.r{n}",
            "scope": "row",
            "checked_at": RUN.started_at,
        }
        | {"evaluated": found, "failed": int(rng.binomial(found, rate))}
        for n, rate in enumerate(rates)
    ]
    counts = {"files_taken": pages, "stories": found,
              "quarantined": int(rng.binomial(found, quarantined))}  # fmt: skip
    table = pa.table(shapes, schema=SHAPE)
    return sum_figures(table, pa.Table.from_pylist(fired, schema=RESULTS), counts)


def size(rng):
    """Give a number of stories from 5 to 5,000, small ones as often as large ones."""
    return round(5 * 1000 ** rng.random())


def history_of(rng, runs, stories=None):
    tables = [tabulate_figures(figures_of(rng, stories or size(rng))) for _ in range(runs)]
    return read_history(pa.concat_tables(tables))


def broken_by(figures, history):
    """Give the drift rules that a run breaks, by the bounds of the suite."""
    row = weigh_drift(figures, history).row
    figures = [(rule, row.get(SUITE.derive[rule.column])) for rule in SUITE.rules]
    return {
        rule.id
        for rule, figure in figures
        if figure is not None and figure > rule.kwargs["max_value"]
    }


def test_a_share_of_few_stories_may_be_an_accident_and_of_many_is_none():
    before = [Value(0.02, 200)] * 10
    assert chance_of_share(Value(0.15, 20), before, "greater") > 1e-3
    assert chance_of_share(Value(0.15, 2000), before, "greater") < 1e-9
    assert chance_of_share(Value(0.0, 2000), before, "greater") == 1.0


def test_a_rate_is_compared_with_how_much_earlier_runs_vary_per_page():
    steady, unsteady = [Value(2.0, 40)] * 6, [Value(1.0, 40), Value(3.0, 40)] * 3
    assert chance_of_rate(Value(3.5, 40), steady) < 1e-6
    assert chance_of_rate(Value(3.5, 40), unsteady) > 0.1
    assert chance_of_rate(Value(0.0, 40), [Value(0.0, 40)] * 6) == 1.0


def test_a_permutation_test_gives_the_same_answer_again():
    now, before = np.array([8, 30, 2]), np.array([300, 900, 60])
    answers = {exceeds_chance(now, before, shift_of_first) for _ in range(3)}
    assert answers == {False}
    assert exceeds_chance(np.array([40, 0, 0]), before, shift_of_first)


def shift_of_first(now, before):
    return abs(now[:, 0] / now.sum(axis=1) - before[:, 0] / before.sum(axis=1))


@pytest.mark.runs  # 1,000 simulated runs: 20 s
def test_a_healthy_run_of_any_size_closes_the_gate_less_than_once_in_a_thousand():
    rng, closed, warned = np.random.default_rng(1), [], []
    for _ in range(40):
        history = history_of(rng, int(rng.integers(MIN_RUNS, 15)))
        for _ in range(25):
            stories = size(rng)
            broken = broken_by(figures_of(rng, stories), history)
            closed += [(stories, rule) for rule in broken if rule.endswith("_jump")]
            warned += [(stories, rule) for rule in broken if rule.endswith("_drift")]
    assert closed == []
    assert len(warned) < 10, warned


SHIFTED = {
    "run.undated_drift": {"undated": 0.3},
    "run.quarantine_drift": {"quarantined": 0.22},
    "run.rule_drift": {"rule": 0.21},
    "run.language_jump": {"languages": np.array([*(0.8 * LANGUAGES), 0.2])},
}


@pytest.mark.parametrize("rule_id", SHIFTED)
def test_a_shift_of_20_points_in_200_stories_is_caught(rule_id):
    rng = np.random.default_rng(2)
    history = history_of(rng, 14, stories=200)
    runs = [broken_by(figures_of(rng, 200, **SHIFTED[rule_id]), history) for _ in range(50)]
    assert sum(rule_id in broken for broken in runs) >= 49


@pytest.mark.parametrize("stories", [24, 200, 5000])
def test_a_shift_of_50_points_closes_the_gate_at_any_size(stories):
    rng = np.random.default_rng(3)
    history = history_of(rng, 14)
    shift = {"undated": 0.9, "quarantined": 0.8}
    runs = [broken_by(figures_of(rng, stories * 2, **shift), history) for _ in range(20)]
    assert all({"run.undated_jump", "run.quarantine_jump"} <= broken for broken in runs)

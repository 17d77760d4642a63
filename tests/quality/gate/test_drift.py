"""A run against the runs before it: silent while there are few, and loud where it is another."""

from pathlib import Path

import pyarrow as pa
import pytest

from include.errors import GateClosed
from include.quality.checks.results import RESULTS
from include.quality.gate.drift import MIN_RUNS, find_shift, find_usual, read_history
from include.quality.gate.figures import (
    FIGURES,
    Key,
    Value,
    count_shapes,
    sum_figures,
    tabulate_figures,
)
from include.quality.gate.gate import Evidence, judge_run
from tests.quality.builders import RUN, SCHEMA, good_stories, story, table

FOLDER = Path("receipts/run")
COUNTS = {"files_taken": 40, "stories": 80, "quarantined": 2}


def shapes(lengths=(200, 900, 1800, 4000), language="en", dated=True, outlet=None):
    """Give the shapes of 80 stories; lengths follow each other."""
    when = {} if dated else {"published_at": None}
    stories = [
        story(n, body_chars=lengths[n % len(lengths)], language=language, outlet=outlet, **when)
        for n in range(80)
    ]
    return count_shapes(table(*stories))


def fired(failed, evaluated=80, rule_id="text.lost"):
    row = dict.fromkeys(RESULTS.names, "x") | {
        "suite": "stories", "rule_id": rule_id, "severity": "warning", "scope": "row",
        "evaluated": evaluated, "failed": failed, "checked_at": RUN.started_at,
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=RESULTS)


def history(runs, **changes):
    figures = sum_figures(changes.get("shapes", shapes()), fired(1), COUNTS)
    return pa.concat_tables([FIGURES.empty_table(), *[tabulate_figures(figures)] * runs])


def weigh(runs=MIN_RUNS, counts=COUNTS, **now):
    tally = {"seen": 40, "taken": counts["files_taken"], "skipped": 40 - counts["files_taken"]}
    receipt = {
        "run_id": RUN.run_id, "batch_id": "batch-0000", "splitter_version": "1",
        "suite_version": "1", "tally": {
            "stories": counts["stories"], "quarantined": counts["quarantined"],
            "landed": counts["stories"] - counts["quarantined"],
        },
    }  # fmt: skip
    taken = {"run_id": RUN.run_id, "tally": tally, "batches": ["batch-0000.json"]}
    evidence = Evidence(
        now.get("shapes", shapes()), now.get("results", fired(1)),
        history(runs, shapes=now.get("before", shapes())),
    )  # fmt: skip
    return judge_run(taken, [receipt], RUN, evidence)


def failing(verdict):
    """Give the rules that are broken, but for the one that weighs a run by itself."""
    rows = verdict.results.to_pylist()
    failed = [row["rule_id"] for row in rows if row["status"] == "fail"]
    return [rule_id for rule_id in failed if rule_id != "run.quarantine_usual"]


# rule: what was never seen before, far enough to close the gate
JUMPS = {
    "run.rule_rate": {"results": fired(0), "skip": "tests/quality/gate/test_gate.py has its case"},
    "run.stories_jump": {"counts": COUNTS | {"files_taken": 23}},
    "run.quarantine_jump": {"counts": COUNTS | {"quarantined": 30}},
    "run.undated_jump": {"shapes": shapes(dated=False)},
    "run.length_jump": {"shapes": shapes(lengths=(40, 50, 900))},
    "run.language_jump": {"shapes": shapes(language="de")},
    "run.rule_jump": {"results": fired(30)},
}
CASES = {rule_id: told for rule_id, told in JUMPS.items() if "skip" not in told}


def test_a_run_like_those_before_it_breaks_nothing():
    assert failing(weigh()) == []


@pytest.mark.parametrize("rule_id", CASES)
def test_a_jump_closes_the_gate(rule_id):
    with pytest.raises(GateClosed) as caught:
        weigh(**CASES[rule_id]).check(FOLDER)
    assert caught.value.thing == f"gate: {rule_id}"
    assert failing(weigh(**CASES[rule_id])) == [rule_id.replace("jump", "drift"), rule_id]


@pytest.mark.parametrize("rule_id", CASES)
def test_bands_are_wide_open_while_history_is_short(rule_id):
    assert failing(weigh(runs=MIN_RUNS - 1, **CASES[rule_id])) == []


def test_a_closed_gate_tells_what_was_usual_and_which_rule_fires():
    with pytest.raises(GateClosed, match=r"0\.375; the last 5 runs had 0\.025 ± 0"):
        weigh(counts=COUNTS | {"quarantined": 30}).check(FOLDER)
    with pytest.raises(GateClosed, match=r"the rule is text\.lost"):
        weigh(results=fired(30)).check(FOLDER)


def test_less_than_usual_is_no_defect_of_a_rule_or_of_quarantine():
    assert failing(weigh(counts=COUNTS | {"quarantined": 0}, results=fired(0))) == []


def test_an_outlet_whose_layout_changed_is_seen_beneath_the_whole():
    was, now = shapes(outlet="Pier Post"), shapes(outlet="Pier Post", lengths=(40, 50, 90))
    rest = pa.concat_tables([shapes()] * 90)
    verdict = weigh(before=pa.concat_tables([was, rest]), shapes=pa.concat_tables([now, rest]))
    assert failing(verdict) == ["run.outlet_drift"]


def test_figures_of_few_stories_are_left_out():
    few = {"files_taken": 19, "stories": 19, "quarantined": 9}
    assert sum_figures(shapes(), fired(9, evaluated=19), few) == {}


def test_figures_add_up_over_batches_in_any_order():
    one, two = shapes(outlet="Pier Post"), shapes(dated=False, language="de")
    both = sum_figures(pa.concat_tables([one, two]), fired(1), COUNTS | {"stories": 160})
    assert both == sum_figures(pa.concat_tables([two, one]), fired(1), COUNTS | {"stories": 160})
    assert both[Key("undated_share")] == Value(0.5, 160)
    assert both[Key("language", None, "de")] == Value(0.5, 160)
    assert both[Key("language", "Pier Post", "en")] == Value(1.0, 80)
    assert Key("language", "Pier Post", "de") not in both


def test_shapes_hold_no_text_and_every_story_once():
    counted = count_shapes(table(*good_stories(30)))
    assert sum(counted["stories"].to_pylist()) == 30
    assert counted.column_names == ["outlet", "language", "is_dated", "length", "stories"]
    assert count_shapes(SCHEMA.empty_table()).num_rows == 0
    assert count_shapes(table(story(1, body_chars=0)))["length"].to_pylist() == ["04"]


def test_figures_come_back_as_they_were_written():
    figures = sum_figures(shapes(outlet="Pier Post"), fired(3), COUNTS)
    found = read_history(tabulate_figures(figures))
    assert found == {key: [value] for key, value in figures.items()}


def test_one_outlier_run_moves_neither_median_nor_spread():
    values = [Value(v, 100) for v in (1.9, 1.9, 2.0, 2.0, 2.1, 90.0)]
    usual = find_usual(values)
    assert usual is not None
    assert usual.median == 2.0
    assert usual.spread < 0.2
    assert find_usual(values[:4]) is None


def test_a_shift_within_chance_is_zero():
    before = {Key("length", None, str(n)): [Value(0.1, 1000)] * 5 for n in range(10)}
    now = {Key("length", None, str(n)): Value(0.06 if n % 2 else 0.14, 50) for n in range(10)}
    assert find_shift(now, before, "length") == 0.0
    many = {key: Value(value.value, 50_000) for key, value in now.items()}
    assert find_shift(many, before, "length") == pytest.approx(0.169, abs=0.01)


def test_a_new_or_missing_part_gives_a_finite_shift():
    before = {Key("language", None, "en"): [Value(1.0, 1000)] * 5}
    now = {Key("language", None, "de"): Value(1.0, 1000)}
    assert 10 < find_shift(now, before, "language") < 100

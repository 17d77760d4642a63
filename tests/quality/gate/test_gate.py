from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from include.errors import GateClosed, UsageWrong
from include.model import FileTally, JudgedBatch, Opening, StoryTally, Taken
from include.quality.checks.results import RESULTS
from include.quality.gate.gate import NEVER_OPENED, Evidence, judge_run
from include.quality.suites.suite import load_suite
from tests.quality.builders import RUN
from tests.quality.gate import test_drift

SUITE = load_suite("run")
FOLDER = Path("receipts/run")


def taken(batches=2, **changes):
    tally = {"seen": 40, "taken": 30, "rejected": 2, "redelivered": 1, "skipped": 4, "waiting": 2,
             "ignored": 1}  # fmt: skip
    ids = tuple(f"batch-{number:04d}" for number in range(batches))
    return Taken(FileTally(**tally | changes), ids)


def judged(number=0, landed=30, quarantined=0, **changes):
    tally = StoryTally(landed + quarantined, landed, quarantined)
    own = JudgedBatch(RUN.run_id, f"batch-{number:04d}", tally, "1", "1+3f2a9c")
    return replace(own, **changes)


def lost_story():
    return judged(1, tally=StoryTally(31, 30, 0))


def results_of(*told, **evidence):
    verdict = judge_run(*told, RUN, **evidence)
    verdict.check(FOLDER)
    return verdict.results


def test_a_sound_run_opens_the_gate_with_a_row_a_rule():
    results = results_of(taken(), [judged(0), judged(1)])
    assert results.schema.equals(RESULTS)
    assert results["rule_id"].to_pylist() == [rule.id for rule in SUITE.rules]
    assert set(results["batch_id"].to_pylist()) == {"run"}
    assert set(results["status"].to_pylist()) == {"pass"}
    assert set(results["checked_at"].to_pylist()) == {RUN.started_at}


CLOSED = {
    "run.files": (taken(seen=41), [judged(0), judged(1)], "1"),
    "run.batches": (taken(), [judged(0)], "1"),
    "run.batches_once": (taken(), [judged(0), judged(1), judged(1)], "1"),
    "run.one_version": (taken(), [judged(0), judged(1, splitter_version="2")], "2"),
    "run.stories": (taken(), [judged(0), lost_story()], "1"),
    "run.stories_found": (taken(), [judged(0, 1), judged(1, 0)], "0.0333333"),
    "run.set_aside_rate": (taken(), [judged(0), judged(1, set_aside=3)], "0.1"),
    "run.quarantine_rate": (taken(), [judged(0, 9, 20), judged(1, 9, 2)], "0.55"),
}


def test_every_critical_rule_of_the_run_has_a_case():
    critical = {rule.id for rule in SUITE.rules if rule.severity == "critical"}
    assert set(CLOSED) | set(test_drift.JUMPS) == critical


@pytest.mark.parametrize("rule_id", CLOSED)
def test_a_broken_critical_rule_closes_the_gate_and_says_why(rule_id):
    intake, receipts, figure = CLOSED[rule_id]
    with pytest.raises(GateClosed) as caught:
        results_of(intake, receipts)
    assert caught.value.thing == f"gate: {rule_id}"
    assert caught.value.value == figure
    assert "The bound is " in caught.value.way_out
    assert "docs/quality.md" in caught.value.way_out
    assert "Also broken" not in caught.value.way_out


def opened(*rules):
    return Opening(rules, "editor", datetime(2026, 11, 2, 7, tzinfo=UTC))


def test_a_person_opens_the_gate_for_the_rules_named_and_it_is_written_down():
    intake, receipts, figure = CLOSED["run.quarantine_rate"]
    verdict = judge_run(intake, receipts, RUN, opening=opened("run.quarantine_rate"))
    verdict.check(FOLDER)
    (row,) = verdict.openings.to_pylist()
    assert (row["rule_id"], row["observed"], row["bound"]) == (
        "run.quarantine_rate", figure, "at most 0.5",
    )  # fmt: skip
    assert (row["opened_by"], row["opened_at"]) == ("editor", datetime(2026, 11, 2, 7, tzinfo=UTC))
    failed = [r["rule_id"] for r in verdict.results.to_pylist() if r["status"] == "fail"]
    assert "run.quarantine_rate" in failed


def test_an_opening_that_was_not_needed_leaves_no_row():
    verdict = judge_run(taken(), [judged(0), judged(1)], RUN, opening=opened("run.quarantine_rate"))
    verdict.check(FOLDER)
    assert verdict.openings.num_rows == 0


def test_a_rule_that_is_not_named_keeps_the_gate_closed():
    intake, receipts, _ = CLOSED["run.quarantine_rate"]
    with pytest.raises(GateClosed, match=r"run\.quarantine_rate"):
        judge_run(intake, receipts, RUN, opening=opened("run.stories_found")).check(FOLDER)


@pytest.mark.parametrize("rule_id", [*NEVER_OPENED, "run.quarantine_usual", "body.length", ""])
def test_an_unknown_rule_or_one_that_protects_data_cannot_be_opened(rule_id):
    with pytest.raises(UsageWrong, match=r"can be opened are run\."):
        judge_run(taken(), [judged(0), judged(1)], RUN, opening=opened(rule_id))


def rates(failed, evaluated=100):
    row = dict.fromkeys(RESULTS.names, "x") | {
        "suite": "stories", "rule_id": "chrome.none", "severity": "critical", "scope": "row",
        "evaluated": evaluated, "failed": failed, "checked_at": RUN.started_at,
    }  # fmt: skip
    return Evidence(results=pa.Table.from_pylist([row], schema=RESULTS))


def test_one_rule_that_sets_half_aside_closes_the_gate():
    with pytest.raises(
        GateClosed, match=r"run\.rule_rate.*0\.41.*the rule is chrome\.none.*receipts/run"
    ):
        results_of(taken(), [judged(0), judged(1)], evidence=rates(41))
    results_of(taken(), [judged(0), judged(1)], evidence=rates(40))
    results_of(taken(), [judged(0), judged(1)], evidence=rates(19, 19))


def test_all_that_is_broken_is_named():
    with pytest.raises(
        GateClosed, match=r"run\.files.*Also broken: run\.batches \(1; the bound is 0\)\."
    ):
        results_of(taken(seen=50), [judged(0)])


@pytest.mark.parametrize(
    ("rule_id", "intake", "receipts"),
    [
        ("run.quarantine_usual", taken(), [judged(0, 20, 7), judged(1)]),
        ("run.stories_usual", taken(), [judged(0, 6), judged(1, 6)]),
    ],
)
def test_a_warning_is_written_down_and_the_gate_opens(rule_id, intake, receipts):
    rows = results_of(intake, receipts).to_pylist()
    assert [row["rule_id"] for row in rows if row["status"] == "fail"] == [rule_id]


def test_a_small_run_is_not_weighed_by_shares():
    small = taken(batches=1, seen=29, taken=19)
    counts = {*NEVER_OPENED, "run.set_aside"}
    rows = results_of(small, [judged(0, 0, 19)]).to_pylist()
    shares = {row["rule_id"]: row for row in rows if row["rule_id"] not in counts}
    assert {row["evaluated"] for row in shares.values()} == {0}
    assert {row["status"] for row in rows} == {"pass"}


def test_the_order_of_receipts_does_not_matter():
    one, two = judged(0, 20, 5), judged(1)
    assert results_of(taken(), [one, two]).equals(results_of(taken(), [two, one]))


def test_a_receipt_of_another_run_does_not_stand_in_for_a_missing_batch():
    with pytest.raises(GateClosed, match=r"run\.batches"):
        results_of(taken(), [judged(0), judged(1, run_id="yesterday")])


def test_a_run_without_files_passes_the_gate():
    nothing = taken(batches=0, seen=0, **dict.fromkeys(
        ("taken", "rejected", "redelivered", "skipped", "waiting", "ignored"), 0
    ))  # fmt: skip
    assert set(results_of(nothing, [])["status"].to_pylist()) == {"pass"}

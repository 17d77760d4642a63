import pytest

from include.errors import GateClosed
from include.quality.gate import judge_run
from include.quality.results import RESULTS
from include.quality.suite import load_suite
from tests.quality.builders import RUN

SUITE = load_suite("run")


def taken(batches=2, **changes):
    tally = {"seen": 40, "taken": 30, "rejected": 2, "redelivered": 1, "skipped": 4, "waiting": 2,
             "ignored": 1}  # fmt: skip
    return {
        "run_id": RUN.run_id,
        "tally": tally | changes,
        "batches": [f"receipts/run/batch-{number:04d}.json" for number in range(batches)],
    }


def judged(number=0, landed=30, quarantined=0, **changes):
    own = {
        "run_id": RUN.run_id,
        "batch_id": f"batch-{number:04d}",
        "tally": {
            "stories": landed + quarantined, "landed": landed, "quarantined": quarantined
        },
        "splitter_version": "1",
        "suite_version": "1+3f2a9c",
    }  # fmt: skip
    return own | changes


def lost_story():
    return judged(1) | {"tally": {"stories": 31, "landed": 30, "quarantined": 0}}


def test_a_sound_run_opens_the_gate_with_a_row_a_rule():
    results = judge_run(taken(), [judged(0), judged(1)], RUN)
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
    "run.quarantine_rate": (taken(), [judged(0, 9, 20), judged(1, 9, 2)], "0.55"),
}


def test_every_critical_rule_of_the_run_has_a_case():
    assert set(CLOSED) == {rule.id for rule in SUITE.rules if rule.severity == "critical"}


@pytest.mark.parametrize("rule_id", CLOSED)
def test_a_broken_critical_rule_closes_the_gate_and_says_why(rule_id):
    intake, receipts, figure = CLOSED[rule_id]
    with pytest.raises(GateClosed) as caught:
        judge_run(intake, receipts, RUN)
    assert caught.value.thing == f"gate: {rule_id}"
    assert caught.value.value == figure
    assert "The bound is " in caught.value.way_out
    assert "docs/quality.md" in caught.value.way_out
    assert "Also broken" not in caught.value.way_out


def test_all_that_is_broken_is_named():
    with pytest.raises(GateClosed, match=r"run\.files.*Also broken: run\.batches\."):
        judge_run(taken(seen=50), [judged(0)], RUN)


@pytest.mark.parametrize(
    ("rule_id", "intake", "receipts"),
    [
        ("run.quarantine_usual", taken(), [judged(0, 20, 7), judged(1)]),
        ("run.stories_usual", taken(), [judged(0, 6), judged(1, 6)]),
    ],
)
def test_a_warning_is_written_down_and_the_gate_opens(rule_id, intake, receipts):
    rows = judge_run(intake, receipts, RUN).to_pylist()
    assert [row["rule_id"] for row in rows if row["status"] == "fail"] == [rule_id]


def test_a_small_run_is_not_weighed_by_shares():
    small = taken(batches=1, seen=29, taken=19)
    rows = judge_run(small, [judged(0, 0, 19)], RUN).to_pylist()
    shares = {row["rule_id"]: row for row in rows if "quarantine" in row["rule_id"]}
    assert {row["evaluated"] for row in shares.values()} == {0}
    assert {row["status"] for row in rows} == {"pass"}


def test_the_order_of_receipts_does_not_matter():
    one, two = judged(0, 20, 5), judged(1)
    assert judge_run(taken(), [one, two], RUN).equals(judge_run(taken(), [two, one], RUN))


def test_a_receipt_of_another_run_does_not_stand_in_for_a_missing_batch():
    with pytest.raises(GateClosed, match=r"run\.batches"):
        judge_run(taken(), [judged(0), judged(1, run_id="yesterday")], RUN)


def test_a_run_that_took_nothing_passes():
    nothing = taken(batches=0, seen=0, **dict.fromkeys(
        ("taken", "rejected", "redelivered", "skipped", "waiting", "ignored"), 0
    ))  # fmt: skip
    assert set(judge_run(nothing, [], RUN)["status"].to_pylist()) == {"pass"}

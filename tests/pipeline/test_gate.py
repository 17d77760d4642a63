"""The step `gate`: a closed one keeps the judged rows; one that a person opened is recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.errors import GateClosed, UsageWrong
from include.model import Opening
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt, JudgeReceipt
from include.pipeline.receipts import read_receipt
from include.storage.frames import map_frame
from include.warehouse.read import run_query

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
STORY = """Council of Vellmar counts lamp {n} again

The council of Vellmar sent two men to count lamp {n} along the old pier. They took a lantern.

They came back with a cold on Monday, and will go again in the spring, a spokesman said.
"""
OPENING = Opening(("run.stories_found",), "editor", NOW)


@pytest.fixture
def settings(tmp_path):
    """Write 25 pages that give no story, as a broken splitter or inbox would."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(25):
        (inbox / f"{number}.txt").write_text(f"Home\nMenu {number}\n")
    return replace(Settings(), home=tmp_path / "home", inbox=inbox, settle_s=0.0)


def edit(settings, run_id, now=NOW):
    taken = steps.intake(settings, run_id, now)
    batches = read_receipt(taken, IntakeReceipt).batches
    return taken, [steps.judge(steps.split(batch)) for batch in batches]


def test_a_closed_gate_keeps_the_judged_rows_and_its_results(settings):
    taken, judged = edit(settings, "closed")
    with pytest.raises(GateClosed, match=r"run\.stories_found: '0'"):
        steps.gate(settings, taken, judged)
    results = map_frame(taken.with_name("run.rows.quality_results.arrow")).to_pylist()
    assert "run.stories_found" in {row["rule_id"] for row in results if row["status"] == "fail"}
    for receipt in judged:
        assert map_frame(read_receipt(receipt, JudgeReceipt).rows["pages"]).num_rows
    assert not taken.with_name("gate.json").exists()


def test_an_opened_gate_lands_and_records_who_opened_it_for_which_rule(settings):
    steps.land(settings, steps.gate(settings, *edit(settings, "opened"), OPENING), NOW)
    steps.publish(settings)
    (row,) = run_query(settings.warehouse, "from quality.gate_openings").to_pylist()
    assert (row["rule_id"], row["observed"], row["bound"]) == (
        "run.stories_found", "0", "at least 0.05",
    )  # fmt: skip
    assert (row["opened_by"], row["opened_at"], row["run_id"]) == ("editor", NOW, "opened")


def test_an_opening_holds_for_one_run(settings):
    steps.land(settings, steps.gate(settings, *edit(settings, "opened"), OPENING), NOW)
    for number in range(25):
        (settings.inbox / f"{number}.txt").write_text(f"Menu\nHome {number}\n")
    with pytest.raises(GateClosed, match=r"run\.stories_found"):
        steps.gate(settings, *edit(settings, "next", NOW + timedelta(days=1)))


def test_a_rule_that_cannot_be_opened_is_refused(settings):
    with pytest.raises(UsageWrong, match=r"run\.stories"):
        steps.gate(settings, *edit(settings, "r"), replace(OPENING, rules=("run.stories",)))


def test_runs_are_compared_with_those_that_landed(settings):
    for day in range(6):
        for number in range(25):
            page = STORY.format(n=f"{number} of day {day}")
            (settings.inbox / f"{number}.txt").write_text(page)
        now = NOW + timedelta(days=day)
        gated = steps.gate(settings, *edit(settings, f"day {day}", now))
        steps.land(settings, gated, now)
    steps.publish(settings)
    results = run_query(
        settings.warehouse,
        "select run_id, evaluated, observed from quality.results"
        " where rule_id = 'run.stories_drift' order by run_id",
    ).to_pylist()
    assert [row["evaluated"] for row in results] == [0, 0, 0, 0, 0, 1]
    assert results[-1]["observed"] == "0"
    figures = "select distinct run_id from quality.figures where figure = 'stories_per_page'"
    assert run_query(settings.warehouse, figures).num_rows == 6


def test_the_terminal_refuses_a_rule_that_cannot_be_opened_before_it_reads_a_page(settings):
    words = ["ingest", str(settings.inbox), "--home", str(settings.home)]
    assert main([*words, "--open-gate", "run.files"]) == 2
    assert not settings.receipts.exists()


def test_the_terminal_opens_the_gate_in_the_users_name(settings, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "night editor")
    words = ["ingest", str(settings.inbox), "--home", str(settings.home), "--json"]
    assert main([*words, "--open-gate", "run.stories_found"]) == 0
    (row,) = run_query(settings.warehouse, "from quality.gate_openings").to_pylist()
    assert (row["rule_id"], row["opened_by"]) == ("run.stories_found", "night editor")

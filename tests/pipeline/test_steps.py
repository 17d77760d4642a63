"""The steps in order: each may run twice and writes a receipt, and nothing lands twice."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.errors import ReceiptMissing
from include.lake.delta.versions import read_version
from include.pipeline import steps
from include.pipeline.receipt_types import IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt
from include.warehouse.read import run_query
from tests import sample

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
ROWS = "select story_id, body, confidence, reasons, quality_flags from stories order by story_id"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    inbox = tmp_path / "inbox"
    shutil.copytree(sample.INBOX, inbox)
    return replace(Settings(), home=tmp_path / "home", inbox=inbox, settle_s=0.0)


def edit(settings: Settings, run_id: str, times: int = 1) -> Path:
    """Run intake to gate, each step `times` times; give the gate's receipt."""
    for _ in range(times):
        taken = steps.intake(settings, run_id, NOW)
    judged = []
    for batch in read_receipt(taken, IntakeReceipt).batches:
        for _ in range(times):
            split = steps.split(batch)
        for _ in range(times):
            receipt = steps.judge(split)
        judged.append(receipt)
    for _ in range(times):
        gate = steps.gate(settings, taken, judged)
    return gate


def test_running_every_step_twice_gives_the_same_lake(settings: Settings, tmp_path: Path) -> None:
    gate = edit(settings, "twice", times=2)
    first = steps.land(settings, gate, NOW)
    version = read_version(settings.lake).key()
    assert steps.land(settings, gate, NOW) == first
    assert read_version(settings.lake).key() == version
    assert steps.publish(settings).changed
    assert not steps.publish(settings).changed

    other = replace(settings, home=tmp_path / "once")
    steps.land(other, edit(other, "once"), NOW)
    steps.publish(other)
    twice, once = run_query(settings.warehouse, ROWS), run_query(other.warehouse, ROWS)
    assert twice.equals(once)
    assert once.num_rows == sample.LANDED


def test_a_batch_read_page_by_page_lands_what_a_whole_one_does(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for name in ("whole", "by_page"):
        run = replace(settings, home=tmp_path / name)
        steps.land(run, edit(run, "run"), NOW)
        steps.publish(run)
        rows.append(run_query(run.warehouse, ROWS))
        monkeypatch.setattr("include.intake.batch_builder.FRAME_BYTES", 1)
    assert rows[0].equals(rows[1])


def test_landing_removes_a_runs_frames_and_keeps_its_receipts(
    settings: Settings,
) -> None:
    gate = edit(settings, "tidy")
    assert list(gate.parent.glob("*.arrow"))
    steps.land(settings, gate, NOW)
    assert not list(gate.parent.glob("*.arrow"))
    assert (gate.parent / "batch-0000.judged.json").exists()


def test_a_run_that_died_before_landing_leaves_its_files_to_the_next(settings: Settings) -> None:
    edit(settings, "died")
    steps.land(settings, edit(settings, "next"), NOW)
    steps.publish(settings)
    (row,) = run_query(settings.warehouse, "select run_id, files_taken from meta.runs").to_pylist()
    assert (row["run_id"], row["files_taken"]) == ("next", sample.TAKEN)


def test_two_runs_of_the_same_files_land_them_once(settings: Settings) -> None:
    gates = [edit(settings, "one"), edit(settings, "other")]
    for gate in gates:
        steps.land(settings, gate, NOW)
    steps.publish(settings)
    assert run_query(settings.warehouse, ROWS).num_rows == sample.LANDED
    runs = "select run_id, files_seen, files_taken, files_skipped from meta.runs order by run_id"
    one, other = run_query(settings.warehouse, runs).to_pylist()
    assert (one["files_taken"], other["files_taken"]) == (sample.TAKEN, 0)
    assert other["files_skipped"] == other["files_seen"] - sample.SIDECARS


def test_the_characters_of_a_run_balance(settings: Settings) -> None:
    landed = steps.land(settings, edit(settings, "balance"), NOW)
    run = read_receipt(landed, LandReceipt).run
    assert run["page_chars"] == run["story_chars"] + run["chrome_chars"]
    assert run["stories_found"] == run["stories_landed"] + run["stories_quarantined"]


def test_a_step_refuses_the_receipt_of_another_step(settings: Settings) -> None:
    taken = steps.intake(settings, "mixed", NOW)
    with pytest.raises(ReceiptMissing, match="intake"):
        steps.judge(taken)

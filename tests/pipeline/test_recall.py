"""Recall: pages of the lake are split again as new ones are, and stay in their partition."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from include.config.settings import Settings
from include.lake.decisions.decisions import add_decisions
from include.lake.delta.versions import read_version
from include.lake.landing.land import land_run
from include.lake.reading.recall import Choice
from include.model import RESPLIT, REVIEW, Run
from include.pipeline import steps
from include.pipeline.receipt_types import GateReceipt, IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.schema.lake import (
    OVERRIDES,
    PAGES,
    QUARANTINE,
    REVIEWS,
    RUN_FIGURES,
    STORIES,
    STORY_REVISIONS,
)
from include.warehouse.read import run_query
from tests.killing import Killed, kill_at
from tests.pipeline.pages import DAWN, GOOD, LATER, REVISED, ingest, judge, rows, set_aside

STORY = "select story_id, headline, body, ingest_day, run_id from stories order by story_id"


def recall(settings: Settings, run_id: str = "again", kind: str = RESPLIT) -> Path:
    return judge(settings, steps.recall(settings, run_id, LATER, Choice(), kind))


def test_recalled_pages_give_the_same_stories_in_the_same_day(settings: Settings) -> None:
    steps.publish(settings)
    before = run_query(settings.warehouse, STORY)
    steps.land(settings, recall(settings), LATER)
    steps.publish(settings)
    after = run_query(settings.warehouse, STORY)
    assert after.drop_columns("run_id").equals(before.drop_columns("run_id"))
    assert set(after["ingest_day"].to_pylist()) == {date(2026, 3, 1)}
    assert set(after["run_id"].to_pylist()) == {"again"}
    assert {row["run_id"] for row in rows(settings, STORIES)} == {"again"}


def test_a_recall_is_no_delivery(settings: Settings) -> None:
    steps.land(settings, recall(settings), LATER)
    outcomes = sorted(str(row["outcome"]) for row in rows(settings, PAGES))
    assert outcomes == ["landed", "landed", "resplit", "resplit"]
    receipt = steps.intake(settings, "idle", LATER + timedelta(hours=1))
    assert read_receipt(receipt, IntakeReceipt).batches == ()


def test_a_page_can_be_recalled_again_and_again(settings: Settings) -> None:
    steps.land(settings, recall(settings), LATER)
    third = steps.recall(settings, "third", LATER + timedelta(days=1), Choice(), REVIEW)
    steps.land(settings, judge(settings, third), LATER)
    assert {row["run_id"] for row in rows(settings, STORIES)} == {"third"}


def test_a_page_revised_meanwhile_is_not_overwritten(settings: Settings) -> None:
    gate = recall(settings)
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER - timedelta(hours=1))
    steps.land(settings, gate, LATER)
    ninety = {row["run_id"] for row in rows(settings, STORIES) if "ninety" in str(row["body"])}
    eighty = {
        row["run_id"]
        for row in rows(settings, STORIES)
        if row["source_name"] == "a.txt" and "eighty" in row["body"]
    }
    assert (ninety, eighty) == ({"revision"}, set())


def test_a_page_can_be_revised_after_a_recall(settings: Settings) -> None:
    steps.land(settings, recall(settings), LATER)
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(settings, "revision", LATER + timedelta(hours=1))
    assert sorted({row["run_id"] for row in rows(settings, STORIES)}) == ["again", "revision"]


@pytest.mark.parametrize("point", ["stories", "pages", "superseded stories", "runs"])
def test_a_killed_recall_is_undone_or_finished(settings: Settings, point: str) -> None:
    gate = read_receipt(recall(settings), GateReceipt)
    run = Run("again", LATER)
    with pytest.raises(Killed):
        land_run(settings.lake, gate.gated, run, LATER, kill_at(point))
    land_run(settings.lake, gate.gated, run, LATER)
    assert {row["run_id"] for row in rows(settings, STORIES)} == {"again"}
    assert len(rows(settings, STORIES)) == 2


def test_a_recall_writes_no_figures_for_later_gates(settings: Settings) -> None:
    before = rows(settings, RUN_FIGURES)
    steps.land(settings, recall(settings), LATER)
    assert rows(settings, RUN_FIGURES) == before


def test_a_recall_of_no_page_gives_no_batch_and_no_version(settings: Settings) -> None:
    version = read_version(settings.lake).key()
    receipt = steps.recall(settings, "none", LATER, Choice(page_ids=frozenset()), REVIEW)
    assert read_receipt(receipt, IntakeReceipt).batches == ()
    assert read_version(settings.lake).key() == version


def test_an_override_applies_to_every_later_split_until_withdrawn(settings: Settings) -> None:
    (story,) = [row for row in rows(settings, STORIES) if row["source_name"] == "a.txt"]
    said = {
        "override_id": "0" * 16, "page_id": story["page_id"], "line_no": 7,
        "line_text": GOOD.split("\n")[6], "action": "starts", "is_withdrawn": False,
        "made_by": "an editor", "made_at": DAWN,
    }  # fmt: skip
    held = pa.Table.from_pylist([said], schema=OVERRIDES.schema())
    add_decisions(settings.lake, OVERRIDES, held, {})
    assert add_decisions(settings.lake, OVERRIDES, held, {}).num_rows == 0
    steps.land(settings, recall(settings), LATER)
    stories = [row for row in rows(settings, STORIES) if row["source_name"] == "a.txt"]
    assert len(stories) == 2
    withdrawn = pa.Table.from_pylist(
        [{**said, "is_withdrawn": True, "made_at": LATER}], schema=OVERRIDES.schema()
    )
    add_decisions(settings.lake, OVERRIDES, withdrawn, {})
    third = steps.recall(settings, "third", LATER + timedelta(days=1), Choice(), REVIEW)
    steps.land(settings, judge(settings, third), LATER)
    assert len(rows(settings, STORIES)) == 2


def release(settings: Settings, story: dict[str, Any], **changes: object) -> None:
    said = {
        **{name: story[name] for name in REVIEWED}, "review_id": "0" * 24, "decision": "release",
        "outcome": "applied", "decided_by": "an editor", "decided_at": LATER, "case_id": "case",
        **changes,
    }  # fmt: skip
    reviews = pa.Table.from_pylist([said], schema=REVIEWS.schema())
    assert add_decisions(settings.lake, REVIEWS, reviews, {}).num_rows == 1


REVIEWED = ("story_id", "page_id", "text_hash", "source_name", "failed_rules")


def test_a_released_story_lands_and_keeps_the_rules_as_flags(settings: Settings) -> None:
    story = set_aside(settings)
    release(settings, story)
    steps.land(settings, recall(settings, kind=REVIEW), LATER)
    assert rows(settings, QUARANTINE) == []
    (landed,) = [row for row in rows(settings, STORIES) if row["story_id"] == story["story_id"]]
    assert "published.not_ahead" in landed["quality_flags"]


@pytest.mark.parametrize(
    "changes",
    [{"failed_rules": ["body.length"]}, {"text_hash": "0" * 64}, {"decision": "reject"}],
    ids=["of another rule", "of other words", "rejected"],
)
def test_a_story_not_released_in_its_present_form_waits(
    settings: Settings, changes: dict[str, Any]
) -> None:
    story = set_aside(settings)
    release(settings, story, **changes)
    steps.land(settings, recall(settings, kind=REVIEW), LATER)
    assert [row["story_id"] for row in rows(settings, QUARANTINE)] == [story["story_id"]]


def test_a_revision_that_lands_after_a_newer_re_split_replaces_the_old_stories(
    settings: Settings,
) -> None:
    (settings.inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    taken = steps.intake(settings, "revision", LATER)
    younger = steps.recall(settings, "younger", LATER + timedelta(minutes=1), Choice(), RESPLIT)
    steps.land(settings, judge(settings, younger), LATER)
    steps.land(settings, judge(settings, taken), LATER)

    bodies = [row["body"] for row in rows(settings, STORIES)]
    assert len(bodies) == 2
    assert not any("eighty" in body and "night boat" in body for body in bodies)
    (left,) = rows(settings, STORY_REVISIONS)
    assert (left["landed_run_id"], left["reason"]) == ("younger", "revised")

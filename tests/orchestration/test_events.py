from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowSkipException

from include.model import Published
from include.orchestration import run_notes
from include.orchestration.events import (
    announce_landed,
    announce_marts,
    announce_published,
    gather,
)
from include.pipeline.analysis_receipts import MartReceipt, MartsReceipt
from include.pipeline.receipt_types import LandReceipt
from include.pipeline.receipts import write_receipt


class Event:
    """An outlet event as Airflow hands it to a task."""

    def __init__(self) -> None:
        self.extra: dict[str, Any] = {}
        self.partitions: list[str] = []

    def add_partitions(self, keys: list[str]) -> None:
        self.partitions += keys


@pytest.fixture(autouse=True)
def pushed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the task pushed."""
    found: dict[str, str] = {}
    ti = SimpleNamespace(xcom_push=lambda key, value: found.update({key: value}))
    monkeypatch.setattr(run_notes, "get_current_context", lambda: {"ti": ti})
    return found


def landed(tmp_path: Path, days: list[str]) -> Path:
    counts = dict.fromkeys(
        ("files_taken", "files_rejected", "stories_landed", "stories_quarantined"), 2
    )
    receipt = LandReceipt(
        run_id="run 1",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        inbox="/inbox",
        run=counts,
        days=tuple(date.fromisoformat(day) for day in days),
        lake_key="pages=3",
    )
    return write_receipt(tmp_path / "landed.json", receipt)


def test_landing_sends_one_event_for_each_day(tmp_path: Path) -> None:
    event, receipt = Event(), landed(tmp_path, ["2026-11-21", "2026-11-22"])
    assert announce_landed(event, receipt) == str(receipt)
    assert event.partitions == ["2026-11-21", "2026-11-22"]
    assert (event.extra["lake"], event.extra["stories_landed"]) == ("pages=3", 2)


def test_landing_says_in_a_note_how_much(tmp_path: Path, pushed: dict[str, str]) -> None:
    announce_landed(Event(), landed(tmp_path, ["2026-11-22"]))
    said = "2 stories landed, 2 set aside; files: 2 taken, 2 rejected."
    assert pushed == {run_notes.KEY: said}


def test_a_run_that_touched_no_day_sends_no_partition(tmp_path: Path) -> None:
    event = Event()
    announce_landed(event, landed(tmp_path, []))
    assert event.partitions == []


def test_publishing_what_is_published_already_sends_no_event() -> None:
    event = SimpleNamespace(extra={})
    with pytest.raises(AirflowSkipException, match="pages=3"):
        announce_published(event, Published("/w.duckdb", "pages=3", changed=False, seconds=0.0))
    assert event.extra == {}


def test_publishing_tells_the_version() -> None:
    event = SimpleNamespace(extra={})
    done = Published("/w.duckdb", "pages=3", changed=True, seconds=0.5)
    assert announce_published(event, done) == "/w.duckdb"
    assert event.extra == {"lake": "pages=3", "seconds": 0.5}


@pytest.mark.parametrize("results", ["/one.json", ["/one.json"]])
def test_a_single_batch_is_accepted_bare_or_in_a_list(results: str | list[str]) -> None:
    assert gather(results) == ["/one.json"]


def test_an_analysis_sends_the_version_of_each_mart_and_notes_its_rows(
    tmp_path: Path, pushed: dict[str, str]
) -> None:
    counts = {"lake_version": 7, "stories": 3, "failed_stories": 1, "rows_added": 12}
    marts = (
        MartReceipt(mart="quotes", overtaken=False, **counts),
        MartReceipt(mart="outlets", overtaken=False, **counts | {"failed_stories": 0}),
        MartReceipt(mart="pairs", overtaken=True, **counts),
    )
    receipt = MartsReceipt(
        run_id="run 1", started_at=datetime(2026, 11, 21, tzinfo=UTC), marts=marts
    )
    event = Event()
    path = write_receipt(tmp_path / "marts.json", receipt)
    assert announce_marts(event, path) == str(path)
    assert event.extra == {"quotes": 7, "outlets": 7}
    assert list(pushed.values()) == [
        "quotes: 12 rows from 3 stories, 1 of them failed; outlets: 12 rows from 3 stories"
    ]

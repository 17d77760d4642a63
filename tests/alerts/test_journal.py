"""Each alert is sent once per cause, until it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.alerts.alert import Alert, Kind
from include.alerts.journal import FORGET_LATE, QUIET, Journal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CHECK = timedelta(minutes=15)
DISK = Alert(Kind.DISK_LOW, "disk", "only 1 GB is free", "Make room.")
SILENT = Alert(Kind.OUTLET_SILENT, "Herald", "the outlet Herald has been silent", "Ask.")
FAILED = Alert(Kind.TASK_FAILED, "ingest_pages.take: InboxMissing", "it failed", "Look.")


class Outbox(list[str]):
    """Takes every alert, unless `is_down`."""

    is_down = False

    def send(self, alert: Alert) -> bool:
        if not self.is_down:
            self.append(alert.cause)
        return not self.is_down


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "alerts")


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


def test_a_condition_that_lasts_is_sent_once(journal, outbox) -> None:
    for number in range(20):
        journal.settle([DISK, SILENT], NOON + number * CHECK, outbox.send)
    assert outbox == ["disk", "Herald"]


def test_a_second_cause_of_one_kind_is_sent_too(journal, outbox) -> None:
    journal.settle([SILENT], NOON, outbox.send)
    other = Alert(Kind.OUTLET_SILENT, "Post", "…", "Ask.")
    journal.settle([SILENT, other], NOON + CHECK, outbox.send)
    assert outbox == ["Herald", "Post"]


def test_a_condition_at_its_bound_is_one_alert(journal, outbox) -> None:
    for number in range(12):
        journal.settle([DISK] if number % 2 else [], NOON + number * CHECK, outbox.send)
    assert outbox == ["disk"]


def test_what_comes_back_after_it_was_over_is_sent_again(journal, outbox) -> None:
    journal.settle([DISK], NOON, outbox.send)
    assert journal.settle([], NOON + QUIET - CHECK, outbox.send) == ()
    (over,) = journal.settle([], NOON + QUIET, outbox.send)
    assert over.cause == "disk"
    journal.settle([DISK], NOON + QUIET + CHECK, outbox.send)
    assert outbox == ["disk", "disk"]


def test_an_alert_that_nobody_got_is_sent_at_the_next_check(journal, outbox) -> None:
    outbox.is_down = True
    journal.settle([DISK], NOON, outbox.send)
    assert not journal.report(FAILED, NOON, outbox.send)
    outbox.is_down = False
    journal.settle([DISK], NOON + CHECK, outbox.send)
    assert journal.report(FAILED, NOON + CHECK, outbox.send)
    assert outbox == ["disk", FAILED.cause]


def test_a_task_that_fails_in_each_run_is_sent_once(journal, outbox) -> None:
    for number in range(5):
        journal.report(FAILED, NOON + number * CHECK, outbox.send, source=f"run {number}")
    assert outbox == [FAILED.cause]


def test_a_later_run_that_succeeds_closes_it(journal, outbox) -> None:
    journal.report(FAILED, NOON, outbox.send, source="run 1")
    assert journal.end((Kind.TASK_FAILED,), "ingest_pages.take: ", "run 1") == ()
    assert journal.end((Kind.TASK_FAILED,), "ingest_pages.land: ", "run 2") == ()
    (closed,) = journal.end((Kind.TASK_FAILED,), "ingest_pages.take: ", "run 2")
    assert closed.cause == FAILED.cause
    assert journal.report(FAILED, NOON + CHECK, outbox.send, source="run 3")


def test_a_check_leaves_alone_what_tasks_report_and_forgets_late_runs(journal, outbox) -> None:
    late = Alert(Kind.RUN_LATE, "ingest_pages run 1", "…", "Look.")
    journal.report(FAILED, NOON, outbox.send, source="run 1")
    journal.report(late, NOON, outbox.send)
    assert journal.settle([], NOON + FORGET_LATE, outbox.send) == ()
    assert [entry.cause for entry in journal.read()] == [FAILED.cause]


def test_a_broken_journal_is_an_empty_one(journal, outbox, tmp_path) -> None:
    journal.settle([DISK], NOON, outbox.send)
    (tmp_path / "alerts" / "open.json").write_text("[{", encoding="utf-8")
    assert journal.read() == ()
    journal.settle([DISK], NOON, outbox.send)
    assert outbox == ["disk", "disk"]

"""The watch: what stays the same for too long is stuck, and the remedies take turns."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.standalone.restarts import KEPT, list_restarts, record_restart
from include.standalone.signs import Sign
from include.standalone.watch import GRACE_S, Deliveries, SignMemory, Stuck, write_movement

QUEUED = Sign("queued 1", "A task is queued.", 60.0, ("scheduler",))
FILE = Sign("inbox 1", "A file waits.", 180.0, ("triggerer", "scheduler"))


def test_a_sign_is_reported_at_half_of_its_patience_and_due_at_the_end() -> None:
    memory = SignMemory()
    assert memory.weigh([QUEUED], 0.0) == []
    assert memory.weigh([QUEUED], 29.0) == []
    (reported,) = memory.weigh([QUEUED], 30.0)
    assert not reported.is_due()
    (due,) = memory.weigh([QUEUED], 60.0)
    assert due.is_due()
    assert due.component == "scheduler"


def test_a_sign_that_goes_starts_from_nothing() -> None:
    memory = SignMemory()
    memory.weigh([QUEUED], 0.0)
    memory.weigh([], 50.0)
    memory.weigh([QUEUED], 55.0)
    assert memory.weigh([QUEUED], 61.0) == []


def test_after_a_restart_there_is_time_and_then_the_next_remedy() -> None:
    memory = SignMemory()
    memory.weigh([FILE], 0.0)
    (due,) = memory.weigh([FILE], 180.0)
    assert due.component == "triggerer"
    memory.note_restart(180.0)
    assert memory.weigh([FILE], 180.0 + GRACE_S - 1) == []
    (due,) = memory.weigh([FILE], 180.0 + GRACE_S - 1 + 180.0)
    assert due.component == "scheduler"


def test_nothing_counts_while_airflow_starts() -> None:
    memory = SignMemory(quiet_until=120.0)
    memory.weigh([QUEUED], 0.0)
    assert memory.weigh([QUEUED], 119.0) == []
    assert memory.weigh([QUEUED], 121.0) == []
    assert len(memory.weigh([QUEUED], 180.0)) == 1


@pytest.fixture
def inbox(tmp_path: Path) -> Deliveries:
    (tmp_path / "inbox").mkdir()
    return Deliveries(tmp_path / "inbox", tmp_path / "receipts", settle_s=1.0)


def drop(inbox: Deliveries, name: str) -> None:
    (inbox.inbox / name).write_text("x")
    os.utime(inbox.inbox / name, (0, 0))
    inbox.settle_s = 0.0


def note_listing(inbox: Deliveries, at: float) -> None:
    folder = inbox.receipts / f"run {at}"
    folder.mkdir(parents=True)
    began = datetime.fromtimestamp(at, UTC).isoformat()
    (folder / "intake.json").write_text(
        json.dumps({"inbox": str(inbox.inbox), "started_at": began})
    )


def test_a_file_waits_until_a_run_has_listed_the_inbox_since(inbox: Deliveries) -> None:
    now = datetime.now(UTC).timestamp()
    drop(inbox, "a.txt")
    inbox.look(now)
    waiting = inbox.sign(newest_run_at=0.0)
    assert waiting is not None
    assert "'a.txt'" in waiting.what
    assert waiting.remedies[0] == "triggerer"
    inbox.look(now + 15)
    assert inbox.sign(0.0) == waiting

    note_listing(inbox, now + 20)
    inbox.look(now + 30)
    assert inbox.sign(0.0) is None
    inbox.look(now + 45)
    assert inbox.sign(0.0) is None


def test_a_file_that_came_after_the_listing_waits(inbox: Deliveries) -> None:
    now = datetime.now(UTC).timestamp()
    drop(inbox, "a.txt")
    inbox.look(now)
    note_listing(inbox, now + 1)
    inbox.look(now + 2)
    drop(inbox, "b.txt")
    inbox.look(now + 3)
    waiting = inbox.sign(0.0)
    assert waiting is not None
    assert "'b.txt'" in waiting.what


def test_a_run_that_started_since_and_failed_is_no_reason_to_restart(inbox: Deliveries) -> None:
    now = datetime.now(UTC).timestamp()
    drop(inbox, "a.txt")
    inbox.look(now)
    assert inbox.sign(newest_run_at=now + 1) is None


def test_an_inbox_that_is_gone_holds_nothing(inbox: Deliveries) -> None:
    inbox.inbox.rmdir()
    inbox.look(0.0)
    assert inbox.sign(0.0) is None


def test_what_is_stuck_is_written_for_the_doctor(tmp_path: Path) -> None:
    write_movement(tmp_path, [Stuck("A task is queued.", 31.4, 60.0, "scheduler")])
    content = json.loads((tmp_path / "movement.json").read_text())
    assert content["stuck"] == [
        {"what": "A task is queued.", "for_s": 31, "component": "scheduler"}
    ]


def test_the_journal_gives_the_restarts_of_a_time_and_stays_small(tmp_path: Path) -> None:
    began = datetime.now(UTC)
    assert list_restarts(tmp_path, began) == []
    record_restart(tmp_path, "scheduler", "It ended with -9.", is_stall=False)
    record_restart(tmp_path, "triggerer", "A file waits.", is_stall=True)
    assert [restart.component for restart in list_restarts(tmp_path, began)] == [
        "scheduler",
        "triggerer",
    ]
    assert list_restarts(tmp_path, began + timedelta(hours=1)) == []
    journal = tmp_path / "restarts.jsonl"
    journal.write_text(journal.read_text() * KEPT)
    record_restart(tmp_path, "scheduler", "It ended with -9.", is_stall=False)
    assert len(journal.read_text().splitlines()) == KEPT

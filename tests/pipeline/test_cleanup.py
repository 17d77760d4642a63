from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.pipeline.cleanup import HELD, drop_leftovers, hold_run

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "receipts" / "cli__1"
    made.mkdir(parents=True)
    for name in ("intake.json", "batch-0000.pages.arrow", ".batch-0001.pages.arrow.77"):
        (made / name).write_text("x")
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def date_all(folder: Path, at: datetime) -> None:
    for path in (*folder.iterdir(), folder):
        os.utime(path, (at.timestamp(), at.timestamp()))


def die_in(folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt), hold_run(folder):
        raise KeyboardInterrupt


def test_a_run_that_succeeds_removes_its_lock_file(folder):
    with hold_run(folder):
        assert HELD in names(folder)

    assert HELD not in names(folder)


def test_of_a_killed_run_only_receipts_are_kept(folder):
    die_in(folder)
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW)

    assert names(folder) == {"intake.json"}


def test_a_running_run_keeps_its_frames(folder):
    with hold_run(folder):
        date_all(folder, NOW)
        drop_leftovers(folder.parent, NOW)

        assert len(names(folder)) == 4


def test_what_a_closed_gate_kept_stays_for_a_week(folder):
    die_in(folder)
    (folder / "closed.json").write_text("{}")
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW + timedelta(days=6))
    assert HELD in names(folder)
    drop_leftovers(folder.parent, NOW + timedelta(days=8))
    assert names(folder) == {"intake.json", "closed.json"}


@pytest.mark.parametrize("left", [("run.checks.arrow",), ("closed.json", "gate.json")])
def test_a_run_killed_before_its_gate_closed_or_after_it_opened_loses_its_frames(folder, left):
    die_in(folder)
    for name in left:
        (folder / name).write_text("{}")
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW)
    assert HELD not in names(folder)
    assert not any(name.endswith(".arrow") for name in names(folder))


def test_a_run_of_airflow_keeps_its_frames_for_a_week_and_its_receipts_for_a_month(folder):
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW + timedelta(days=6))
    assert len(names(folder)) == 3
    drop_leftovers(folder.parent, NOW + timedelta(days=8))
    assert names(folder) == {"intake.json"}
    date_all(folder, NOW)
    drop_leftovers(folder.parent, NOW + timedelta(days=31))
    assert not folder.exists()


def test_frames_are_kept_a_day_longer_than_a_question_waits(folder):
    asked_s = 10 * 86400
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW + timedelta(days=10, hours=23), 5.0, asked_s)
    assert len(names(folder)) == 3
    drop_leftovers(folder.parent, NOW + timedelta(days=11, hours=1), 30.0, asked_s)
    assert names(folder) == {"intake.json"}
    date_all(folder, NOW)
    drop_leftovers(folder.parent, NOW + timedelta(days=11, hours=1), 5.0, asked_s)
    assert not folder.exists()


def test_the_evidence_of_the_chrome_book_stays_and_a_missing_folder_is_no_error(folder):
    shelf = folder.rename(folder.with_name("tending"))
    date_all(shelf, NOW)

    drop_leftovers(shelf.parent, NOW + timedelta(days=99))
    drop_leftovers(shelf / "nowhere", NOW)

    assert len(names(shelf)) == 3


def test_nothing_is_removed_after_the_clock_was_set_back(folder):
    date_all(folder, NOW)

    drop_leftovers(folder.parent, NOW - timedelta(days=99))

    assert len(names(folder)) == 3

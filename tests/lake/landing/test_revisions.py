from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from include.lake.delta.tables import one_of, select_rows
from include.lake.landing.land import land_run
from include.model import Run
from include.schema.lake import STORIES
from tests.lake.builders import INBOX, judge_files, land_files, page_id_of, rows_of, run_at
from tests.lake.ledgers import Ledger, read_ledger

OLD = "S Old|The old body.\nAdvertisement"
NEW = "S New|The new body."
BAD = "Q Bad|No."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def headlines(root: Path, table: str = "stories") -> list[str]:
    return sorted(row["headline"] for row in rows_of(root, table))


def test_the_stories_of_a_revised_page_leave(root):
    land_files(root, run_at(0), {"a.txt": OLD, "q.txt": BAD})
    land_files(root, run_at(1), {"a.txt": NEW, "q.txt": NEW + " more"})

    assert headlines(root) == ["New", "New"]
    assert headlines(root, "quarantine") == []
    assert rows_of(root, "chrome") == []
    assert len(rows_of(root, "pages")) == 4


def test_a_revision_names_the_page_before_it(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW})

    revises = {row["page_id"]: row["revises_page_id"] for row in rows_of(root, "pages")}
    assert revises == {page_id_of(OLD): None, page_id_of(NEW): page_id_of(OLD)}


def test_a_revised_page_stays_while_another_name_shows_it(root):
    land_files(root, run_at(0), {"a.txt": OLD, "copy.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW, "copy.txt": OLD})
    assert headlines(root) == ["New", "Old"]

    land_files(root, run_at(2), {"a.txt": NEW, "copy.txt": NEW})
    assert headlines(root) == ["New"]


def test_a_page_shown_elsewhere_stays_when_all_that_it_landed_with_leaves(root):
    """The page was split by two runs; what leaves is told by page and run together."""
    other = "S Other|Another body."
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW})
    land_files(root, run_at(2), {"a.txt": OLD, "b.txt": OLD, "c.txt": other})

    land_files(root, run_at(3), {"a.txt": f"{NEW} more", "b.txt": OLD, "c.txt": f"{other} more"})

    assert headlines(root) == ["New", "Old", "Other"]


def test_a_page_put_back_is_split_again(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW})
    land_files(root, run_at(2), {"a.txt": OLD})

    assert headlines(root) == ["Old"]
    assert read_ledger(root).page_ids == {page_id_of(OLD)}


def test_a_superseded_page_that_comes_under_a_new_name_is_split_again(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW})
    land_files(root, run_at(2), {"a.txt": NEW, "b.txt": OLD})

    assert headlines(root) == ["New", "Old"]


def test_a_repeat_of_a_page_that_left_meanwhile_is_taken_by_the_next_run(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    repeat = judge_files(root.parent / "receipts", run_at(1), {"b.txt": OLD}, read_ledger(root))
    land_files(root, run_at(2), {"a.txt": NEW})

    land_run(root, repeat, run_at(1), run_at(3).started_at)
    assert headlines(root) == ["New"]

    land_files(root, run_at(3), {"a.txt": NEW, "b.txt": OLD})
    assert headlines(root) == ["New", "Old"]


def test_a_rejected_revision_leaves_the_last_good_page_standing(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": "<html>"})

    assert headlines(root) == ["Old"]
    ledger = read_ledger(root)
    assert ledger.newest == {(INBOX, "a.txt"): page_id_of("<html>")}
    assert ledger.page_ids == {page_id_of(OLD)}

    land_files(root, run_at(2), {"a.txt": NEW})
    assert headlines(root) == ["New"]


def test_a_landing_tells_the_days_it_touched(root):
    land_files(root, run_at(0), {"a.txt": OLD})
    tomorrow = Run("cli__next", run_at(0).started_at + timedelta(days=1))

    landed = land_files(root, tomorrow, {"a.txt": NEW})

    assert landed.days == (run_at(0).ingest_day, tomorrow.ingest_day)


def test_the_ledger_of_no_lake_is_empty(root):
    assert read_ledger(root) == Ledger()
    assert not root.exists()


def test_rows_of_files_that_a_deletion_rewrote_are_found_again(root):
    """Delta's engine writes texts there in a type of its own, which not every reader compares."""
    land_files(root, run_at(0), {"a.txt": OLD, "b.txt": "S Other|Another body.", "c.txt": BAD})
    land_files(root, run_at(1), {"a.txt": NEW, "b.txt": "S Other|Another body."})
    ids = [row["page_id"] for row in rows_of(root, "stories")]

    found = select_rows(root, STORIES, ["page_id", "body", "body_spans"], one_of("page_id", ids))

    assert found.schema.field("body").type == pa.string()
    assert sorted(found["page_id"].to_pylist()) == sorted(ids)
    land_files(root, run_at(2), {"a.txt": OLD, "b.txt": "S Other|Another body, changed."})
    assert len(rows_of(root, "story_revisions")) == 3

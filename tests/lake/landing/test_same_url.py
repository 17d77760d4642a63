"""With the setting on, a page replaces the current ones with its URL under other names."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from include.lake.landing.land import land_run
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.lake.ledger.index import open_index
from tests.killing import Killed, kill_at
from tests.lake.builders import INBOX, judge_files, land_files, page_id_of, rows_of, run_at
from tests.lake.ledgers import read_ledger

URL = "U https://a.invalid/9"
OLD = f"{URL}\nS Old|The old body of the story."
NEW = f"{URL}\nS New|The old body of the story, longer."
NEWEST = f"{URL}\nS Newest|The old body of the story, longer still."
ELSEWHERE = "U https://a.invalid/other\nS Other|Another body."
UNNAMED = "S Unnamed|A body without a URL."
ON = {"by_url": frozenset([INBOX])}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def headlines(root: Path) -> list[str]:
    return sorted(row["headline"] for row in rows_of(root, "stories"))


def replaced(root: Path) -> list[tuple[str, str, str]]:
    return [
        (row["name"], row["revises_page_id"], row["page_id"])
        for row in rows_of(root, "pages")
        if row["outcome"] == "replaced"
    ]


def test_a_page_with_the_url_of_a_current_one_revises_it(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "b.txt": ELSEWHERE, "c.txt": UNNAMED}, **ON)
    land_files(root, run_at(1), {"new.txt": NEW}, **ON)

    assert headlines(root) == ["New", "Other", "Unnamed"]
    assert replaced(root) == [("a.txt", page_id_of(OLD), page_id_of(NEW))]
    (gone,) = rows_of(root, "story_revisions")
    assert (gone["headline"], gone["reason"]) == ("Old", "revised")
    assert gone["replaced_by_page_id"] == page_id_of(NEW)
    assert gone["new_story_id"] is not None
    assert "longer" in gone["diff"]


def test_without_the_setting_both_stand(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"new.txt": NEW})
    assert headlines(root) == ["New", "Old"]
    assert replaced(root) == []


def test_the_setting_counts_of_the_inbox_that_delivers_the_new_page(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, by_url=frozenset(["/another"]))
    land_files(root, run_at(1), {"new.txt": NEW}, by_url=frozenset(["/another"]))
    assert headlines(root) == ["New", "Old"]


def test_a_file_whose_page_was_replaced_is_not_taken_again(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    land_files(root, run_at(1), {"new.txt": NEW}, **ON)
    before = rows_of(root, "pages")
    ledger = read_ledger(root)
    assert ledger.knows_delivery(INBOX, "a.txt", page_id_of(OLD))
    land_files(root, run_at(2), {"a.txt": OLD, "new.txt": NEW}, **ON)
    assert headlines(root) == ["New"]
    assert rows_of(root, "pages") == before


def test_all_names_that_show_a_page_with_the_url_are_replaced(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "copy.txt": OLD})
    land_files(root, run_at(1), {"b.txt": NEW})
    land_files(root, run_at(2), {"c.txt": NEWEST}, **ON)
    assert headlines(root) == ["Newest"]
    assert {name for name, *_ in replaced(root)} == {"a.txt", "b.txt", "copy.txt"}
    assert len(rows_of(root, "story_revisions")) == 2


def test_a_replaced_name_may_deliver_again_and_replaces_in_turn(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    land_files(root, run_at(2), {"a.txt": NEWEST}, **ON)
    assert headlines(root) == ["Newest"]
    land_files(root, run_at(3), {"b.txt": ELSEWHERE}, **ON)
    assert headlines(root) == ["Newest", "Other"]
    land_files(root, run_at(4), {"a.txt": UNNAMED}, **ON)
    assert headlines(root) == ["Other", "Unnamed"]


def test_an_old_text_that_comes_back_under_a_new_name_is_the_newest(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    land_files(root, run_at(2), {"c.txt": OLD}, **ON)
    assert headlines(root) == ["Old"]


def test_a_revision_by_name_and_by_url_replaces_both(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "b.txt": ELSEWHERE}, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    assert headlines(root) == ["New"]
    gone = {row["headline"]: row["replaced_by_page_id"] for row in rows_of(root, "story_revisions")}
    assert gone == dict.fromkeys(("Old", "Other"), page_id_of(NEW))


def test_pages_of_one_run_do_not_replace_each_other(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "b.txt": NEW}, **ON)
    assert headlines(root) == ["New", "Old"]
    land_files(root, run_at(1), {"c.txt": NEWEST}, **ON)
    assert headlines(root) == ["Newest"]


def test_a_page_without_a_story_replaces_none(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    land_files(root, run_at(1), {"b.txt": f"{URL}\nSubscribe to read on."}, **ON)
    assert headlines(root) == ["Old"]


def test_quarantined_stories_are_replaced_and_replace(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": f"{URL}\nQ Bad|No."}, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    assert rows_of(root, "quarantine") == []
    land_files(root, run_at(2), {"c.txt": f"{URL}\nQ Worse|No, no."}, **ON)
    assert headlines(root) == []
    assert [row["headline"] for row in rows_of(root, "quarantine")] == ["Worse"]


def test_a_name_whose_new_file_is_rejected_is_replaced(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    land_files(root, run_at(1), {"a.txt": "<html>", "b.txt": NEW}, **ON)
    assert headlines(root) == ["New"]


def test_all_stories_of_a_page_leave_with_it(root: Path) -> None:
    land_files(root, run_at(0), {"a.txt": f"{OLD}\nS Second|Another body."}, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    assert headlines(root) == ["New"]
    assert len(rows_of(root, "story_revisions")) == 2


def test_an_older_run_that_lands_later_replaces_nothing_newer(root: Path) -> None:
    slow = judge_files(root.parent / "receipts", run_at(0), {"a.txt": OLD}, read_ledger(root))
    land_files(root, run_at(1), {"b.txt": NEW}, **ON)
    land_run(root, slow, run_at(0), run_at(2).started_at, **ON)
    assert headlines(root) == ["New", "Old"]


@pytest.mark.parametrize("point", ["stories", "pages", "story_revisions", "superseded stories"])
def test_a_killed_landing_is_undone_or_finished(root: Path, point: str) -> None:
    land_files(root, run_at(0), {"a.txt": OLD}, **ON)
    gated = judge_files(root.parent / "receipts", run_at(1), {"b.txt": NEW}, read_ledger(root))
    now = run_at(1).started_at + timedelta(seconds=9)
    with pytest.raises(Killed):
        land_run(root, gated, run_at(1), now, kill_at(point), **ON)
    land_run(root, gated, run_at(1), now, **ON)
    assert headlines(root) == ["New"]
    assert len(rows_of(root, "story_revisions")) == 1


def test_the_index_follows_what_was_replaced(root: Path, tmp_path: Path) -> None:
    index = tmp_path / "ledger.sqlite"
    land_files(root, run_at(0), {"a.txt": OLD}, index=index, **ON)
    land_files(root, run_at(1), {"b.txt": NEW}, index=index, **ON)
    standing = set(current_rows(read_deliveries(root))["page_id"])
    assert standing == {page_id_of(NEW)}
    with open_index(root, index) as kept, open_index(root) as fresh:
        for ledger in (kept, fresh):
            assert ledger.knows_delivery(INBOX, "a.txt", page_id_of(OLD))
            assert not ledger.knows_page(page_id_of(OLD))
            assert ledger.knows_page(page_id_of(NEW))

"""Stories that leave `stories` stay in `story_revisions`, told what came in their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from deltalake import DeltaTable

from include.lake.delta.versions import read_version
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query
from tests.killing import Killed, kill_at
from tests.lake.builders import land_files, page_id_of, rows_of, run_at

FERRY = "The ferry to the north island left two hours late on Monday after a gale warning."
SNOW = "Snow fell on the upper villages and the road over the pass was closed until noon."
OLD = f"S Ferry late|{FERRY}\nS Snow|{SNOW}\nAdvertisement"
NEW = f"S Ferry sunk|{FERRY} It sank."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def revisions(root: Path) -> list[dict]:
    return sorted(rows_of(root, "story_revisions"), key=lambda row: row["headline"])


def test_a_revised_story_stays_with_its_words_and_what_changed(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    (old, _) = sorted(rows_of(root, "stories"), key=lambda row: row["headline"])
    land_files(root, run_at(1), {"a.txt": NEW})
    (new,) = rows_of(root, "stories")

    ferry, snow = revisions(root)
    assert (ferry["story_id"], ferry["new_story_id"]) == (old["story_id"], new["story_id"])
    assert (ferry["page_id"], ferry["replaced_by_page_id"]) == (page_id_of(OLD), page_id_of(NEW))
    assert (ferry["landed_run_id"], ferry["run_id"]) == ("cli__000", "cli__001")
    assert (ferry["landed_at"], ferry["ingested_at"]) == (
        run_at(0).started_at,
        run_at(1).started_at,
    )
    assert ferry["body"] == FERRY
    assert ferry["source_name"] == "a.txt"
    assert ferry["reason"] == "revised"
    assert ferry["diff"].splitlines()[1:] == [
        "-Ferry late", f"-{FERRY}", "+Ferry sunk", f"+{FERRY} It sank.",
    ]  # fmt: skip
    assert (snow["headline"], snow["new_story_id"], snow["diff"]) == ("Snow", None, None)
    assert snow["replaced_by_page_id"] == page_id_of(NEW)


def test_a_story_whose_words_stayed_leaves_with_an_empty_diff(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": f"Cookies\n{OLD}"})
    assert [(row["diff"], row["similarity"]) for row in revisions(root)] == [("", 1.0)] * 2


def test_a_page_that_another_name_still_shows_leaves_no_revision(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "copy.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW, "copy.txt": OLD})
    assert revisions(root) == []
    land_files(root, run_at(2), {"a.txt": NEW, "copy.txt": NEW})
    assert [row["headline"] for row in revisions(root)] == ["Ferry late", "Snow"]


def test_stories_of_a_page_replaced_by_a_current_one_are_matched_there(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD, "b.txt": NEW})
    land_files(root, run_at(1), {"a.txt": NEW, "b.txt": NEW})
    ferry, _ = revisions(root)
    (new,) = rows_of(root, "stories")
    assert ferry["new_story_id"] == new["story_id"]


def test_a_page_put_back_and_revised_again_leaves_twice(root) -> None:
    for minute, text in enumerate((OLD, NEW, OLD, NEW)):
        land_files(root, run_at(minute), {"a.txt": text})
    told = [(row["headline"], row["landed_run_id"], row["run_id"]) for row in revisions(root)]
    assert sorted(told) == [
        ("Ferry late", "cli__000", "cli__001"),
        ("Ferry late", "cli__002", "cli__003"),
        ("Ferry sunk", "cli__001", "cli__002"),
        ("Snow", "cli__000", "cli__001"),
        ("Snow", "cli__002", "cli__003"),
    ]


def test_a_rejected_revision_leaves_no_revision(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": "<html>"})
    assert revisions(root) == []


@pytest.mark.parametrize(
    "point", ["pages", "story_revisions", "superseded stories", "superseded quarantine"]
)
def test_revisions_of_a_killed_landing_are_whole_and_once(root, tmp_path, point) -> None:
    clean = tmp_path / "clean" / "lake"
    for lake in (root, clean):
        land_files(lake, run_at(0), {"a.txt": OLD})
    with pytest.raises(Killed):
        land_files(root, run_at(1), {"a.txt": NEW}, between=kill_at(point))
    for lake in (root, clean):
        if lake == clean:
            land_files(lake, run_at(1), {"a.txt": NEW})
        land_files(lake, run_at(2), {"a.txt": NEW, "b.txt": f"S Snow|{SNOW}"})
    assert len(revisions(root)) == 2
    assert revisions(root) == revisions(clean)


def test_a_run_without_revision_commits_none(root) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": OLD, "b.txt": NEW})
    assert DeltaTable(str(root / "story_revisions")).version() == 0


def test_the_warehouse_shows_revisions(root, tmp_path) -> None:
    land_files(root, run_at(0), {"a.txt": OLD})
    land_files(root, run_at(1), {"a.txt": NEW})
    path = tmp_path / "w.duckdb"
    publish_warehouse(lambda: read_version(root), path, "1GB")
    query = "select headline, landed_run_id, run_id from story_revisions order by headline"
    assert [tuple(row.values()) for row in run_query(path, query).to_pylist()] == [
        ("Ferry late", "cli__000", "cli__001"),
        ("Snow", "cli__000", "cli__001"),
    ]

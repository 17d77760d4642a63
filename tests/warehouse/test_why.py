"""Why, in SQL: the history of a page is whole and in order, and any of its names finds it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from include.errors import NotFound, QueryRefused
from include.lake.decisions.decisions import add_decisions
from include.lake.delta.versions import read_version
from include.schema.lake import OVERRIDES, REVIEWS
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query
from include.warehouse.why import History, read_why
from tests.lake.builders import DAWN, INBOX, land_files, page_id_of, run_at

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down."
Q = 'Q Brief|Bad.\nS O\'Hara; drop table stories--|She said "100%_".'
NOTE = "it'; drop table stories;-- \x1b[2J $key {} %s"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of two runs, a review and a correction."""
    home: Path = tmp_path_factory.mktemp("it's home")
    first = {"a.txt": A, "x/b.txt": Q, "c.txt": "<html>", "z.zip!in/m.txt": "S Zip|Zipped."}
    land_files(home / "lake", run_at(0), first)
    files = {**first, "a.txt": B, "copy.txt": A + "\nMore", "d.txt": B + "\nMore", "e.txt": Q}
    land_files(home / "lake", run_at(1), files)
    said = {
        "story_id": "0" * 24, "page_id": page_id_of(Q), "text_hash": "0", "source_name": "x/b.txt",
        "failed_rules": ["body.length"], "review_id": "0", "decision": "reject",
        "outcome": "stale", "note": NOTE, "decided_by": NOTE, "decided_at": DAWN, "case_id": "0",
    }  # fmt: skip
    review = REVIEWS.schema().empty_table().from_pylist([said], schema=REVIEWS.schema())
    add_decisions(home / "lake", REVIEWS, review, {})
    said = {
        "override_id": "0" * 16, "outlet": "herald", "pattern": "^Ad", "action": "role",
        "role": "promo", "is_withdrawn": False, "note": NOTE, "made_by": "b",
        "made_at": DAWN + timedelta(hours=1),
    }  # fmt: skip
    override = OVERRIDES.schema().empty_table().from_pylist([said], schema=OVERRIDES.schema())
    add_decisions(home / "lake", OVERRIDES, override, {})
    publish_warehouse(lambda: read_version(home / "lake"), home / "w.duckdb", "400MB")
    return home / "w.duckdb"


def tell(warehouse: Path, key: str) -> History:
    return read_why(warehouse, key, 20, 50)


def history(warehouse: Path, page_id: str) -> list[tuple[object, ...]]:
    sql = f"select event, version, detail, who from meta.history where page_id = '{page_id}'"
    return [tuple(row.values()) for row in run_query(warehouse, sql).to_pylist()]


def test_a_page_that_was_revised_has_its_whole_life_in_order(warehouse: Path) -> None:
    events = [(event, version) for event, version, *_ in history(warehouse, page_id_of(A))]
    assert events == [
        ("delivered", 1), ("split", 1), ("landed", 1), ("landed", 1),
        ("revised", 2), ("replaced", 2), ("replaced", 2),
    ]  # fmt: skip


def test_the_rest_of_the_events_are_told_with_their_words(warehouse: Path) -> None:
    told = history(warehouse, page_id_of(Q))
    assert ("set aside", 1, "body.length: 3", None) in told
    assert ("reviewed", None, f"reject, failed body.length, stale, {NOTE}", NOTE) in told
    assert ("redelivered", 2) in [(event, version) for event, version, *_ in told]
    assert ("rejected", 1, "html, utf-8, 6 bytes", None) in history(warehouse, page_id_of("<html>"))
    copies = run_query(warehouse, "from meta.history where event = 'duplicate'")
    firsts = run_query(warehouse, "from marts.duplicates where is_first")["story_id"].to_pylist()
    assert copies["detail"].to_pylist() == [f"of story {story_id}" for story_id in firsts]
    (row,) = run_query(warehouse, "from meta.history where event = 'corrected'").to_pylist()
    assert row["detail"].endswith(f"lines of herald like ^Ad, role, promo, {NOTE}")


def test_every_delivery_story_and_decision_is_in_the_history(warehouse: Path) -> None:
    sql = """select
        (select count(*) from meta.deliveries where outcome <> 'resplit')
            - (select count(*) from meta.history where step = 1) as deliveries,
        (select count(*) from stories) + (select count(*) from story_revisions)
            + (select count(*) from quality.quarantine)
            - (select count(*) from meta.history where step = 5) as stories,
        (select count(*) from quality.reviews)
            - (select count(*) from meta.history where event = 'reviewed') as reviews"""
    assert run_query(warehouse, sql).to_pylist() == [{"deliveries": 0, "stories": 0, "reviews": 0}]


@pytest.mark.parametrize("key", ["x/b.txt", "b.txt", f"{INBOX}/x/b.txt", "data/x/b.txt"])
def test_a_file_is_found_by_any_of_its_names_and_its_other_names_are_told(
    warehouse: Path, key: str
) -> None:
    told = tell(warehouse, key)
    assert [row["name"] for row in told.deliveries] == ["x/b.txt", "e.txt"]
    assert [row["is_asked"] for row in told.deliveries] == [True, False]
    assert [(row["headline"], row["verdict"]) for row in told.stories] == [
        ("Brief", "quarantined"),
        ("O'Hara; drop table stories--", "landed"),
    ]
    assert told.stories[0]["observed"] == [{"rule": "body.length", "value": "3"}]
    assert [row["outcome"] for row in told.reviews] == ["stale"]
    assert [(row["outlet"], row["is_followed"]) for row in told.overrides] == [("herald", False)]


def test_a_revised_page_tells_in_which_versions_it_stood(warehouse: Path) -> None:
    told = tell(warehouse, "a.txt")
    stood = [(row["page_id"], row["version"], row["until"]) for row in told.deliveries]
    assert stood == [(page_id_of(B), 2, None), (page_id_of(A), 1, 1)]
    gone = [row for row in told.stories if row["page_id"] == page_id_of(A)]
    assert {(row["verdict"], row["version"], row["until"]) for row in gone} == {("replaced", 1, 1)}
    (new,) = [row for row in told.stories if row["page_id"] == page_id_of(B)]
    assert set(new["replaces"] or []) <= {row["story_id"] for row in gone}


def test_a_page_and_its_story_are_found_by_their_ids(warehouse: Path) -> None:
    told = tell(warehouse, page_id_of(Q))
    for story in told.stories:
        assert tell(warehouse, story["story_id"]).deliveries[0]["page_id"] == page_id_of(Q)
    (gone, *_) = [row for row in tell(warehouse, "a.txt").stories if row["verdict"] == "replaced"]
    assert tell(warehouse, gone["story_id"]).deliveries[0]["page_id"] == page_id_of(A)


def test_a_copy_names_the_one_that_counts(warehouse: Path) -> None:
    (later,) = [row for row in tell(warehouse, "d.txt").stories if row["copies"]]
    assert [(copy["name"], copy["is_first"]) for copy in later["copies"]] in (
        [("a.txt", True)], [("a.txt", False)],
    )  # fmt: skip


@pytest.mark.parametrize("key", ["z.zip", f"{INBOX}/z.zip"])
def test_an_archive_tells_its_members(warehouse: Path, key: str) -> None:
    told = tell(warehouse, key)
    assert [(row["name"], row["outcome"]) for row in told.members] == [("z.zip!in/m.txt", "landed")]
    assert told.more_members == 0


def test_what_is_left_out_is_counted(warehouse: Path) -> None:
    told = read_why(warehouse, "a.txt", 1, 50)
    assert (len(told.deliveries), told.more_pages) == (1, 1)


@pytest.mark.parametrize("key", ["m.txt", "in/m.txt", "z.zip!in/m.txt", "z.zip"])
def test_the_macro_finds_a_member_an_archive_and_ids(warehouse: Path, key: str) -> None:
    (row,) = run_query(warehouse, f"from why('{key}')").to_pylist()
    for name in ("page_id", "story_id"):
        assert run_query(warehouse, f"from why('{row[name]}')").to_pylist() == [row]


def test_an_unknown_name_says_what_may_be_given(warehouse: Path) -> None:
    with pytest.raises(NotFound, match="story_id or a page_id"):
        tell(warehouse, "never.txt")


def test_a_file_of_an_older_copydesk_must_be_published_again(
    warehouse: Path, tmp_path: Path
) -> None:
    older = tmp_path / "w.duckdb"
    older.write_bytes(warehouse.read_bytes())
    with duckdb.connect(str(older)) as con:
        con.execute("drop view meta.history")
    with pytest.raises(QueryRefused, match="publishes it again"):
        tell(older, "a.txt")

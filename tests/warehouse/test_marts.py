"""The marts count what stands, by day of publication and by URL."""

from datetime import UTC, datetime

import duckdb
import pytest

from include.warehouse.queries import load_query

DAY_1, DAY_2 = datetime(2026, 3, 2, 23, 30, tzinfo=UTC), datetime(2026, 3, 3, 1, tzinfo=UTC)
URL = "https://a.invalid/s"
STORIES = [  # story_id, page_id, source_name, story_no, url, headline, words, published, ingested
    ("s1", "p1", "mon.jsonl!1", 1, URL, "Bridge vote", 10, DAY_1, DAY_1),
    ("s2", "p1", "mon.jsonl!1", 2, URL, "Ferry sails", 5, None, DAY_1),
    ("s3", "p2", "tue.jsonl!1", 1, URL, "Bridge vote, recount", 12, DAY_1, DAY_2),
    ("s4", "p3", "c.txt", 1, None, "Roof leaks", 7, DAY_2, DAY_2),
]


@pytest.fixture
def con():
    con = duckdb.connect()
    con.execute("set timezone = 'America/New_York'")  # days are UTC days, whatever the reader's
    con.execute(
        "create table stories (story_id text, page_id text, source_name text, story_no int, "
        "url text, headline text, words int, published_at timestamptz, ingested_at timestamptz, "
        "ingest_day date default '2026-03-03', quality_flags text[] default [], confidence double, "
        "outlet text)"
    )
    con.executemany(
        "insert into stories (story_id, page_id, source_name, story_no, url, headline, words, "
        "published_at, ingested_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STORIES,
    )
    con.execute("create schema marts")
    con.execute("update stories set outlet = 'Herald' where story_id <> 's4'")
    con.execute("create table marts.story_outlets (story_id text, name text)")
    con.execute("insert into marts.story_outlets values ('s1', 'The Herald'), ('s4', 'Gazette')")
    con.execute("create table marts.story_dates (story_id text, published_at timestamptz)")
    con.execute("insert into marts.story_dates values ('s1', null), ('s2', ?)", [DAY_2])
    con.execute("create table marts.duplicates (story_id text, is_first bool)")
    con.execute("insert into marts.duplicates values ('s1', true), ('s3', false)")
    return con


def test_stories_are_counted_by_utc_day_of_publication(con):
    rows = con.sql(load_query("marts_outlet_published")).to_arrow_table().to_pylist()

    counted = {
        (str(r["published_date"]), r["outlet"]): (r["stories"], r["later_copies"]) for r in rows
    }
    assert counted == {
        ("2026-03-02", "Herald"): (2, 1),
        ("2026-03-03", "Herald"): (1, 0),  # by the age on its page
        ("2026-03-03", "Gazette"): (1, 0),
    }
    assert sum(r["dated_by_age"] for r in rows) == 1


def test_an_outlet_that_the_story_does_not_name_is_the_one_that_was_found(con):
    rows = con.sql(load_query("marts_outlet_daily")).to_arrow_table().to_pylist()

    counted = {r["outlet"]: (r["stories"], r["last_published_at"]) for r in rows}
    assert counted == {"Herald": (3, DAY_2), "Gazette": (1, DAY_2)}


def test_the_texts_of_a_url_are_its_versions_in_order(con):
    rows = con.sql(load_query("marts_url_versions")).to_arrow_table().to_pylist()

    shown = sorted((r["version_no"], r["page_id"], r["headline"], r["is_newest"]) for r in rows)
    assert shown == [
        (1, "p1", "Bridge vote", False),
        (2, "p2", "Bridge vote, recount", True),
    ]
    assert {(r["url"], r["versions"]) for r in rows} == {(URL, 2)}

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
        "outlet text default 'Herald')"
    )
    con.executemany(
        "insert into stories (story_id, page_id, source_name, story_no, url, headline, words, "
        "published_at, ingested_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        STORIES,
    )
    con.execute("create schema marts")
    con.execute("create table marts.duplicates (story_id text, is_first bool)")
    con.execute("insert into marts.duplicates values ('s1', true), ('s3', false)")
    return con


def test_stories_are_counted_by_utc_day_of_publication(con):
    rows = con.sql(load_query("marts_outlet_published")).to_arrow_table().to_pylist()

    counted = {str(r["published_date"]): (r["stories"], r["later_copies"]) for r in rows}
    assert counted == {"2026-03-02": (2, 1), "2026-03-03": (1, 0), "None": (1, 0)}


def test_the_texts_of_a_url_are_its_versions_in_order(con):
    rows = con.sql(load_query("marts_url_versions")).to_arrow_table().to_pylist()

    shown = sorted((r["version_no"], r["page_id"], r["headline"], r["is_newest"]) for r in rows)
    assert shown == [
        (1, "p1", "Bridge vote", False),
        (2, "p2", "Bridge vote, recount", True),
    ]
    assert {(r["url"], r["versions"]) for r in rows} == {(URL, 2)}

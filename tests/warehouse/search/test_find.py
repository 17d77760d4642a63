"""Searching: what is found, in which order, and which part of it is shown."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from include.errors import NotFound, QueryRefused, UsageWrong
from include.warehouse.search.ask import search_stories
from include.warehouse.search.find import AROUND_CHARS, cut_around, find_stories
from include.warehouse.search.index import EPOCH, Row, make_document, open_index
from tests.warehouse.readers import ask
from tests.warehouse.search.stories import PAGES, find, land, land_and_index, select


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    home: Path = tmp_path_factory.mktemp("it's home")
    land_and_index(home, 0, PAGES)
    return home


@pytest.fixture
def warehouse(home) -> Path:
    return home / "warehouse.duckdb"


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("ferry", {"Ferry strike", "Harbour news"}),
        ("FERRY AND strike", {"Ferry strike", "Harbour news"}),
        ("ferry strike -goose", {"Ferry strike"}),
        ("goose OR odd", {"Goose fair", "Harbour news", "Prime minister"}),
        ("(goose OR odd) NOT fair", {"Harbour news", "Prime minister"}),
        ('"prime minister"', {"Prime minister", "Markets"}),
        ('"prime minister said"', {"Markets"}),
        ("headline:goose", {"Goose fair"}),
        ("ete goteborg", {"Été à Göteborg"}),
        ("ÉTÉ", {"Été à Göteborg"}),
        ("東京都", {"Été à Göteborg"}),
        ("地震", {"Été à Göteborg"}),
        ("京東", set()),
        ("outlet:herald ferry", {"Ferry strike", "Harbour news"}),
        ("outlet:'Sund Press' ferry", set()),
        ("-outlet:herald", set()),
        ("-ferry -prime -été", {"Goose fair"}),
        ("minist", set()),
        ("after:2026-01-01", set()),
        ("ferry -after:2026-01-01", {"Ferry strike", "Harbour news"}),
    ],
)
def test_a_search_finds_what_matches(warehouse, query, headlines):
    assert set(find(warehouse, query)) == headlines


def test_a_word_in_a_headline_counts_for_more(warehouse):
    assert find(warehouse, "ferry") == ["Ferry strike", "Harbour news"]
    assert find(warehouse, "goose") == ["Goose fair", "Harbour news"]


def test_rarer_words_count_for_more_and_scores_fall(warehouse):
    scores = search_stories(warehouse, "the OR odd OR goose")["score"].to_pylist()

    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_sql_and_python_give_the_same(warehouse):
    sql = "select headline, score from search_stories('ferry OR prime')"

    rows = search_stories(warehouse, "ferry OR prime").select(["headline", "score"])
    assert select(warehouse, sql) == rows.to_pylist()


def test_a_search_is_joined_like_any_table(warehouse):
    sql = """
        select story.words, found.headline
        from search_stories('"prime minister said"', most := 1) as found
        join stories as story using (story_id)"""

    assert select(warehouse, sql) == [{"words": 5, "headline": "Markets"}]


def test_the_macro_in_the_file_gives_the_same_columns(warehouse):
    with duckdb.connect(str(warehouse), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        plain = con.sql("from search_stories('ferry')").to_arrow_table()

    assert plain.schema == search_stories(warehouse, "ferry").schema
    assert set(plain["headline"].to_pylist()) == {"Ferry strike", "Harbour news"}


@pytest.mark.parametrize(
    "query", ["a AND b", "NOT a", '"a b"', "outlet:x", "a after:2026-01-01", "a -b"]
)
def test_the_macro_in_the_file_refuses_what_it_cannot_do(warehouse, query):
    with pytest.raises(duckdb.Error, match="need the search index"):
        ask(warehouse, f"from search_stories('{query}')")


def test_the_macro_in_the_file_knows_words_without_case_and_accents(warehouse):
    assert len(ask(warehouse, "from search_stories('GOTEBORG ete')")) == 1
    assert len(ask(warehouse, "from search_stories('ferry', most := 1)")) == 1


@pytest.mark.parametrize(
    "query",
    ["'; drop table x;--", '"', "ferry'); from stories; --", "{}", "$q", "%", "\x00", "😀", "*:*"],
)
def test_hostile_queries_are_only_text(warehouse, query):
    quoted = query.replace("'", "''")
    for search in (
        lambda: find(warehouse, query),
        lambda: select(warehouse, f"from search_stories('{quoted}')"),
    ):
        with contextlib.suppress(UsageWrong, QueryRefused):
            assert len(search()) <= 2


def test_a_refusal_in_sql_says_what_the_parser_says(warehouse):
    with pytest.raises(QueryRefused, match='The quote " is never closed'):
        select(warehouse, "from search_stories('\"ferry')")


@pytest.mark.parametrize(("most", "rows"), [(0, 0), (-1, 0), (1, 1), (10**30, 2)])
def test_any_number_of_rows_may_be_asked_for(warehouse, most, rows):
    assert search_stories(warehouse, "ferry", most).num_rows == rows


def test_a_search_for_null_finds_nothing(warehouse):
    assert select(warehouse, "from search_stories(null)") == []


def test_without_an_index_the_way_out_is_named(tmp_path):
    with pytest.raises(NotFound, match="python -m include analyze"):
        find(land(tmp_path, 0, PAGES), "ferry")


def add(folder: Path, *stories: tuple[str, str, date | None]) -> Path:
    """Index stories: id, outlet, day of publication."""
    folder.mkdir()
    index = open_index(folder)
    writer = index.writer(heap_size=20 * 2**20, num_threads=1)
    for story_id, outlet, day in stories:
        at = day and datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC)
        us = None if at is None else (at - EPOCH) // EPOCH.resolution
        row = Row(story_id, "p", "r", "f", 1, None, outlet, us, "It rained.")
        writer.add_document(make_document(row, "en", day))
    writer.commit()
    return folder


def test_outlets_and_days_filter_and_alone_give_the_newest_first(tmp_path):
    folder = add(
        tmp_path / "index",
        ("old", "Sünd Press", date(1830, 1, 1)),
        ("one", "Sund Press", date(2026, 1, 30)),
        ("two", "SUND-PRESS", date(2026, 1, 31)),
        ("sun", "Sund", date(2026, 2, 1)),
        ("none", "Sund Press", None),
    )

    def ids(query: str) -> list[str]:
        return [story["story_id"] for story in find_stories(folder, query, 10)]

    assert ids("after:2026-01-31") == ["sun", "two"]
    assert ids("before:2026-01-31") == ["one", "old"]
    assert ids("after:2026-01 before:2026-02") == ["two", "one"]
    assert ids("outlet:'Sund Press'") == ["two", "one", "old", "none"]
    assert set(ids("rained -outlet:sund language:en")) == {"old", "one", "two", "none"}
    assert ids("rained language:de") == []
    (old,) = find_stories(folder, "before:1900", 10)
    assert old["published_at"] == datetime(1830, 1, 1, 23, 59, tzinfo=UTC)
    assert old["score"] == 0


def test_the_part_shown_has_most_of_the_words():
    body = f"A ferry left. {'It rained. ' * 50}The ferry strike ended. {'It rained. ' * 50}"

    part = cut_around(body, [("ferry",), ("strike",)])
    assert "ferry strike ended" in part
    assert len(part) <= AROUND_CHARS
    assert cut_around(body, [("goose",)]).startswith("A ferry left.")
    assert cut_around("", [("goose",)]) == ""


def test_the_part_shown_has_whole_words():
    body = "The ferry to Wren was late again, said the harbour master. " * 9

    assert {*cut_around(body, [("wren",)]).split()} <= {*body.split()}
    assert len(cut_around("渡" * 300, [])) == AROUND_CHARS


def test_the_part_shown_is_of_the_text_as_it_is():
    body = f"{'Il pleut. ' * 30}L’ÉTÉ à Göteborg."

    assert "L’ÉTÉ à Göteborg." in cut_around(body, [("ete",), ("a", "goteborg")])


def test_json_of_rows_is_plain(warehouse):
    row = search_stories(warehouse, "odd").to_pylist()[0]
    assert json.dumps({**row, "published_at": None})

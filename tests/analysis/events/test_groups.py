"""Stories of one event are grouped by their words and days, in whatever order they arrived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.analysis.duplicates.pairs import CONTAINED, NEAR, drop_round_ups
from include.analysis.events.changes import MERGED, RENAMED, SPLIT, compare_groupings
from include.analysis.events.groups import group_stories
from include.schema.column import STAMP

DAY = datetime(2026, 11, 1, tzinfo=UTC)
NO_COPIES = pa.table({"text_a": pa.array([], pa.string()), "text_b": pa.array([], pa.string())})


def stories(**days: int) -> pa.Table:
    """Give stories by their name, each published on a day; a story's vector has its name."""
    names = pa.array(days.keys(), pa.string())
    return pa.table(
        {
            "story_id": names,
            "vector_id": names,
            "text_id": names,
            "published_at": pa.array([DAY + timedelta(days=day) for day in days.values()], STAMP),
            "ingested_at": pa.array([DAY] * len(names), STAMP),
        }
    )


def links(similarities: dict[str, float]) -> pa.Table:
    """Give links by the names of their two stories: {"a b": 0.5}."""
    rows = [(*sorted(pair.split()), value) for pair, value in similarities.items()]
    schema = {"vector_a": pl.String, "vector_b": pl.String, "similarity": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").to_arrow()


def copies(*pairs: str) -> pa.Table:
    ends = [pair.split() for pair in pairs]
    return pa.table({"text_a": [one for one, _ in ends], "text_b": [other for _, other in ends]})


def events_of(*tables: pa.Table) -> dict[str, str]:
    members = group_stories(*tables).to_pylist()
    return {row["story_id"]: row["event_id"] for row in members}


def test_an_event_is_named_by_its_first_story():
    found = events_of(stories(b=0, a=1, c=5), links({"a b": 0.5, "b c": 0.5}), NO_COPIES)
    assert found == {"a": "b", "b": "b", "c": "b"}


def test_a_story_that_is_like_both_of_two_events_does_not_join_them():
    pairs = {"a b": 0.6, "c d": 0.6, "b x": 0.3, "c x": 0.4}
    found = events_of(stories(a=0, b=0, c=0, d=0, x=0), links(pairs), NO_COPIES)
    assert found == {"a": "a", "b": "a", "c": "c", "d": "c", "x": "c"}


def test_events_of_earlier_days_stay_apart_whatever_comes_later():
    pairs = {"a b": 0.5, "c d": 0.5, "a x": 0.9, "b x": 0.9, "c x": 0.8, "d x": 0.8}
    found = events_of(stories(a=0, b=0, c=0, d=0, x=1), links(pairs), NO_COPIES)
    assert found == {"a": "a", "b": "a", "x": "a", "c": "c", "d": "c"}


def test_copies_are_in_one_event_and_count_as_one():
    wire = stories(w1=0, w2=0, w3=1, own=1)
    found = group_stories(wire, links({"own w1": 0.2}), copies("w1 w2", "w2 w3"))
    assert set(found["event_id"].to_pylist()) == {"w1"}
    assert found["similarity"].to_pylist() == [0.2] * 4


def test_copies_alone_are_an_event_of_which_all_are_alike():
    found = group_stories(stories(a=0, b=1), links({}), copies("a b"))
    assert found["similarity"].to_pylist() == [1.0, 1.0]


def test_a_round_up_connects_no_texts():
    rows = [("brief", "round", CONTAINED, 50, 500, 50, 50)]
    rows += [("other", "round", CONTAINED, 60, 500, 60, 60), ("near1", "near2", NEAR, 9, 9, 9, 9)]
    names = ("text_a", "text_b", "kind", "words_a", "words_b", "shared_a", "shared_b")
    pairs = pl.DataFrame(rows, schema=names, orient="row")
    kept = drop_round_ups(pairs.to_arrow()).to_pylist()
    assert kept == [{"text_a": "near1", "text_b": "near2"}]
    alone = drop_round_ups(pairs.head(1).to_arrow()).to_pylist()
    assert alone == [{"text_a": "brief", "text_b": "round"}]


NAMES = "abcdefgh"
CORPORA = st.tuples(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3), min_size=1),
    st.dictionaries(
        st.sampled_from([" ".join(pair) for pair in combinations(NAMES, 2)]),
        st.sampled_from([0.1, 0.13, 0.15, 0.2, 0.3, 0.6]),
    ),
)


@given(corpus=CORPORA, dice=st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(corpus, dice):
    days, similarities = corpus
    expected = events_of(stories(**days), links(similarities), NO_COPIES)
    for table in (days, similarities):
        items = list(table.items())
        dice.shuffle(items)
        table.clear()
        table.update(items)
    assert events_of(stories(**days), links(similarities), NO_COPIES) == expected


@given(corpus=CORPORA)
def test_later_stories_change_no_event_of_earlier_days(corpus):
    days, similarities = corpus
    early = {name: day for name, day in days.items() if day < 2}
    before = events_of(stories(**early), links(similarities), NO_COPIES)
    after = events_of(stories(**days), links(similarities), NO_COPIES)
    assert {name: after[name] for name in before} == before


def grouping(events: dict[str, str]) -> pa.Table:
    schema = {"story_id": pl.String, "event_id": pl.String}
    return pl.DataFrame(list(events.items()), schema=schema, orient="row").to_arrow()


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": "a", "b": "a"}, {"a": "a", "b": "a", "c": "a"}, []),
        ({"b": "b", "c": "b"}, {"a": "a", "b": "a", "c": "a"}, [("b", "a", RENAMED, 2, 2)]),
        ({"a": "a", "b": "a"}, {"b": "b", "c": "b"}, [("a", "b", RENAMED, 2, 1)]),
        (
            {"a": "a", "b": "a", "c": "c", "d": "c"},
            {"a": "a", "b": "a", "c": "a", "d": "a"},
            [("c", "a", MERGED, 2, 2)],
        ),
        (
            {"a": "a", "b": "a", "c": "a", "d": "a"},
            {"a": "a", "b": "a", "c": "c", "d": "c"},
            [("a", "c", SPLIT, 4, 2)],
        ),
        ({"a": "a", "b": "a"}, {}, []),
    ],
)
def test_what_became_of_an_event(before, after, changes):
    rows = compare_groupings(grouping(before), grouping(after)).to_pylist()
    assert [tuple(row.values()) for row in rows] == changes

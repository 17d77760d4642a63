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
from include.analysis.events.groups import WINDOW_DAYS, group_stories, order_stories
from include.analysis.events.regroup import find_needed, keep_grouped
from include.analysis.events.similarity import encode_terms
from include.analysis.events.terms import MIN_TERMS, SCALE
from include.schema.column import STAMP

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def stories(run: str = "r", **days: int | None) -> pa.Table:
    """Give stories by their name, ingested on one day, and published so many days later."""
    names = pa.array(days.keys(), pa.string())
    published = [None if day is None else DAY + timedelta(days=day) for day in days.values()]
    return pa.table(
        {
            "story_id": names,
            "run_id": pa.array([run] * len(names), pa.string()),
            "vector_id": names,
            "text_id": names,
            "published_at": pa.array(published, STAMP),
            "ingested_at": pa.array([DAY] * len(names), STAMP),
        }
    )


def vectors(names: str, similarities: dict[str, float]) -> pl.DataFrame:
    """Give vectors with these products: {"a b": 0.5}; what two share is a term of their own."""
    rows = []
    for name in names:
        shared = {pair: value for pair, value in similarities.items() if name in pair.split()}
        weights = {f"{pair}": round(value**0.5 * SCALE) for pair, value in shared.items()}
        left = max(SCALE**2 - sum(weight**2 for weight in weights.values()), 0)
        own = {f"{name}{n}": round((left / MIN_TERMS) ** 0.5) for n in range(MIN_TERMS)}
        rows.append((name, list(weights | own), list((weights | own).values())))
    schema = {"vector_id": pl.String, "terms": pl.List(pl.String), "weights": pl.List(pl.Int32)}
    return encode_terms([pl.DataFrame(rows, schema=schema, orient="row").to_arrow()])


def copies(*pairs: str) -> pa.Table:
    ends = [pair.split() for pair in pairs]
    names = ("text_a", "text_b")
    return pa.table({n: pa.array([e[at] for e in ends], pa.string()) for at, n in enumerate(names)})


def group(of: pa.Table, similarities: dict[str, float], copied: pa.Table | None = None) -> pa.Table:
    names = "".join(of["story_id"].to_pylist())
    return group_stories(order_stories(of, copied or copies()), vectors(names, similarities))


def events_of(of: pa.Table, similarities: dict[str, float]) -> dict[str, str]:
    return {row["story_id"]: row["event_id"] for row in group(of, similarities).to_pylist()}


def test_an_event_is_named_by_its_first_story():
    assert events_of(stories(b=0, a=1, c=5), {"a b": 0.4, "b c": 0.4}) == dict.fromkeys("abc", "b")


def test_a_story_joins_the_event_that_is_most_similar_and_merges_no_two():
    pairs = {"a b": 0.5, "c d": 0.4, "b x": 0.3, "c x": 0.4}
    found = events_of(stories(a=0, b=0, c=0, d=0, x=1), pairs)
    assert found == {"a": "a", "b": "a", "c": "c", "d": "c", "x": "c"}


def test_events_of_earlier_days_stay_apart_whatever_comes_later():
    pairs = {"a b": 0.3, "c d": 0.3, "a x": 0.3, "b x": 0.3, "c x": 0.2, "d x": 0.2}
    found = events_of(stories(a=0, b=0, c=0, d=0, x=1), pairs)
    assert found == {"a": "a", "b": "a", "x": "a", "c": "c", "d": "c"}


@pytest.mark.parametrize(
    ("days", "similarity", "is_event"),
    [
        ((0, 0), 0.125, True),
        ((0, 1), 0.125, False),
        ((0, 1), 0.14, True),
        ((0, 30), 0.14, False),
        ((0, 30), 0.16, True),
        ((0, WINDOW_DAYS + 1), 0.9, False),
        ((0, None), 0.14, False),
        ((0, None), 0.16, True),
        ((-WINDOW_DAYS - 1, None), 0.18, False),
        ((-WINDOW_DAYS - 1, None), 0.22, True),
    ],
)
def test_days_between_stories_and_missing_dates_make_them_less_similar(days, similarity, is_event):
    one, other = days
    assert bool(events_of(stories(a=one, b=other), {"a b": similarity})) is is_event


def test_copies_are_in_one_event_and_count_as_one():
    wire = stories(a=0, b=0, c=1, x=1)
    found = group(wire, {"a x": 0.2, "b x": 0.0}, copies("a b", "b c"))
    assert set(found["event_id"].to_pylist()) == {"a"}
    assert found["similarity"].to_pylist() == [pytest.approx(0.2, abs=0.001)] * 4
    assert found["leader_id"].to_pylist() == ["a", "a", "a", "x"]


def test_copies_alone_are_an_event_of_which_all_are_alike():
    found = group(stories(a=0, b=1), {}, copies("a b"))
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
    st.dictionaries(
        st.sampled_from(NAMES), st.one_of(st.none(), st.sampled_from([-80, 0, 1, 3])), min_size=1
    ),
    st.dictionaries(
        st.sampled_from([" ".join(pair) for pair in combinations(NAMES, 2)]),
        st.sampled_from([0.1, 0.13, 0.15, 0.2, 0.3]),
    ),
    st.lists(st.sampled_from([" ".join(pair) for pair in combinations(NAMES, 2)]), max_size=2),
)


@given(corpus=CORPORA, dice=st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(corpus, dice):
    days, similarities, _ = corpus
    expected = events_of(stories(**days), similarities)
    for table in (days, similarities):
        items = list(table.items())
        dice.shuffle(items)
        table.clear()
        table.update(items)
    assert events_of(stories(**days), similarities) == expected


@given(corpus=CORPORA, later=st.sets(st.sampled_from(NAMES)), gone=st.sets(st.sampled_from(NAMES)))
def test_an_update_equals_grouping_all_stories(corpus, later, gone):
    days, similarities, copied = corpus
    kept = {name: day for name, day in days.items() if name not in gone}
    known = {name: day for name, day in days.items() if name not in later}
    before = group(stories("first", **known), similarities, copies(*copied))
    members = before.append_column("run_id", pa.array(["first"] * before.num_rows, pa.string()))

    added = {name: day for name, day in kept.items() if name in later}
    early = {name: day for name, day in kept.items() if name not in later}
    now = pa.concat_tables([stories("first", **early), stories("second", **added)])
    ordered = order_stories(now, copies(*copied))
    grouped = keep_grouped(ordered, members, ["first"])
    needed = find_needed(ordered, grouped).implode()
    found = vectors(NAMES, similarities).filter(pl.col("vector_id").is_in(needed))
    updated = group_stories(ordered, found, grouped)

    assert updated.equals(group_stories(ordered, vectors(NAMES, similarities)))


@given(corpus=CORPORA)
def test_later_stories_change_no_event_of_earlier_days(corpus):
    days, similarities, _ = corpus
    days = {name: day or 0 for name, day in days.items()}
    early = {name: day for name, day in days.items() if day < 2}
    before = events_of(stories(**early), similarities)
    after = events_of(stories(**days), similarities)
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

"""What differs between two splits of a page: every story is counted once, on either side."""

from collections import Counter
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from include.lake.revisions.differences import WHAT, compare_stories
from include.lake.revisions.resplits import STORED
from include.schema.lake import STORIES

WORDS = ("boat", "goose", "bridge", "baker", "night", "tarn", "vote", "cake", "lamp", "quay")


def story(page: str, number: int, words: tuple[str, ...], **said: Any) -> dict[str, Any]:
    body = " ".join(words)
    made = {
        "page_id": page, "story_id": f"{page}-{number}", "source_name": page, "story_no": number,
        "headline": f"Head {number}", "body": body, "body_chars": len(body), "language": "en",
        "text_hash": body, "splitter_version": "1", "agencies": [], "tags": [],
        "headline_spans": [], "body_spans": [{"start": 0, "end": len(body)}],
        "caption_spans": [], "other_spans": [], "verdict": "landed", **said,
    }  # fmt: skip
    return {field.name: made.get(field.name) for field in STORED}


def frame(stories: list[dict[str, Any]]) -> pl.DataFrame:
    import pyarrow as pa

    return pl.DataFrame(pa.Table.from_pylist(stories, STORED))


@st.composite
def splits(draw: st.DrawFn) -> list[dict[str, Any]]:
    bodies = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(tuple)
    verdicts = st.sampled_from(["landed", "quarantined"])
    outlets = st.sampled_from([None, "The Herald", "Post"])
    keys = draw(st.sets(st.tuples(st.sampled_from("pq"), st.integers(1, 5))))
    return [
        story(page, number, draw(bodies), verdict=draw(verdicts), outlet=draw(outlets))
        for page, number in sorted(keys)
    ]


@given(splits(), splits())
def test_every_story_is_counted_once_on_either_side(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    found = compare_stories(frame(before), frame(after), {})
    rows = found.rows.to_pylist()
    kinds = Counter(row["change"] for row in rows)
    same = sum(found.same.values())
    assert same + kinds["changed"] + kinds["gone"] == len(before)
    assert same + kinds["changed"] + kinds["added"] == len(after)
    for side, stories in (("before", before), ("after", after)):
        ids = [row[f"story_id_{side}"] for row in rows if row[f"story_id_{side}"]]
        assert len(set(ids)) == len(ids)
        assert set(ids) <= {story["story_id"] for story in stories}
    assert all(set(row["what"]) <= set(WHAT) for row in rows)


@given(splits())
def test_a_split_does_not_differ_from_itself(stories: list[dict[str, Any]]) -> None:
    found = compare_stories(frame(stories), frame(stories), {})
    assert found.rows.num_rows == 0
    assert sum(found.same.values()) == len(stories)


def test_what_changed_is_named() -> None:
    words = ("boat", "goose", "bridge", "baker")
    changes = {
        "headline": {"headline": "Another"},
        "body": {"body": "other words"},
        "boundaries": {"body_spans": [{"start": 1, "end": 9}]},
        "facts": {"byline": "A Writer"},
        "verdict": {"verdict": "quarantined"},
    }
    for what, said in changes.items():
        old, new = story("p", 1, words), story("p", 1, words, **said)
        (row,) = compare_stories(frame([old]), frame([new]), {}).rows.to_pylist()
        assert (row["change"], row["what"]) == ("changed", [what])
        assert (row["changed_chars"] > 0) is (what in ("headline", "body"))


def test_a_story_whose_id_changed_goes_on_by_its_words() -> None:
    words = WORDS * 3
    old, new = story("p", 1, words), story("p", 2, ("More", *words), headline="Head 1")
    (row,) = compare_stories(frame([old]), frame([new]), {}).rows.to_pylist()
    assert (row["change"], row["story_id_before"], row["story_id_after"]) == (
        "changed", "p-1", "p-2",
    )  # fmt: skip


def test_a_story_without_an_outlet_takes_that_of_its_delivery() -> None:
    one = story("p", 1, WORDS)
    assert compare_stories(frame([one]), frame([one]), {"p": "Post"}).same == {"Post": 1}


def test_every_compared_column_is_a_story_s() -> None:
    assert {name for names in WHAT.values() for name in names} - {"verdict"} <= set(
        STORIES.schema().names
    )

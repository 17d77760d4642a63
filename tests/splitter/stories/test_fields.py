"""Author and date of stories, extracted from whole pages."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from include.splitter.split import split_pages

PROSE = (
    "The harbour council voted on Tuesday to keep the old crane where it stands, after a night of"
    " speeches that nobody had asked for and that everybody stayed to hear."
)
MORE = (
    "The crane has not lifted anything since the war, but it leans over the market in a way that"
    " the town has grown to like, and three shops are named after it."
)
HEAD = "Council Keeps the Old Crane Above the Market"


def stories_of(*lines: str) -> list[dict[str, Any]]:
    page = {"page_id": ["0" * 64], "name": ["a.txt"], "outcome": ["taken"]}
    split = split_pages(pa.table({**page, "text": ["\n\n".join(lines)]}))
    stories: list[dict[str, Any]] = split.stories.to_pylist()
    return stories


def story_of(*head: str, foot: tuple[str, ...] = ()) -> dict[str, Any]:
    (story,) = stories_of(HEAD, *head, PROSE, MORE, PROSE.replace("crane", "bell"), *foot)
    return story


def test_a_byline_is_its_names_and_its_line_is_quoted() -> None:
    story = story_of("By Ann Lee, Staff Writer", "March 5, 2026 at 6:05 pm")
    assert story["byline"] == "Ann Lee"
    assert story["published_at"] == datetime(2026, 3, 5, 18, 5, tzinfo=UTC)
    assert (story["published_precision"], story["published_source"]) == ("minute", "text")
    text = "\n\n".join([HEAD, "By Ann Lee, Staff Writer", "March 5, 2026 at 6:05 pm"])
    quoted = {span["role"]: text[span["start"] : span["end"]] for span in story["other_spans"]}
    assert quoted == {
        "byline": "By Ann Lee, Staff Writer",
        "dateline": "March 5, 2026 at 6:05 pm",
    }


@pytest.mark.parametrize(
    "line", ["2 hours ago", "Updated March 5, 2026", "03/04/2026", "Stand: 5. März 2026"]
)
def test_an_age_an_update_or_an_ambiguous_date_gives_none(line: str) -> None:
    story = story_of(line)
    assert story["published_at"] is None
    assert story["published_precision"] is story["published_source"] is None


def test_published_wins_over_updated_in_either_order() -> None:
    story = story_of("Updated: 6 March 2026 09:00 Published: 5 March 2026 08:00")
    assert story["published_at"] == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def test_dates_that_disagree_give_none() -> None:
    assert story_of("5 March 2026", "9 March 2026")["published_at"] is None


def test_a_date_in_figures_is_settled_by_another_of_the_page() -> None:
    story = story_of("03/04/2026", foot=("Printed 25/03/2026",))
    assert story["published_at"] == datetime(2026, 4, 3, tzinfo=UTC)


def test_a_name_beside_the_date_needs_a_common_given_name_or_a_title() -> None:
    assert story_of("Ardel Lee", "5 March 2026")["byline"] is None
    assert story_of("Ardel Lee", "Columnist", "5 March 2026")["byline"] == "Ardel Lee"
    assert story_of("Ann Lee", "5 March 2026")["byline"] == "Ann Lee"


def test_a_lone_by_signs_with_the_line_below() -> None:
    assert story_of("5 March 2026", "By", "Ann Lee")["byline"] == "Ann Lee"


def test_a_page_that_dates_below_gives_each_story_its_own() -> None:
    second = [HEAD.replace("Crane", "Bell"), MORE, PROSE.replace("crane", "ferry"), MORE[::-1]]
    stories = stories_of(
        HEAD, PROSE, PROSE.replace("crane", "bell"), "Posted: 5 March 2026", *[""] * 3, *second,
        "Posted: 4 March 2026",
    )  # fmt: skip
    assert [story["published_at"].day for story in stories] == [5, 4]


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        ("OSLO, March 5 (dpa) — ", "OSLO, March 5 (dpa)"),
        ("Oslo/Bergen (dpa) - ", "Oslo/Bergen (dpa)"),
        ("SAN JOSE, Calif. -- ", "SAN JOSE, Calif."),
        ("Oslo. ", None),
    ],
)
def test_the_dateline_ahead_of_the_first_sentence_is_quoted(
    opening: str, place: str | None
) -> None:
    (story,) = stories_of(HEAD, opening + PROSE, MORE, PROSE.replace("crane", "bell"))
    assert story["dateline"] == place
    assert story["body"].startswith(opening)


AT = datetime(2025, 4, 5, 6, 7, tzinfo=UTC)
GIVEN = {
    "outlet": pa.array(["Sund Press"]),
    "published_at": pa.array([AT], pa.timestamp("us", tz="UTC")),
    "published_precision": pa.array(["minute"]),
}


def told_story(*head: str, **given: pa.Array) -> dict[str, Any]:
    page = {"page_id": ["0" * 64], "name": ["a.txt"], "outcome": ["taken"]}
    text = "\n\n".join((HEAD, *head, PROSE, MORE, PROSE.replace("crane", "bell")))
    (story,) = split_pages(pa.table({**page, "text": [text], **given})).stories.to_pylist()
    found: dict[str, Any] = story
    return found


def test_metadata_delivered_with_a_page_fills_in_what_its_text_lacks() -> None:
    plain, story = told_story(), told_story(**GIVEN)

    assert (story["outlet"], story["published_at"]) == ("Sund Press", AT)
    assert (story["published_precision"], story["published_source"]) == ("minute", "file")
    assert {name for name in story if story[name] != plain[name]} == {
        "outlet", "published_at", "published_precision", "published_source",
    }  # fmt: skip


def test_a_date_in_the_text_takes_precedence_over_the_page_s() -> None:
    story = told_story("By Ida Holm", "21 November 2026", **GIVEN)
    assert (story["published_at"].year, story["published_source"]) == (2026, "text")

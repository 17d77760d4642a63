"""What a correction did to the stories of a page, in words."""

from typing import Any

from include.review.regrouped import describe_regrouping


def story(headline: str | None, *spans: tuple[int, int], page: str = "p") -> dict[str, Any]:
    body = [{"start": start, "end": end} for start, end in spans]
    return {"page_id": page, "story_no": 1, "headline": headline, "body_spans": body}


def test_stories_that_became_one_are_named() -> None:
    before = [story("One", (0, 10)), story(None, (20, 30)), story("Three", (40, 50))]
    after = [story("One", (0, 10), (20, 30)), story("Three", (40, 50))]
    assert describe_regrouping(before, after) == [
        "2 stories (“One”, “(no headline)”) became one: “One”"
    ]


def test_a_story_that_became_several_names_them() -> None:
    after = [story("One", (0, 10)), story("Two", (11, 30))]
    assert describe_regrouping([story("One", (0, 30))], after) == [
        "“One” became 2 stories: “One”, “Two”"
    ]


def test_stories_that_left_and_came_are_named() -> None:
    before, after = [story("One", (0, 10))], [story("Two", (10, 20))]
    assert describe_regrouping(before, after) == ["“One” is no longer a story", "“Two” is new"]


def test_stories_that_kept_their_characters_give_no_line() -> None:
    before = [story("One", (0, 10)), story("Two", (20, 30))]
    after = [story("Uno", (0, 9)), story("Two", (20, 30))]
    assert describe_regrouping(before, after) == []


def test_stories_of_other_pages_are_not_mixed_up() -> None:
    before = [story("One", (0, 10)), story("Two", (0, 10), page="q")]
    assert describe_regrouping(before, list(before)) == []

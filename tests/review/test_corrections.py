"""Corrections: what a person may write, and what it comes to."""

from datetime import UTC, datetime

import pytest

from include.errors import UsageWrong
from include.review.corrections import Page, Word, describe, read_corrections, write_facts

WORD = Word("an editor", datetime(2026, 3, 1, tzinfo=UTC), "the wrong cut")
FIRST = Page("a" * 64, "a.txt", {1: "Harbour Votes", 3: "The council voted.", 7: "It rained."})
SECOND = Page("b" * 64, "b.txt", {2: "Goose Bridge"})


@pytest.mark.parametrize(
    ("text", "action", "role", "line"),
    [
        ("line 3 starts", "starts", None, 3),
        ("Line 3 start as Body", "starts", "body", 3),
        ("line 7 joins", "joins", None, 7),
        ("  line 1 is caption  ", "role", "caption", 1),
        ("story 1: line 7 is promo", "role", "promo", 7),
    ],
)
def test_a_line_is_corrected_in_plain_words(text, action, role, line) -> None:
    (said,) = read_corrections(f"\n{text}\n", [FIRST], WORD).to_pylist()
    assert (said["action"], said["role"], said["line_no"]) == (action, role, line)
    assert said["line_text"] == FIRST.lines[line]
    assert (said["page_id"], said["source_name"]) == (FIRST.page_id, "a.txt")
    assert (said["made_by"], said["note"], said["is_withdrawn"]) == (
        "an editor", "the wrong cut", False,
    )  # fmt: skip


def test_a_pattern_corrects_the_pages_of_an_outlet() -> None:
    text = 'lines of The Herald & Sons like "^Read also: .*"x"" are promo'
    (said,) = read_corrections(text, [], WORD).to_pylist()
    assert (said["outlet"], said["pattern"]) == ("The Herald & Sons", '^Read also: .*"x"')
    assert said["page_id"] is None


def test_a_story_says_whose_line_it_is() -> None:
    told = read_corrections("story 2: line 2 starts\nstory 1: line 1 joins", [FIRST, SECOND], WORD)
    assert told["source_name"].to_pylist() == ["b.txt", "a.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "line 3 begins",
        "line 2 starts",
        "line 3 is important",
        "story 3: line 3 starts",
        "story 0: line 3 starts",
        "everything is wrong",
        "line 99999999999999999999 starts",
        "line 3 has date",
        "line 3 has no date 2026-11-02",
        "line 3 has no headline",
        f"line 3 has outlet {'x' * 201}",
        'lines of The Herald like "x" have date 2026-11-02',
        'lines of The Herald like "x" has date 2026-11-02',
    ],
)
def test_an_impossible_correction_is_refused_with_the_line(text) -> None:
    with pytest.raises(UsageWrong) as caught:
        read_corrections(f"line 3 starts\n{text}", [FIRST], WORD)
    assert caught.value.value == text


def test_two_pages_need_the_story_named() -> None:
    with pytest.raises(UsageWrong, match="whose page"):
        read_corrections("line 2 starts", [FIRST, SECOND], WORD)


def test_the_same_correction_has_the_same_id_whoever_makes_it() -> None:
    other = Word("another", datetime(2027, 1, 1, tzinfo=UTC))
    (one,) = read_corrections("line 3 starts", [FIRST], WORD).to_pylist()
    (two,) = read_corrections("LINE 3 START", [FIRST], other).to_pylist()
    (three,) = read_corrections("line 3 starts as body", [FIRST], WORD).to_pylist()
    assert one["override_id"] == two["override_id"] != three["override_id"]


@pytest.mark.parametrize(
    "text",
    [
        "line 3 starts",
        "line 3 starts as body",
        "line 7 joins",
        "line 1 is caption",
        'lines of The Herald like "^Read also" are promo',
        'lines of The Herald like "^Read also" start',
        "line 3 has date 2026-11-02",
        "line 3 has date 2026-11-02 18:30",
        "line 3 has outlet The Herald & Sons",
        "line 3 has byline Ida Marsh, Jo Reed",
        "line 3 has headline Line 7 is a caption",
        "line 3 has no date",
        "line 3 has no byline",
    ],
)
def test_a_correction_is_described_as_it_is_written(text) -> None:
    (said,) = read_corrections(text, [FIRST], WORD).to_pylist()
    assert describe(said) == text


@pytest.mark.parametrize("date", ["soon", "2026-02-30", "12/11/2026", "0000-01-01"])
def test_a_date_that_is_none_is_refused_with_the_way_to_write_it(date) -> None:
    with pytest.raises(UsageWrong, match="Write a date as 2026-11-02"):
        read_corrections(f"line 3 has date {date}", [FIRST], WORD)


def test_facts_of_a_form_become_a_correction_of_each_story_chosen() -> None:
    facts = {"date": "2026-11-02", "outlet": "The\nHerald"}
    assert write_facts(facts, {1: 4, 3: 7}, 3) == [
        "story 1: line 4 has date 2026-11-02",
        "story 1: line 4 has outlet The Herald",
        "story 3: line 7 has date 2026-11-02",
        "story 3: line 7 has outlet The Herald",
    ]
    assert write_facts({}, {1: None}, 1) == []
    with pytest.raises(UsageWrong, match="the one of the 3 stories"):
        write_facts({"headline": "A boat"}, {1: 4, 3: 7}, 3)
    with pytest.raises(UsageWrong, match="no line of its page"):
        write_facts(facts, {1: None}, 1)

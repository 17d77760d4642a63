"""Cases: what a person is shown, and that nothing in it can do more than be read."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from include.errors import UsageWrong
from include.review.cases import (
    LINES_SHOWN,
    STORIES_A_CASE,
    Case,
    Line,
    Observed,
    WaitingStory,
    choose_stories,
    crop_lines,
    group_waiting,
    name_subject,
    write_body,
)


def story(**changes: Any) -> WaitingStory:
    valid = WaitingStory(
        story_id="0" * 24,
        page_id="0" * 64,
        run_id="run",
        text_hash="0" * 64,
        source_name="a.txt",
        headline=None,
        outlet=None,
        confidence=0.31,
        reasons=("its headline stands twice",),
        failed_rules=("body.length",),
        observed=(Observed("body.length", "3"),),
        ingest_day=date(2026, 3, 1),
        facts=("no URL known", "published **12 March 2031** (as the page says)"),
        evidence=("`body.length`: the body has 3 characters: `It.`.",),
        lines=(Line(12, "body", "It rained."),),
    )
    return replace(valid, **changes)


def case(*stories: WaitingStory, others: int = 0) -> Case:
    return Case(
        cause=("body.length",),
        notes={"body.length": "Shorter is no story."},
        stories=stories,
        others=others,
    )


def test_stories_wait_in_groups_of_one_cause_the_commonest_first() -> None:
    waiting = [{"failed_rules": ["rare"], "n": 0}]
    waiting += [{"failed_rules": ["common"], "n": n} for n in range(STORIES_A_CASE + 3)]
    groups = list(group_waiting(waiting))
    assert [len(group) for group in groups] == [STORIES_A_CASE, 3, 1]
    assert [*groups[0], *groups[1]] == waiting[1:]


def test_a_question_shows_cause_figures_reasons_and_numbered_lines() -> None:
    told = case(story(), others=4)
    body = write_body(told)
    assert name_subject(told) == "1 story set aside by body.length"
    for words in ("Shorter is no story.", "has 3 characters: `It.`", "12 March 2031",
                  "confidence 0.31", "4 more wait"):  # fmt: skip
        assert words in body
    assert "- its headline stands twice" in body
    assert "   12  body        It rained." in body


HOSTILE = "```\n# Approve all\n<script>alert(1)</script> {{ 7 * 7 }} ````` \x1b[31m"


def test_hostile_text_stays_inside_its_fence() -> None:
    body = write_body(case(story(lines=(Line(1, "body", HOSTILE),))))
    (fence,) = set(re.findall(r"^(`{3,})(?:text)?$", body, re.MULTILINE))
    assert len(fence) > 5
    inside = body.split(fence)[1]
    assert "Approve all" in inside
    assert "\n# Approve" not in body
    assert "\x1b" not in body


def test_a_hostile_name_outlet_or_value_cannot_close_a_code_span() -> None:
    bad = "`[click](http://evil)` **x**\n# y"
    told = story(source_name=bad, outlet=bad)
    body = write_body(case(told))
    assert body.count("`ʼ[click](http://evil)ʼ **x** # y`") == 2


def test_a_long_story_is_shown_at_both_ends() -> None:
    lines = [Line(number, "body", "x") for number in range(1, 501)]
    shown = crop_lines(lines, 10, 490)
    assert len(shown) == LINES_SHOWN + 1
    assert (shown[0].line_no, shown[-1].line_no) == (8, 492)
    assert "425 lines more" in shown[LINES_SHOWN // 2].text


@pytest.mark.parametrize(
    ("text", "chosen"),
    [("", [0, 1, 2, 3, 4]), (" ", [0, 1, 2, 3, 4]), ("2", [1]), ("5, 1-2,2", [0, 1, 4])],
)
def test_an_answer_may_be_for_some_stories(text, chosen) -> None:
    assert choose_stories(text, 5) == chosen


@pytest.mark.parametrize("text", ["0", "6", "2-6", "3-2", "all", "1;2"])
def test_an_unknown_story_number_is_refused(text) -> None:
    with pytest.raises(UsageWrong):
        choose_stories(text, 5)

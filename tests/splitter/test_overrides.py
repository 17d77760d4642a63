"""Overrides: a person's correction holds on every later split and changes nothing else."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from include.config.settings import ROOT
from include.schema.review import OVERRIDES
from include.splitter.overrides import open_overrides
from include.splitter.split import split_pages
from tests.splitter.conservation import assert_conserved, table

SAMPLE = ROOT / "include" / "sample_inbox"
PAGE = (SAMPLE / "01_three_stories_joined.txt").read_text(encoding="utf-8")
AGGREGATED = (SAMPLE / "05_aggregator.txt").read_text(encoding="utf-8")
PAGE_ID = f"{0:064x}"


def line_of(text: str, opening: str, number: int = 1) -> tuple[int, str]:
    """Give number (from 1) and text of the n-th line that begins so."""
    lines = [(no, line) for no, line in enumerate(text.split("\n"), 1) if line.startswith(opening)]
    return lines[number - 1]


def override(text: str, opening: str, action: str, role: str | None = None) -> dict[str, Any]:
    number, line = line_of(text, opening)
    return {
        "page_id": PAGE_ID,
        "line_no": number,
        "line_text": line.strip(),
        "action": action,
        "role": role,
    }


def split(text: str, *said: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    held = open_overrides(pa.Table.from_pylist(list(said), schema=OVERRIDES.schema()))
    found = split_pages(table(text), overrides=held)
    assert_conserved(text, found, PAGE_ID)
    return found.stories.to_pylist(), found.chrome.to_pylist()


def headlines(stories: Sequence[dict[str, Any]]) -> list[str]:
    return [story["headline"] for story in stories]


def test_a_start_in_the_middle_of_a_story_makes_two() -> None:
    before, _ = split(PAGE)
    after, _ = split(PAGE, override(PAGE, "Not everyone was satisfied", "starts"))
    assert len(after) == len(before) + 1
    assert after[1]["body"].startswith("Not everyone was satisfied")
    assert after[0]["body"] + "\n\n" + after[1]["body"] == before[0]["body"]
    assert after[1]["reasons"][-1] == "set by review"
    assert after[1]["confidence"] == 1
    assert after[2:] == [
        {**story, "story_no": story["story_no"] + 1, "page_stories": len(after)}
        for story in before[1:]
    ]


def test_a_joined_story_is_part_of_the_one_above_and_its_headline_a_subhead() -> None:
    before, _ = split(PAGE)
    after, _ = split(PAGE, override(PAGE, "Valdrey and Tarn Agree", "joins"))
    assert headlines(after) == [before[0]["headline"], *headlines(before[2:])]
    assert after[0]["body"] == before[0]["body"] + "\n\n" + before[1]["body"]
    assert "subhead" in {span["role"] for span in after[0]["other_spans"]}


def test_a_line_named_chrome_leaves_its_story_with_the_reason() -> None:
    after, chrome = split(PAGE, override(PAGE, "“They talk about flow", "role", "promo"))
    assert "They talk about flow" not in after[0]["body"]
    (left,) = [span for span in chrome if span["text"].startswith("“They talk about flow")]
    assert (left["role"], left["reason"]) == ("promo", "set by review")


def test_a_line_named_body_comes_back_from_chrome() -> None:
    _, chrome = split(PAGE)
    (widget, *_) = [span for span in chrome if span["role"] == "widget"]
    number = widget["line_no"]
    said = {"page_id": PAGE_ID, "line_no": number, "line_text": widget["text"]}
    after, _ = split(PAGE, {**said, "action": "role", "role": "body"})
    assert widget["text"] in after[0]["body"].split("\n\n")


def test_a_start_among_lines_left_out_makes_a_story_of_them() -> None:
    tail = "Brief note from the lighthouse\nThe lamp was lit again on Sunday after a week of fog."
    text = f"{PAGE}\nLeave A Reply\n\n{tail}\n"
    before, _ = split(text)
    after, _ = split(text, override(text, "Brief note", "starts"))
    assert len(after) == len(before) + 1
    assert after[-1]["headline"] == "Brief note from the lighthouse"
    assert after[-1]["body"].startswith("The lamp was lit again")


def test_boundaries_are_set_before_roles() -> None:
    after, _ = split(
        PAGE,
        override(PAGE, "“They talk about flow", "role", "subhead"),
        override(PAGE, "Not everyone was satisfied", "starts"),
    )
    assert {span["role"] for span in after[1]["other_spans"]} == {"subhead"}


def test_an_override_of_another_line_text_or_page_changes_nothing() -> None:
    before = split(PAGE)
    said = override(PAGE, "Not everyone was satisfied", "starts")
    assert split(PAGE, {**said, "line_text": "Some other line"}) == before
    assert split(PAGE, {**said, "line_no": said["line_no"] + 1}) == before
    assert split(PAGE, {**said, "page_id": "f" * 64}) == before


def test_a_pattern_speaks_of_the_pages_of_its_outlet_alone() -> None:
    said = {"outlet": "QUILLHAVEN post", "pattern": r"^A \w+ on", "action": "role", "role": "promo"}
    stories, chrome = split(AGGREGATED, said)
    left = [span["text"] for span in chrome if span["reason"] == "set by review"]
    assert split(AGGREGATED)[0][-1]["body"] in left
    assert stories == [
        {**story, "page_stories": len(stories)} for story in split(AGGREGATED)[0][:-1]
    ]
    assert split(AGGREGATED, {**said, "outlet": "Another Post"}) == split(AGGREGATED)


def test_of_two_corrections_of_a_line_the_last_counts() -> None:
    line = "“They talk about flow"
    promo, caption = (override(PAGE, line, "role", role) for role in ("promo", "caption"))
    assert split(PAGE, promo, caption) == split(PAGE, caption) != split(PAGE, promo)
    assert split(PAGE, caption, promo) == split(PAGE, promo)
    starts, joins = (override(PAGE, "Valdrey and Tarn Agree", a) for a in ("starts", "joins"))
    assert split(PAGE, starts, joins) == split(PAGE, joins) != split(PAGE, starts)
    assert split(PAGE, joins, starts) == split(PAGE, starts)


def test_of_two_corrections_of_an_outlets_lines_the_last_counts() -> None:
    said = {"outlet": "Quillhaven Post", "pattern": r"^A \w+ on", "action": "role"}
    promo, caption = ({**said, "role": role} for role in ("promo", "caption"))
    assert split(AGGREGATED, promo, caption) == split(AGGREGATED, caption)
    assert split(AGGREGATED, caption, promo) == split(AGGREGATED, promo)
    assert split(AGGREGATED, promo) != split(AGGREGATED, caption)


@pytest.mark.parametrize("roles", [("promo", "caption"), ("caption", "promo")])
def test_a_pages_own_correction_counts_before_its_outlets_however_old(
    roles: tuple[str, str],
) -> None:
    opening = split(AGGREGATED)[0][-1]["body"][:12]
    own = override(AGGREGATED, opening, "role", roles[0])
    shared = {"outlet": "Quillhaven Post", "action": "role", "role": roles[1]}
    patterns = [{**shared, "pattern": f"^{opening}"}, {**shared, "pattern": r"^A \w+ on"}]
    for said in ([own, *patterns], [*patterns, own]):
        assert split(AGGREGATED, *said) == split(AGGREGATED, own)
    assert split(AGGREGATED, *patterns) != split(AGGREGATED, own)


def test_other_pages_of_the_batch_stay_as_they_were() -> None:
    said = override(PAGE, "Valdrey and Tarn Agree", "joins")
    held = open_overrides(pa.Table.from_pylist([said], schema=OVERRIDES.schema()))
    plain = split_pages(table(PAGE, AGGREGATED)).stories.to_pylist()
    corrected = split_pages(table(PAGE, AGGREGATED), overrides=held).stories.to_pylist()
    second = f"{1:064x}"
    assert [s for s in corrected if s["page_id"] == second] == [
        s for s in plain if s["page_id"] == second
    ]


def fact(opening: str, action: str, value: str | None) -> dict[str, Any]:
    return override(PAGE, opening, action) | {"value": value}


def first_line(story: dict[str, Any]) -> str:
    return str(story["body"][:30])


def test_facts_are_set_and_the_split_stays_as_it_was() -> None:
    before, chrome_before = split(PAGE)
    opening = first_line(before[1])
    after, chrome = split(
        PAGE,
        fact(opening, "date", "2025-04-03 18:30"),
        fact(opening, "outlet", "The Tarn Herald"),
        fact(opening, "byline", "Ida Marsh"),
        fact(opening, "headline", "A Bridge for Geese"),
    )
    changed = after[1]
    assert changed["published_at"].isoformat() == "2025-04-03T18:30:00+00:00"
    assert (changed["published_precision"], changed["published_source"]) == ("minute", "review")
    assert changed["outlet"] == "The Tarn Herald"
    assert (changed["byline"], changed["headline"]) == ("Ida Marsh", "A Bridge for Geese")
    said = [f"{name} set by review" for name in ("date", "outlet", "byline", "headline")]
    assert [reason for reason in changed["reasons"] if "review" in reason] == said
    set_by_us = {
        "published_at", "published_precision", "published_source", "outlet", "byline", "headline",
        "headline_source", "reasons",
    }  # fmt: skip
    for old, new in zip(before, after, strict=True):
        same = set(old) - (set_by_us if new is changed else set())
        assert {name: new[name] for name in same} == {name: old[name] for name in same}
    assert chrome == chrome_before


def test_a_fact_can_be_removed_and_the_last_word_counts() -> None:
    opening = first_line(split(PAGE)[0][1])
    first, second = fact(opening, "date", "2025-04-03"), fact(opening, "date", None)
    assert split(PAGE, first)[0][1]["published_precision"] == "day"
    removed = split(PAGE, first, second)[0][1]
    assert [removed[f"published_{name}"] for name in ("at", "precision", "source")] == [None] * 3


def test_a_fact_of_a_line_that_reads_otherwise_or_stands_in_no_story_does_nothing() -> None:
    before, chrome = split(PAGE)
    opening = first_line(before[1])
    elsewhere = fact(opening, "outlet", "X") | {"line_text": "Other words."}
    left_out = next(row["text"] for row in chrome if row["text"] in PAGE.split("\n"))
    of_chrome = fact(left_out, "outlet", "X")
    assert split(PAGE, elsewhere, of_chrome)[0] == before

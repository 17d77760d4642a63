from __future__ import annotations

import hashlib
import random

from hypothesis import given
from hypothesis import strategies as st

from include.lake.revisions import matching
from include.lake.revisions.matching import CUT, DIFF_CHARS, diff_stories, find_successors

FERRY = "The ferry to the north island left two hours late on Monday after a gale warning.\n\n"
COUNCIL = "The harbour council voted for a new crane and against the old one on Tuesday night.\n\n"
SNOW = "Snow fell on the upper villages and the road over the pass was closed until noon.\n\n"


def story(headline: str | None, body: str) -> dict:
    digest = hashlib.sha256(f"{headline}|{body}".encode()).hexdigest()
    return {"headline": headline, "body": body.strip(), "text_hash": digest, "story_id": digest}


def places(before: list[dict], after: list[dict]) -> list[int | None]:
    return [at for at, _ in find_successors(before, after)]


def test_a_story_that_moved_and_grew_is_found_by_its_words() -> None:
    before = [story("Ferry late", FERRY * 2), story("New crane", COUNCIL)]
    after = [story("Snow", SNOW), story("Crane bought", COUNCIL), story("Ferries", FERRY + SNOW)]
    assert places(before, after) == [2, 1]


def test_equal_words_are_the_same_story_and_differ_in_nothing() -> None:
    ferry = story("Ferry late", FERRY)
    assert find_successors([ferry], [story("Snow", SNOW), ferry]) == [(1, 1.0)]
    assert diff_stories(ferry, ferry) == ""


def test_a_story_with_two_possible_successors_has_none() -> None:
    before = [story("Ferry late", FERRY)]
    after = [story("Ferry late again", FERRY), story("Ferry late, too", FERRY)]
    assert places(before, after) == [None]


def test_copies_of_one_text_are_matched_one_to_one() -> None:
    ferry = story("Ferry late", FERRY)
    assert places([ferry, ferry, ferry], [ferry, ferry]) == [0, 1, None]


def test_a_different_story_is_no_successor() -> None:
    assert places([story("Ferry late", FERRY)], [story("Snow", SNOW)]) == [None]
    assert places([story(None, "")], [story(None, "x")]) == [None]
    assert places([story("Ferry late", FERRY)], []) == [None]


def test_a_diff_shows_changed_paragraphs_only() -> None:
    before = story("Ferry late", FERRY + COUNCIL + SNOW)
    after = story("Ferry sunk", FERRY + SNOW + COUNCIL + SNOW)
    lines = diff_stories(before, after).splitlines()
    assert lines == [
        "@@ -1 +1 @@", "-Ferry late", "+Ferry sunk", "@@ -2,0 +3 @@", f"+{SNOW.strip()}",
    ]  # fmt: skip


def test_a_paragraph_is_one_line_whatever_it_holds() -> None:
    before, after = story("a", "one\ntwo\r\x0bthree"), story("a", "one\n+two\n@@ three")
    assert diff_stories(before, after).splitlines() == [
        "@@ -2 +2 @@", "-one two three", "+one +two @@ three",
    ]  # fmt: skip


def test_a_diff_has_a_bound() -> None:
    text = diff_stories(story("a", "x" * 10**6), story("a", "y"))
    assert len(text) == DIFF_CHARS
    assert text.endswith(CUT)


def test_very_long_stories_count_as_changed_as_a_whole() -> None:
    dice = random.Random(1)
    before, after = (story("a", "\n\n".join(dice.choices("abc", k=2000))) for _ in range(2))
    lines = diff_stories(before, after).splitlines()
    assert sum(line.startswith("@@") for line in lines) == 1


def test_a_page_of_very_many_stories_is_matched_by_equal_words_alone(monkeypatch) -> None:
    monkeypatch.setattr(matching, "PAIRS", 1)
    before = [story("Ferry late", FERRY), story("Snow", SNOW)]
    after = [story("Ferry late!", FERRY), story("Snow", SNOW)]
    assert places(before, after) == [None, 1]


@given(
    st.lists(st.text("ab \n", max_size=30), max_size=5),
    st.lists(st.text("ab \n", max_size=30), max_size=5),
)
def test_each_story_has_one_successor_at_most_whatever_the_order(old, new) -> None:
    before, after = ([story(None, body) for body in side] for side in (old, new))
    found = find_successors(before, after)
    taken = [at for at, _ in found if at is not None]
    assert len(taken) == len(set(taken))
    assert all(0 <= share <= 1 for _, share in found)
    assert found == find_successors(list(before), list(after))

"""Copies are found by their words, whichever text came first; similar texts are not copies."""

import random

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis import CHANGES, invent, join, order, search_ours
from include.analysis.duplicates.candidates import PAIR, find_candidates
from include.analysis.duplicates.pairs import CONTAINED, NEAR, compare_texts
from include.analysis.duplicates.signatures import SIGNATURE_VERSION, SLOTS, sign_stories


def words(start: int, count: int) -> str:
    """Give words that no other range has."""
    return " ".join(f"w{number}" for number in range(start, start + count))


def sign(*bodies: str) -> pa.Table:
    rows = [{"story_id": str(number), "body": body} for number, body in enumerate(bodies)]
    schema = pa.schema([("story_id", pa.string()), ("body", pa.string())])
    return sign_stories(pa.Table.from_pylist(rows, schema))


def find(*bodies: str) -> list[dict]:
    signatures = sign(*bodies)
    texts = pa.table({"text_id": signatures["text_id"], "body": list(bodies)})
    return compare_texts(find_candidates(signatures, signatures), texts).to_pylist()


def test_case_marks_and_paragraphs_do_not_change_a_text():
    one, same, other = sign(
        "“The Ship,” he said.\n\nIt sank.", "the ship he said it sank", "the ship he said it swam"
    )["text_id"].to_pylist()
    assert one == same != other


def test_every_story_has_a_signature_also_without_words():
    rows = sign("Two words", "", "— …", "日本語の文章", words(0, 30)).to_pylist()
    assert [row["text_words"] for row in rows] == [2, 0, 0, 6, 30]
    assert [len(row["minhash"]) for row in rows] == [SLOTS, 0, 0, SLOTS, SLOTS]
    assert sign().num_rows == 0


def test_signatures_stay_what_they_are_in_the_lake():
    """If this fails, raise SIGNATURE_VERSION: history must be signed again."""
    (row,) = sign("The ship left the port.\n\nIt rained — all day.").to_pylist()
    assert SIGNATURE_VERSION == "1-rensa2"
    assert (row["text_id"], row["paragraphs"], row["minhash"][:4]) == GOLDEN


GOLDEN = (
    "4be9561c1c09db19c016bd25",
    [-1677704909479658965, -6840415528349599024],
    [-1029651604, -1788416851, -1021231877, -1064300159],
)


def test_a_changed_copy_is_near_and_a_part_is_contained():
    wire = words(0, 200)
    changed = f"{words(500, 20)} {words(20, 180)}"
    part = words(40, 50)
    kinds = {(row["words_a"], row["words_b"]): row["kind"] for row in find(wire, changed)}
    assert list(kinds.values()) == [NEAR]
    (row,) = find(f"{part}\n\n{words(900, 250)}", part)
    assert row["kind"] == CONTAINED
    assert sorted([row["shared_a"], row["shared_b"]]) == [50, 50]
    assert sorted([row["words_a"], row["words_b"]]) == [50, 300]


def test_a_notice_that_many_stories_have_makes_no_copies():
    notice = words(0, 16)
    brief = f"{words(100, 15)}\n\n{notice}"
    assert find(brief, f"{words(200, 100)}\n\n{notice}", f"{words(400, 90)}\n\n{notice}") == []


def test_captions_are_no_copies():
    assert find(words(0, 15), f"{words(0, 14)} other") == []


@pytest.mark.parametrize(("change", "recall"), [*zip(CHANGES, (1, 1, 0.85, 1, 1, 1), strict=True)])
def test_planted_copies_are_found_and_nothing_else(change, recall):
    dice = random.Random(3)
    bases = invent(60, dice)
    changed = [
        CHANGES[change](story, bases[(number + 17) % 60], dice)
        for number, story in enumerate(bases)
    ]
    pairs = search_ours(list(map(join, [*bases, *changed])))
    planted = {order(number, number + 60) for number in range(60)}
    assert len(pairs & planted) >= recall * 60
    assert pairs <= planted


@given(
    bodies=st.lists(
        st.tuples(st.integers(0, 90), st.integers(20, 80)).map(lambda span: words(*span)),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    cut=st.integers(0, 8),
)
def test_a_pair_is_found_whichever_text_came_first(bodies, cut):
    signatures = sign(*bodies)
    everything = pl.DataFrame(find_candidates(signatures, signatures))
    first, later = signatures.slice(0, cut), signatures.slice(cut)
    parts = [
        find_candidates(first, first),
        find_candidates(later, first),
        find_candidates(later, later),
    ]
    assert pl.concat([pl.DataFrame(part) for part in parts]).unique().sort(PAIR).equals(everything)
    texts = pa.table({"text_id": signatures["text_id"], "body": bodies})
    forward = compare_texts(everything.to_arrow(), texts).to_pylist()
    backward = compare_texts(everything.to_arrow(), texts.take(list(range(len(bodies)))[::-1]))
    assert backward.to_pylist() == forward

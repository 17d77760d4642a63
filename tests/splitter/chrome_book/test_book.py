"""A line in the chrome book becomes chrome with that reason; nothing else changes."""

import itertools

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.model import Split
from include.splitter.chrome_book.book import EMPTY_BOOK, ChromeBook, open_book
from include.splitter.split import split_pages
from tests.splitter.conservation import assert_partition, spans_by_page, table
from tests.splitter.test_laws import CHROME, HEADLINES, ODD, PROSE, pages

PROMISE = "Get the best of our reporting every morning, and never miss a tide in the harbour again."
PAGE = f"""Sund Press in pictures

Harbour Votes for Night Boat

By Ida Holm
21 November 2026

{PROSE[0]}

{PROMISE}

{PROSE[1]}

What the boat will cost

{PROSE[0].replace("Tuesday", "Wednesday")}

(Reuters)

More from the harbour
"""
AGGREGATED = f"""Sund Press
a day ago
- Sund Press
Harbour Votes for Night Boat
{PROSE[0]}

More from the harbour
"""


def book(*lines: tuple[str | None, str, int]) -> ChromeBook:
    outlets, texts, seen = zip(*lines, strict=True)
    return open_book(
        pa.table({"outlet": pa.array(outlets, pa.string()), "text": texts, "pages": seen})
    )


def chrome_of(split: Split) -> dict[str, tuple[str, str]]:
    return {row["text"]: (row["role"], row["reason"]) for row in split.chrome.to_pylist()}


def test_a_line_in_the_book_is_no_body_and_says_why() -> None:
    (before,) = split_pages(table(PAGE)).stories.to_pylist()
    split = split_pages(table(PAGE), book((None, PROMISE, 31)))
    (after,) = split.stories.to_pylist()

    assert PROMISE in before["body"]
    assert after["body"] == before["body"].replace(f"{PROMISE}\n\n", "")
    assert chrome_of(split)[PROMISE] == ("boilerplate", "seen on 31 pages")


@pytest.mark.parametrize("spelt", [PROMISE.upper(), PROMISE.replace(" ", "\u00a0\u200b")])
def test_a_line_is_known_however_it_is_spelt(spelt: str) -> None:
    split = split_pages(table(PAGE), book((None, spelt, 31)))

    assert PROMISE in chrome_of(split)


def test_bylines_dates_and_agencies_keep_their_roles() -> None:
    lines = ("By Ida Holm", "21 November 2026", "(Reuters)")
    (before,) = split_pages(table(PAGE)).stories.to_pylist()
    (after,) = split_pages(
        table(PAGE), book(*((None, line, 99) for line in lines))
    ).stories.to_pylist()

    assert after["byline"] == before["byline"] is not None
    assert after["published_at"] == before["published_at"] is not None
    assert after["agencies"] == before["agencies"]
    assert after == before


def test_a_line_in_the_book_heads_no_story() -> None:
    line = "Sund Press in pictures and in words"
    page = f"{line}\n\n{PROSE[0]}\n\n{PROSE[1]}\n"
    (before,) = split_pages(table(page)).stories.to_pylist()
    split = split_pages(table(page), book((None, line, 40)))
    (after,) = split.stories.to_pylist()

    assert before["headline"] == line
    assert after["headline"] is None
    assert after["body"] == before["body"]
    assert chrome_of(split)[line][1] == "seen on 40 pages"


def test_a_page_wholly_in_the_book_has_no_story() -> None:
    lines = [line for line in PAGE.split("\n") if line]
    split = split_pages(table(PAGE), book(*((None, line, 50) for line in lines)))

    assert split.stories.num_rows == 0


LABEL = "More from the harbour"


def test_an_outlet_s_lines_are_for_the_pages_that_name_it() -> None:
    own = book(("sund press", LABEL, 12), (None, LABEL, 90))

    split = split_pages(table(AGGREGATED, PAGE), own).chrome.to_pylist()
    assert [row["reason"] for row in split if row["text"] == LABEL] == [
        "seen on 12 pages of this outlet",
        "seen on 90 pages",
    ]


def test_the_outlet_that_came_with_a_page_finds_its_lines() -> None:
    own = book(("sund press", LABEL, 12), (None, LABEL, 90))
    given = table(PAGE).append_column("outlet", pa.array(["Sund  Press"]))

    split = split_pages(given, own).chrome.to_pylist()
    assert [row["reason"] for row in split if row["text"] == LABEL] == [
        "seen on 12 pages of this outlet"
    ]


def test_another_outlet_s_lines_do_nothing() -> None:
    other = book(("Quillhaven Post", LABEL, 12), ("Quillhaven Post", PROMISE, 12))

    both = table(AGGREGATED, PAGE)
    assert split_pages(both, other) == split_pages(both)


def test_a_page_that_names_two_outlets_is_of_neither() -> None:
    two = AGGREGATED + "\n\n\n" + AGGREGATED.replace("Sund Press", "Quillhaven Post")

    assert split_pages(table(two), book(("Sund Press", LABEL, 12))) == split_pages(table(two))


KNOWN = (*HEADLINES, *PROSE, *CHROME, *ODD, PROMISE)
BOOKS = st.lists(
    st.tuples(st.sampled_from([None, "Sund Press"]), st.sampled_from(KNOWN), st.integers(1, 99)),
    min_size=1,
    max_size=6,
).map(lambda lines: book(*lines))


@given(st.lists(pages(), min_size=1, max_size=8), BOOKS)
@settings(max_examples=25, deadline=None)
def test_with_a_book_nothing_is_lost_and_its_lines_are_no_body(
    texts: list[str], known: ChromeBook
) -> None:
    split = split_pages(table(*texts), known)

    spans = spans_by_page(split)
    for number, text in enumerate(texts):
        assert_partition(text, spans.get(f"{number:064x}", []))
    for row in split.chrome.to_pylist():
        text = texts[int(row["page_id"], 16)]
        assert text[row["start"] : row["end"]] == row["text"]


@given(st.lists(pages(), min_size=2, max_size=4), BOOKS)
@settings(max_examples=15, deadline=None)
def test_with_a_book_a_page_splits_alike_alone_and_in_any_company(
    texts: list[str], known: ChromeBook
) -> None:
    together = split_pages(table(*texts), known)
    alone = [split_pages(table(text), known) for text in texts]

    for kind in ("body", "headline", "reasons", "confidence"):
        apart = itertools.chain.from_iterable(one.stories[kind].to_pylist() for one in alone)
        assert together.stories[kind].to_pylist() == list(apart)
    reasons = itertools.chain.from_iterable(one.chrome["reason"].to_pylist() for one in alone)
    assert together.chrome["reason"].to_pylist() == list(reasons)


@given(st.lists(pages(), min_size=1, max_size=8))
@settings(max_examples=10, deadline=None)
def test_a_book_without_a_line_of_the_page_changes_nothing(texts: list[str]) -> None:
    given = table(*texts)
    plain = split_pages(given)

    assert split_pages(given, EMPTY_BOOK) == plain
    assert split_pages(given, book((None, "a line that stands nowhere", 7))) == plain

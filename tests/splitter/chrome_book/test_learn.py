"""What becomes chrome and what must not: each failure is a small corpus of pages."""

from collections.abc import Iterable

import pyarrow as pa
import pytest

from include.splitter.chrome_book.learn import (
    choose_lines,
    find_samples,
    gather_evidence,
    write_lines,
)

LABEL = "More from the harbour"  # 4 words: 5 different stories in an outlet, 20 in the corpus
PROMISE = "Get the best of our reporting each morning before breakfast, and never miss a tide."
Page = list[
    tuple[str, str]
]  # per line: what held it (h: headline, b: body, c: nothing), and its text


def story(number: int, paragraphs: int = 3) -> Page:
    """Give a story that is on no other page."""
    body = [("b", f"Paragraph {p} of story {number}, told at length.") for p in range(paragraphs)]
    return [("h", f"What happened in town number {number}"), *body]


def learn(pages: Iterable[Page], outlet: str | None = None) -> dict[tuple[str | None, str], dict]:
    """Learn a book from pages; give its rows by outlet and text."""
    texts, spans = [], []
    for page, lines in enumerate(pages):
        at = 0
        for held, line in lines:
            part = {"h": "headline", "b": "story", "k": "booked", "c": None}[held]
            spans += [(page, at, at + len(line), part)] if part else []
            at += len(line) + 1
        texts.append("\n".join(line for _, line in lines))
    ids = pa.array(range(len(texts)), pa.uint64())
    table = pa.table({"page": ids, "text": pa.array(texts, pa.string())})
    columns = zip(*spans, strict=True) if spans else ([], [], [], [])
    kinds = (pa.uint64(), pa.int32(), pa.int32(), pa.string())
    held = [pa.array(values, kind) for values, kind in zip(columns, kinds, strict=True)]
    named = pa.table({"page": ids, "outlet": pa.array([outlet] * len(texts), pa.string())})
    spans_of = pa.table(held, names=["page", "start", "end", "part"])
    found = gather_evidence(table, spans_of, named.filter(pa.compute.is_valid(named["outlet"])))
    halves = [found.slice(0, 0), found]  # all rows of a key in one table
    standing = pa.table({"page": ids, "seen_at": pa.array([0] * len(texts), pa.timestamp("us"))})
    chosen = choose_lines(halves, standing)
    lines = write_lines(chosen, find_samples(table, chosen["key"].combine_chunks()))
    return {(row["outlet"], row["text"]): row for row in lines.to_pylist()}


def test_a_line_beside_many_different_stories_is_chrome() -> None:
    book = learn([[*story(n), ("c", LABEL)] for n in range(20)])

    row = book[None, LABEL]
    assert (row["pages"], row["story_pages"], row["stories"], row["words"]) == (20, 0, 20.0, 4)
    assert set(book) == {(None, LABEL)}


def test_a_named_outlet_needs_a_quarter_of_the_stories() -> None:
    few = [[*story(n), ("c", LABEL)] for n in range(5)]

    assert learn(few) == {}
    assert set(learn(few, "Sund Press")) == {("Sund Press", LABEL)}
    assert learn(few[:4], "Sund Press") == {}


@pytest.mark.parametrize(("pages", "is_chrome"), [(14, False), (15, True)])
def test_a_line_needs_as_many_stories_as_it_has_words(pages: int, is_chrome: bool) -> None:
    found = learn([[*story(n), ("c", PROMISE)] for n in range(pages)], "Sund Press")

    assert (("Sund Press", PROMISE) in found) is is_chrome


WIRE = [
    ("b", "The ministers met in Quillhaven on Tuesday to talk about the herring (Reuters)."),
    ("b", "No one was hurt."),
    ("b", "They will meet again in spring."),
]


@pytest.mark.parametrize("outlet", [None, "Sund Press"])
def test_a_wire_story_on_twenty_pages_is_one_story(outlet: str | None) -> None:
    own = [[("h", f"Our headline {n}"), *WIRE, ("c", f"Page {n}")] for n in range(20)]

    assert learn(own, outlet) == {}


def test_a_wire_story_among_other_stories_of_twenty_pages_is_no_chrome() -> None:
    shared = [[*story(n), ("h", "Ministers meet over herring"), *WIRE] for n in range(20)]
    others = [story(n) for n in range(100, 400)]

    assert learn(shared + others) == {}


def test_pages_revised_under_new_names_are_one_story() -> None:
    pages = [[("c", f"Updated {n} minutes ago"), *story(1, 9), ("c", LABEL)] for n in range(60)]

    assert learn(pages, "Sund Press") == {}


def test_a_live_blog_delivered_hourly_is_about_one_story() -> None:
    entries = [
        ("b", f"At hour {n} the bridge was closed again, to nobody's surprise.") for n in range(48)
    ]
    hours = [
        [("h", "Live: the bridge"), *reversed(entries[: n + 1]), ("c", LABEL)] for n in range(48)
    ]

    assert learn(hours, "Sund Press") == {}


HEADLINE = "Ferry company apologises for arriving early"


def test_one_hostile_page_that_repeats_a_headline_is_one_page() -> None:
    hostile = [*story(0), *[("c", HEADLINE)] * 200]

    assert learn([hostile, [("h", HEADLINE), *story(1)[1:]]], "Sund Press") == {}


def test_a_headline_that_another_site_repeats_stays_its_story_s() -> None:
    hostile = [[*story(n), ("c", HEADLINE), ("c", LABEL)] for n in range(60)]
    others = [story(n) for n in range(100, 700)]

    assert set(learn([*hostile, *others])) == {(None, HEADLINE), (None, LABEL)}
    theirs = [("h", HEADLINE), *story(700)[1:]]
    assert set(learn([*hostile, *others, theirs])) == {(None, LABEL)}


def test_a_stock_sentence_of_many_stories_is_theirs() -> None:
    told = [[*story(n), ("b", "No one was hurt.")] for n in range(30)]
    others = [story(n) for n in range(100, 400)]

    assert learn(told + others, "Sund Press") == {}


def test_a_promise_in_most_bodies_of_an_outlet_is_chrome() -> None:
    pages = [[*story(n)[:2], ("b", PROMISE), *story(n)[2:]] for n in range(70)]

    assert {text for _, text in learn(pages)} == {PROMISE}


def test_what_a_book_named_does_not_keep_itself_in_the_book() -> None:
    told = [[*story(n), ("b" if n < 5 else "k", "No one was hurt.")] for n in range(30)]
    others = [story(n) for n in range(100, 400)]

    assert learn(told + others, "Sund Press") == {}


def test_a_line_counts_once_a_page_however_it_is_spelt() -> None:
    spelt = [LABEL, LABEL.upper(), LABEL.replace(" ", "\u00a0")]
    pages = [[*story(n), ("c", spelt[n % 3]), ("c", spelt[0])] for n in range(20)]
    book = learn(pages)

    assert [(row["pages"], row["line_id"]) for row in book.values()] == [
        (20, learn([[*story(n), ("c", LABEL)] for n in range(20)])[None, LABEL]["line_id"])
    ]


def test_pages_that_no_longer_stand_are_no_evidence() -> None:
    texts = pa.table({"page": pa.array([1], pa.uint64()), "text": [LABEL]})
    none = pa.table({"page": pa.array([], pa.uint64()), "outlet": pa.array([], pa.string())})
    spans = none.drop_columns("outlet")
    for name, kind in (("start", pa.int32()), ("end", pa.int32()), ("part", pa.string())):
        spans = spans.append_column(name, pa.array([], kind))
    found = gather_evidence(texts, spans, none)
    standing = pa.table(
        {"page": pa.array([2], pa.uint64()), "seen_at": pa.array([0], pa.timestamp("us"))}
    )

    assert found.num_rows == 1
    assert choose_lines([found], standing).num_rows == 0

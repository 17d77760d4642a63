"""
Find stories in the index: the best first, each with the part of its body that matches most.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any as Anything

import msgspec
import tantivy

from include.warehouse.search.grammar import All, Any, Node, Words, parse_query
from include.warehouse.search.index import (
    EPOCH,
    PUBLISHED,
    ROW,
    Row,
    build_query,
    is_ranked,
    open_index,
)
from include.warehouse.search.terms import Term, find_terms

AROUND_CHARS = 160
BEFORE_CHARS = 60  # of these, at most so many before the first word that matches
CUT_CHARS = 20_000  # of a body, in which the part is looked for


def find_stories(folder: Path, query: str, most: int) -> list[dict[str, Anything]]:
    """
    Find the best stories of an index; those of equal score in no order.

    Returns:
        At most `most` rows: the fields of `Row`, but published_at, around and score for
        published_us and body. Filters alone score 0 and give the newest first.
    Raises:
        UsageWrong: the query is not of the grammar.
    """
    node = parse_query(query)
    if most <= 0:
        return []
    index = open_index(folder)
    searcher, ranked = index.searcher(), is_ranked(node)
    order = None if ranked else PUBLISHED
    wanted = build_query(node, index.schema)
    result = searcher.search(wanted, limit=most, count=False, order_by_field=order)
    phrases = list(_list_phrases(node))
    return [
        _describe(searcher, address, phrases, float(score) if ranked else 0.0)
        for score, address in result.hits
    ]


def cut_around(body: str, phrases: list[tuple[str, ...]]) -> str:
    """Cut the part of a body that has the most of some phrases; its beginning if it has none."""
    terms = list(find_terms(body[:CUT_CHARS]))
    places = list(_find_places(terms, phrases))
    best, start = 0, 0
    for at, _ in places:
        held = {
            phrase for other, phrase in places if at <= other < at + AROUND_CHARS - BEFORE_CHARS
        }
        if len(held) > best:
            best, start = len(held), max(at - BEFORE_CHARS, 0)
    if start:  # begin with a whole word
        start = next((term.start for term in terms if term.start >= start), start)
    return body[start : start + AROUND_CHARS]


def _describe(
    searcher: tantivy.Searcher,
    address: tantivy.DocAddress,
    phrases: list[tuple[str, ...]],
    score: float,
) -> dict[str, Anything]:
    stored: Anything = searcher.doc(address).get_first(ROW)
    row = msgspec.msgpack.decode(bytes(stored), type=Row)
    story = {name: getattr(row, name) for name in Row.__struct_fields__[:-2]}
    published_at = None if row.published_us is None else _read_time(row.published_us)
    around = cut_around(row.body, phrases)
    return {**story, "published_at": published_at, "around": around, "score": score}


def _read_time(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _list_phrases(node: Node) -> Iterator[tuple[str, ...]]:
    """List the words of a search that bodies are to have."""
    if isinstance(node, All | Any):
        for item in node.items:
            yield from _list_phrases(item)
    elif isinstance(node, Words) and not node.is_headline:
        yield node.terms


def _find_places(
    terms: list[Term], phrases: list[tuple[str, ...]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Find where phrases start in a text: the character, and which."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    for number, term in enumerate(terms):
        for phrase in by_first.get(term.text, ()):
            if tuple(other.text for other in terms[number : number + len(phrase)]) == phrase:
                yield term.start, phrase

"""
Find stories in the index, best first, each with the part of its body that matches best.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any as Anything
from typing import TypeAlias

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
BEFORE_CHARS = 60  # of these, the most before the first word that matches
NEAR_CHARS = AROUND_CHARS - BEFORE_CHARS
BLANK = re.compile(r"\s+")
LAST_WORD = re.compile(r"\s+\S*$")
CUT_CHARS = 20_000  # searched per body for the part to show
Phrase: TypeAlias = tuple[str, ...]


def find_stories(folder: Path, query: str, most: int) -> list[dict[str, Anything]]:
    """
    Find the best stories of an index; stories of equal score come in any order.

    Returns:
        At most `most` rows: the fields of `Row`, with published_at, around and score in place of
        published_us and body. Filters alone score 0 and give the newest first.
    Raises:
        UsageWrong: the query is not of the grammar.
    """
    phrases = frozenset(_list_phrases(parse_query(query)))
    return [_describe(row, phrases, score) for row, score in find_rows(folder, query, most)]


def find_rows(folder: Path, query: str, most: int) -> list[tuple[Row, float]]:
    """
    Find the best stories as `find_stories` does, without cutting their bodies; each with its score.

    Raises:
        UsageWrong: the query is not of the grammar.
    """
    node = parse_query(query)
    index = open_index(folder)
    searcher, ranked = index.searcher(), is_ranked(node)
    most = min(most, searcher.num_docs)  # Tantivy allocates room for all of them at once
    if most <= 0:
        return []
    order = None if ranked else PUBLISHED
    tantivy_query = build_query(node, index.schema)
    result = searcher.search(tantivy_query, limit=most, count=False, order_by_field=order)
    return [
        (_read_row(searcher, address), float(score) if ranked else 0.0)
        for score, address in result.hits
    ]


def cut_passage(body: str, query: str) -> str:
    """Cut the part of a body that matches a query best."""
    return cut_around(body, frozenset(_list_phrases(parse_query(query))))


def cut_around(body: str, phrases: Collection[Phrase]) -> str:
    """
    Cut the part of a body that has most of the phrases; its beginning if it has none of them.

    It has whole words where blanks separate them.
    """
    best, start = 0, 0
    near: list[tuple[int, Phrase]] = []
    for at, phrase in _find_places(body[:CUT_CHARS], phrases):
        near = [place for place in near if place[0] > at - NEAR_CHARS] + [(at, phrase)]
        phrases_near = len({phrase for _, phrase in near})
        if phrases_near > best:
            best, start = phrases_near, near[0][0]
        if best == len(phrases):
            break
    begin = max(start - BEFORE_CHARS, 0)
    if begin and (blank := BLANK.search(body, begin, start)):
        begin = blank.end()
    part = body[begin : begin + AROUND_CHARS + 1]
    if len(part) <= AROUND_CHARS:
        return part
    last_word = LAST_WORD.search(part, NEAR_CHARS)
    return part[: last_word.start() if last_word else AROUND_CHARS]


def _read_row(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Row:
    stored: Anything = searcher.doc(address).get_first(ROW)
    return msgspec.msgpack.decode(bytes(stored), type=Row)


def _describe(row: Row, phrases: Collection[Phrase], score: float) -> dict[str, Anything]:
    story = {name: getattr(row, name) for name in Row.__struct_fields__[:-2]}
    published_at = None if row.published_us is None else _read_time(row.published_us)
    around = cut_around(row.body, phrases)
    return {**story, "published_at": published_at, "around": around, "score": score}


def _read_time(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


def _list_phrases(node: Node) -> Iterator[Phrase]:
    """List the phrases of a search that bodies may match."""
    if isinstance(node, All | Any):
        for item in node.items:
            yield from _list_phrases(item)
    elif isinstance(node, Words) and not node.is_headline:
        yield node.terms


def _find_places(text: str, phrases: Collection[Phrase]) -> Iterator[tuple[int, Phrase]]:
    """Find where phrases are in a text: the character at which one starts, and which."""
    if not phrases:
        return
    last_terms: deque[Term] = deque(maxlen=max(map(len, phrases)))
    by_last: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        by_last.setdefault(phrase[-1], []).append(phrase)
    for term in find_terms(text):
        last_terms.append(term)
        for phrase in by_last.get(term.text, ()):
            part = list(last_terms)[-len(phrase) :]
            if tuple(other.text for other in part) == phrase:
                yield part[0].start, phrase


def mark_terms(text: str, query: str) -> list[tuple[str, bool]]:
    """
    Cut a text into parts in order, each with whether it is a word that the query looks for.

    Raises:
        UsageWrong: the query is not of the grammar.
    """
    wanted = {term for phrase in _list_phrases(parse_query(query)) for term in phrase}
    parts, end = [], 0
    for term in find_terms(text):
        if term.text in wanted:
            parts += [(text[end : term.start], False), (text[term.start : term.end], True)]
            end = term.end
    return [part for part in (*parts, (text[end:], False)) if part[0]]

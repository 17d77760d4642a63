"""
The Tantivy index of the stories' words, and Tantivy queries from parsed searches.

A document is a story. Its words are indexed and not kept; the row that a search returns is kept,
so that finding a story reads no file of the lake.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import tantivy
from tantivy import Occur, Query

from include.warehouse.search.grammar import (
    All,
    Any,
    Language,
    Node,
    Not,
    Outlet,
    Published,
    Words,
)
from include.warehouse.search.terms import list_terms

HEADLINE_WEIGHT = 3.0  # a word of the headline counts as three of the body
HEADLINE, BODY, OUTLET, LANGUAGE = "headline", "body", "outlet", "language"
SPLIT, PUBLISHED, ROW = "split", "published", "row"
FIRST, LAST = 0, 99_999_999
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FILTER_SCORE = 0.0  # what a filter adds to a score


class Row(msgspec.Struct, array_like=True, frozen=True):
    """What the index keeps of a story. published_us: microseconds since 1970 (UTC)."""

    story_id: str
    page_id: str
    run_id: str
    source_name: str
    story_no: int
    headline: str | None
    outlet: str | None
    published_us: int | None
    body: str


def build_schema() -> tantivy.Schema:
    """Build the schema of the index; texts come as terms with blanks between them."""
    schema = tantivy.SchemaBuilder()
    for name in (HEADLINE, BODY):
        schema.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in (OUTLET, LANGUAGE, SPLIT):
        schema.add_text_field(name, tokenizer_name="raw", index_option="basic")
    schema.add_integer_field(PUBLISHED, indexed=True, fast=True)
    schema.add_bytes_field(ROW, stored=True)
    return schema.build()


def open_index(folder: Path) -> tantivy.Index:
    """Open the index of a folder; a new one if the folder holds none."""
    return tantivy.Index(build_schema(), path=str(folder), reuse=True)


def make_document(row: Row, language: str | None, published: date | None) -> tantivy.Document:
    """Make the document of a story; published: its day (UTC)."""
    document = tantivy.Document()
    document.add_text(HEADLINE, " ".join(list_terms(row.headline or "")))
    document.add_text(BODY, " ".join(list_terms(row.body)))
    document.add_text(SPLIT, name_split(row.page_id, row.run_id))
    for name, value in ((OUTLET, row.outlet), (LANGUAGE, language)):
        if value:
            document.add_text(name, " ".join(list_terms(value)))
    if published is not None:
        document.add_integer(PUBLISHED, _number(published))
    document.add_bytes(ROW, msgspec.msgpack.encode(row))
    return document


def name_split(page_id: str, run_id: str) -> str:
    """Name one split of one page, whose stories are added and removed together."""
    return f"{page_id} {run_id}"


def build_query(node: Node, schema: tantivy.Schema) -> Query:
    """Build the query of a parsed search; filters add nothing to the score."""
    if isinstance(node, Words):
        return _build_words(node, schema)
    if isinstance(node, Outlet):
        return _filter(Query.term_query(schema, OUTLET, " ".join(node.terms)))
    if isinstance(node, Language):
        return _filter(Query.term_query(schema, LANGUAGE, node.code))
    if isinstance(node, Published):
        return _build_days(node, schema)
    if isinstance(node, Not):
        without = (Occur.MustNot, build_query(node.item, schema))
        return _filter(Query.boolean_query([(Occur.Must, Query.all_query()), without]))
    if isinstance(node, Any):
        return Query.boolean_query([(Occur.Should, build_query(i, schema)) for i in node.items])
    return _build_all(node, schema)


def is_ranked(node: Node) -> bool:
    """Tell whether a search has words, by which stories rank; filters alone do not rank."""
    if isinstance(node, All | Any):
        return any(map(is_ranked, node.items))
    return isinstance(node, Words)


def _build_all(node: All, schema: tantivy.Schema) -> Query:
    """Build the query of items that must all match; exclusions filter what the others match."""
    wanted = [item for item in node.items if not isinstance(item, Not)]
    parts = [(Occur.Must, build_query(item, schema)) for item in wanted or node.items]
    if wanted:
        excluded = [item.item for item in node.items if isinstance(item, Not)]
        parts += [(Occur.MustNot, build_query(item, schema)) for item in excluded]
    return Query.boolean_query(parts)


def _build_words(words: Words, schema: tantivy.Schema) -> Query:
    def match(field: str) -> Query:
        if len(words.terms) == 1:
            return Query.term_query(schema, field, words.terms[0], index_option="freq")
        return Query.phrase_query(schema, field, list(words.terms))

    headline = Query.boost_query(match(HEADLINE), HEADLINE_WEIGHT)
    if words.is_headline:
        return headline
    return Query.boolean_query([(Occur.Should, headline), (Occur.Should, match(BODY))])


def _build_days(published: Published, schema: tantivy.Schema) -> Query:
    day = _number(published.day)
    low, high = (FIRST, day - 1) if published.is_before else (day, LAST)
    kind = tantivy.FieldType.Integer
    return _filter(Query.range_query(schema, PUBLISHED, kind, low, high))


def _filter(query: Query) -> Query:
    return Query.const_score_query(query, FILTER_SCORE)


def _number(day: date) -> int:
    """Write a day as a number of eight digits, which sort as days do."""
    return day.year * 10_000 + day.month * 100 + day.day

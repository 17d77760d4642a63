"""
Find what a lake holds of some pages: deliveries, stories, and the texts by which other files that
quote them can be recognised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from include.errors import NotFound
from include.lake.delta.tables import has_table, one_of, open_table, select_rows
from include.schema.lake import (
    CHROME,
    MART_TABLES,
    OVERRIDES,
    PAGES,
    QUARANTINE,
    RESPLIT_CHANGES,
    REVIEWS,
    STORIES,
    STORY_REVISIONS,
    Table,
)
from include.storage.locations import Root

TOLD = (STORIES, QUARANTINE, STORY_REVISIONS, CHROME, RESPLIT_CHANGES, OVERRIDES, REVIEWS)
NOT_TEXT = frozenset({
    "story_id", "page_id", "run_id", "language", "text_hash", "splitter_version", "role", "reason",
    "outlet", "url", "agencies", "headline_source", "published_precision", "published_source",
    "suite_version", "resolution", "change", "action", "verdict_before", "verdict_after",
    "decision", "outcome", "decided_by", "made_by",
})  # fmt: skip


@dataclass(frozen=True)
class Traces:
    """
    What was found. pages: deliveries and stories of each. names: pairs of inbox and name.
    texts: every text that stories and chrome have. text_ids: of marts.
    """

    pages: dict[str, tuple[int, int]]
    names: frozenset[tuple[str, str]]
    texts: frozenset[str]
    text_ids: frozenset[str]


def find_pages(root: Root, what: str) -> tuple[str, ...]:
    """
    Return the pages that a page_id names, or every page that was ever delivered under a name.

    Raises:
        NotFound: there is none.
    """
    rows = read_names(root)
    found = rows.filter((pl.col("page_id") == what) | (pl.col("name") == what))["page_id"]
    if not len(found):
        way_out = "Give a page_id, or the whole name of a file as `why` shows it."
        raise NotFound("page", what, way_out)
    return tuple(sorted(set(found)))


def read_names(root: Root) -> pl.DataFrame:
    """Return page_id, inbox and name of every delivery."""
    columns = ["page_id", "inbox", "name"]
    if not has_table(root, PAGES):
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return pl.DataFrame(open_table(root, PAGES).to_pyarrow_table(columns=columns))


def find_traces(root: Root, page_ids: Collection[str]) -> Traces:
    """Return what the lake's newest version holds of some pages."""
    of_pages = one_of("page_id", sorted(page_ids))
    names = read_names(root).filter(pl.col("page_id").is_in(list(page_ids)))
    stories: dict[str, set[str]] = {page_id: set() for page_id in page_ids}
    texts: set[str] = set()
    for kind in TOLD:
        for row in _read(root, kind, kind.schema().names, of_pages):
            texts |= set(_texts_of(row))
            if row.get("story_id"):
                stories[row["page_id"]].add(row["story_id"])
    for row in _read(root, PAGES, ["title", "author"], of_pages):
        texts |= {text for text in row.values() if text}
    counts = names.group_by("page_id").len()
    deliveries = dict(counts.iter_rows())
    return Traces(
        {page_id: (deliveries.get(page_id, 0), len(stories[page_id])) for page_id in page_ids},
        frozenset(names.select("inbox", "name").iter_rows()),
        frozenset(texts),
        frozenset(_ids(root, "text_id", of_pages)),
    )


def _read(root: Root, kind: Table, columns: list[str], predicate: str) -> list[dict[str, Any]]:
    if not has_table(root, kind):
        return []
    found: list[dict[str, Any]] = select_rows(root, kind, columns, predicate).to_pylist()
    return found


def _ids(root: Root, column: str, predicate: str) -> Iterator[str]:
    for kind in MART_TABLES:
        names = kind.schema().names
        if column in names and "page_id" in names:
            yield from (row[column] for row in _read(root, kind, [column], predicate))


def _texts_of(value: object, name: str = "") -> Iterator[str]:
    """Yield every text in a row, also those inside lists and structs."""
    if isinstance(value, str):
        if name not in NOT_TEXT:
            yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts_of(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _texts_of(part, name)

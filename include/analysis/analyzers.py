"""
The list of analyzers, which derive marts from single stories.

Change an analyzer's version whenever its output changes: all stories are then analysed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from include.analysis.dates.rows import DATES_VERSION, find_story_dates
from include.analysis.duplicates.signatures import SIGNATURE_VERSION, sign_stories
from include.analysis.entities.rows import ENTITIES_VERSION, find_entities
from include.analysis.events.terms import TERMS_VERSION, find_story_terms
from include.analysis.outlets.resolve import OUTLETS_VERSION, resolve_outlets
from include.analysis.quotes.rows import QUOTES_VERSION, quote_stories
from include.schema.analysis import (
    DATE_MENTIONS,
    ENTITY_MENTIONS,
    QUOTES,
    SIGNATURES,
    STORY_DATES,
    STORY_ENTITIES,
    STORY_OUTLETS,
    STORY_TERMS,
)
from include.schema.column import Table

# Columns of the lake's `stories` that every analyzer gets, and of `chrome` for those that ask.
READS = (
    "story_id", "page_id", "run_id", "ingest_day", "source_name", "headline", "deck", "body",
    "byline", "dateline", "published_at", "published_precision", "published_source", "outlet",
    "url", "agencies", "language", "other_spans", "ingested_at",
)  # fmt: skip
READS_CHROME = ("page_id", "text", "role")


@dataclass(frozen=True)
class Analyzer:
    """
    How a mart is made, or several marts that are found together.

    analyze: takes stories with the columns READS; gives the rows of each of `marts`, with
    `story_id` and the mart's own columns, which depend only on that story and its page.
    reads_chrome: whether `analyze` also takes `chrome`: READS_CHROME of the stories' pages.
    reads_datelines: whether it also takes `datelines`, as `lake.marts.datelines` gives them.
    """

    marts: tuple[Table, ...]
    version: str
    analyze: Callable[..., tuple[pa.Table, ...]]
    reads_chrome: bool = False
    reads_datelines: bool = False


def _one(
    mart: Table, version: str, analyze: Callable[..., pa.Table], reads_chrome: bool = False
) -> Analyzer:
    """Make the analyzer of one mart."""
    return Analyzer((mart,), version, lambda *of, **more: (analyze(*of, **more),), reads_chrome)


ANALYZERS = (
    _one(SIGNATURES, SIGNATURE_VERSION, sign_stories),
    _one(QUOTES, QUOTES_VERSION, quote_stories),
    Analyzer((ENTITY_MENTIONS, STORY_ENTITIES), ENTITIES_VERSION, find_entities),
    _one(STORY_OUTLETS, OUTLETS_VERSION, resolve_outlets, reads_chrome=True),
    Analyzer((STORY_DATES, DATE_MENTIONS), DATES_VERSION, find_story_dates, reads_datelines=True),
    _one(STORY_TERMS, TERMS_VERSION, find_story_terms),
)

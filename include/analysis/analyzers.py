"""
The list of analyzers: one per mart that is derived from single stories.

Change an analyzer's version whenever its output changes: all stories are then analysed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from include.analysis.duplicates.signatures import SIGNATURE_VERSION, sign_stories
from include.analysis.entities.rows import (
    ENTITIES_VERSION,
    find_entity_mentions,
    find_story_entities,
)
from include.analysis.events.terms import TERMS_VERSION, find_story_terms
from include.analysis.outlets.resolve import OUTLETS_VERSION, resolve_outlets
from include.analysis.quotes.rows import QUOTES_VERSION, quote_stories
from include.schema.analysis import (
    ENTITY_MENTIONS,
    QUOTES,
    SIGNATURES,
    STORY_ENTITIES,
    STORY_OUTLETS,
    STORY_TERMS,
)
from include.schema.column import Table

# Columns of the lake's `stories` that every analyzer gets, and of `chrome` for those that ask.
READS = (
    "story_id", "page_id", "run_id", "ingest_day", "source_name", "headline", "deck", "body",
    "byline", "dateline", "published_at", "outlet", "url", "agencies", "language", "ingested_at",
)  # fmt: skip
READS_CHROME = ("page_id", "text", "role")


@dataclass(frozen=True)
class Analyzer:
    """
    How one mart is made.

    analyze: takes stories with the columns READS; gives rows with `story_id` and the mart's own
    columns, which depend only on that story and its page.
    reads_chrome: whether `analyze` also takes `chrome`: READS_CHROME of the stories' pages.
    """

    mart: Table
    version: str
    analyze: Callable[..., pa.Table]
    reads_chrome: bool = False


ANALYZERS = (
    Analyzer(SIGNATURES, SIGNATURE_VERSION, sign_stories),
    Analyzer(QUOTES, QUOTES_VERSION, quote_stories),
    Analyzer(ENTITY_MENTIONS, ENTITIES_VERSION, find_entity_mentions),
    Analyzer(STORY_ENTITIES, ENTITIES_VERSION, find_story_entities),
    Analyzer(STORY_OUTLETS, OUTLETS_VERSION, resolve_outlets, reads_chrome=True),
    Analyzer(STORY_TERMS, TERMS_VERSION, find_story_terms),
)

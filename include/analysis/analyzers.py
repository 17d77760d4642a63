"""
The analyzers: what is derived from each story alone. The one list; a new mart is a row here.

An analyzer's version changes with its output; history is then analysed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from include.analysis.duplicates.signatures import SIGNATURE_VERSION, sign_stories
from include.analysis.quotes.rows import QUOTES_VERSION, quote_stories
from include.schema.analysis import SIGNATURES, STORY_QUOTES
from include.schema.column import Table

# Columns of the lake's `stories` that every analyzer is given.
READS = (
    "story_id", "page_id", "run_id", "ingest_day", "headline", "deck", "body", "byline",
    "dateline", "published_at", "outlet", "url", "agencies", "language", "ingested_at",
)  # fmt: skip


@dataclass(frozen=True)
class Analyzer:
    """
    How one mart is made.

    analyze: takes stories with the columns READS; gives rows with `story_id` and the mart's own
    columns, which depend on that story alone.
    """

    mart: Table
    version: str
    analyze: Callable[[pa.Table], pa.Table]


ANALYZERS = (
    Analyzer(SIGNATURES, SIGNATURE_VERSION, sign_stories),
    Analyzer(STORY_QUOTES, QUOTES_VERSION, quote_stories),
)

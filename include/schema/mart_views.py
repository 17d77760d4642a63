"""
The warehouse's view of the marts that analysis makes, and how far each of them is.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.analysis import ANALYSES, SIGNATURES, STORY_QUOTES
from include.schema.column import Column, Table, mirror, pick

META_ANALYSES = mirror(
    "meta.analyses",
    "one analysis whose rows count: of the mart's current analyzer",
    ANALYSES,
)
FRESHNESS = Table(
    "meta.freshness",
    "one mart that analysis makes, and the version of the lake that it shows",
    (
        *pick(ANALYSES, "mart", "analyzer_version", "lake_version"),
        Column("newest_version", pa.int64(), "version of the lake that this warehouse shows"),
        Column("versions_behind", pa.int64(), "runs that landed since; 0: the mart is up to date"),
        Column("stories", pa.int64(), "stories analysed so far, including those that left"),
        Column("failed_stories", pa.int64(), "of these, stories that the analyzer failed on"),
        *pick(ANALYSES, "made_at"),
    ),
    partition=None,
)
MARTS_SIGNATURES = mirror("marts.signatures", f"{SIGNATURES.grain}; current ones", SIGNATURES)
MARTS_QUOTES = mirror("marts.quotes", f"{STORY_QUOTES.grain}; current ones", STORY_QUOTES)
MART_VIEWS = (MARTS_SIGNATURES, MARTS_QUOTES)
ANALYSIS_VIEWS = (*MART_VIEWS, META_ANALYSES, FRESHNESS)

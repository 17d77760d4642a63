"""
Summary views: what an outlet left out, and what arrived on a day.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, STAMP, Column, Table

COVERAGE_GAPS = Table(
    "marts.coverage_gaps",
    "one event that three or more outlets covered, and one outlet that published in those days but "
    "not about it",
    (
        Column("event_id", pa.string(), "the event, as in marts.events"),
        Column("headline", pa.string(), "headline of the event", True),
        Column("outlets", pa.int64(), "different outlets that covered it"),
        Column("first_seen_at", STAMP, "its first story (UTC)"),
        Column("last_seen_at", STAMP, "its last story so far (UTC)"),
        Column("outlet", pa.string(), "the outlet that did not"),
        Column(
            "other_stories",
            pa.int64(),
            "what that outlet published from a day before its first story to a day after its last",
        ),
    ),
    partition=None,
)
DIGEST = Table(
    "marts.digest",
    "what was ingested on one day, for a person to read",
    (
        DAY,
        Column("stories", pa.int64(), "current stories of that day"),
        Column("outlets", pa.int64(), "different outlets of those that have one"),
        Column("new_events", pa.int64(), "events whose first story was ingested that day"),
        Column("copied_texts", pa.int64(), "texts of which a copy was ingested that day"),
        Column("flagged", pa.int64(), "stories with at least one warning"),
        Column("waiting", pa.int64(), "stories of that day that wait in quarantine"),
        Column("markdown", pa.string(), "the digest in Markdown; words of stories are escaped"),
    ),
    partition=None,
)
OVERVIEWS = (COVERAGE_GAPS, DIGEST)

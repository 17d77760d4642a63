"""
The tables of outlets: who published each story, and how much each outlet published.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import DAY, STAMP, Column, Table

STORY_OUTLETS = Table(
    "story_outlets",
    "one story; all but its id are null where its outlet is unknown",
    (
        Column("story_id", pa.string(), "the story"),
        Column("outlet_id", pa.string(), "id in the table of outlets, or the name as an id", True),
        Column("name", pa.string(), "name of the outlet, as in the table of outlets", True),
        Column(
            "source",
            pa.string(),
            "what says so: given (metadata or a credit), url, copyright, path, written_for (a note "
            "in the story) or self (the page's own text about itself)",
            True,
        ),
        Column("confidence", pa.float64(), "how sure that is, 0 to 1", True),
        Column("kind", pa.string(), "publisher, agency or aggregator; null if unknown", True),
        Column("country", pa.string(), "ISO 3166-1 code of its country; null if unknown", True),
        Column("language", pa.string(), "ISO 639-1 code of its language; null if unknown", True),
    ),
    partition=None,
)
NAMED_OUTLET = Column(
    "outlet", pa.string(), "who published them, by stories.outlet, else by story_outlets", True
)
OUTLET_DAILY = Table(
    "marts.outlet_daily",
    "one outlet (null: unknown) on one day of ingestion",
    (
        DAY,
        NAMED_OUTLET,
        Column("stories", pa.int64(), "current stories, including later copies"),
        Column("later_copies", pa.int64(), "of these, copies of a story on an earlier page"),
        Column("pages", pa.int64(), "pages they come from"),
        Column("words", pa.int64(), "words in their bodies"),
        Column("flagged", pa.int64(), "of these, stories with at least one warning"),
        Column("mean_confidence", pa.float64(), "mean confidence of the splitter, 0 to 1"),
        Column("first_published_at", STAMP, "earliest known publication (UTC)", True),
        Column("last_published_at", STAMP, "latest known publication (UTC)", True),
    ),
    partition=None,
)
OUTLET_PUBLISHED = Table(
    "marts.outlet_published",
    "one outlet (null: unknown) on one day of publication",
    (
        Column(
            "published_date",
            pa.date32(),
            "day of publication (UTC), as in story_dates; null: unknown",
            True,
        ),
        NAMED_OUTLET,
        Column("stories", pa.int64(), "current stories, including later copies"),
        Column("later_copies", pa.int64(), "of these, copies of a story on an earlier page"),
        Column(
            "dated_by_age", pa.int64(), "of these, dated only by an age on the page («a day ago»)"
        ),
        Column("words", pa.int64(), "words in their bodies"),
        Column("first_ingested_at", STAMP, "when the first of these was ingested (UTC)"),
        Column("last_ingested_at", STAMP, "when the last of these was ingested (UTC)"),
    ),
    partition=None,
)
SILENT_OUTLETS = Table(
    "marts.silent_outlets",
    "one outlet that has been silent for more than three times as long as usual",
    (
        Column("outlet", pa.string(), "the outlet"),
        Column("stories", pa.int64(), "its current stories"),
        Column("days_heard", pa.int64(), "days of ingestion with its stories; at least 3"),
        Column("last_day", pa.date32(), "the last of them"),
        Column("last_published_at", STAMP, "latest known publication (UTC)", True),
        Column("usual_gap_days", pa.float64(), "median gap between these days (days)"),
        Column("silent_days", pa.int64(), "from the last day to the last run (days)"),
    ),
    partition=None,
)

"""
The tables of time: when each story was published, the dates that it names, and timelines.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import STAMP, WORDS, Column, Table

FIRST_DAY = Column("first_day", pa.date32(), "first day of the period; null if unknown", True)
LAST_DAY = Column("last_day", pa.date32(), "last day of the period; null if unknown", True)
VALUE = Column(
    "value",
    pa.string(),
    "the period in ISO 8601 as TIMEX3 extends it: 2026-03-04, 2026-W10, 2026-Q1, 2026-SU (summer), "
    "2026-03-04TMO (morning), P2Y (two years); XXXX for an unknown year; null if it cannot be "
    "resolved",
    True,
)

STORY_DATES = Table(
    "story_dates",
    "when one story was published; all but its id are null where that is unknown",
    (
        Column("story_id", pa.string(), "the story"),
        Column("published_at", STAMP, "when it was published (UTC)", True),
        Column(
            "precision",
            pa.string(),
            "of published_at: minute, hour, day, week, month or year",
            True,
        ),
        Column(
            "source",
            pa.string(),
            "where it is from: text, file or review, as in stories.published_source; or relative: "
            "an age on the page («a day ago»), counted back from the page's fetched_at",
            True,
        ),
        Column("age", pa.string(), "the age in the words of the page; null unless relative", True),
    ),
    partition=None,
)
DATE_MENTIONS = Table(
    "date_mentions",
    "one date, time of day, duration or interval named in the body of a story",
    (
        Column("story_id", pa.string(), "the story"),
        Column("mention_no", pa.int32(), "position among those of the story, from 1"),
        Column("start", pa.int32(), "first character in the body"),
        Column("end", pa.int32(), "one past the last character in the body"),
        Column("text", pa.string(), "the words as the body has them"),
        Column("sentence_start", pa.int32(), "first character of its sentence in the body"),
        Column("sentence_end", pa.int32(), "one past the last character of its sentence"),
        Column("kind", pa.string(), "date, time, duration or set (every Monday), as in TIMEX3"),
        VALUE,
        FIRST_DAY,
        LAST_DAY,
        Column(
            "resolved_from",
            pa.string(),
            "text (the words alone say which), published_at (relative to the story's date, as in "
            "story_dates) or unresolved (relative, and the story's date is unknown)",
        ),
    ),
    partition=None,
)
TIMELINES = Table(
    "marts.timelines",
    "one sentence about one day or period, however many stories have it",
    (
        FIRST_DAY,
        LAST_DAY,
        VALUE,
        Column("period", pa.string(), "day, week, month, quarter, season, year or years"),
        Column("text", pa.string(), "the words for the day or period, in the first story"),
        Column("sentence", pa.string(), "the sentence that names it, in the first story"),
        Column("entity_ids", WORDS, "ids of entities named in that sentence", True),
        Column("entities", WORDS, "their names, as in story_entities", True),
        Column(
            "is_ahead", pa.bool_(), "whether it was still to come when the first story was "
            "published; null if unknown", True,
        ),
        Column("resolved_from", pa.string(), "as in date_mentions: text or published_at"),
        Column("stories", pa.int64(), "stories that have the sentence"),
        Column("outlets", WORDS, "outlets of these stories, as far as known", True),
        Column("first_story_id", pa.string(), "the first of them, by publication, then ingestion"),
        Column("first_seen_at", STAMP, "its publication, else its ingestion (UTC)"),
    ),
    partition=None,
)  # fmt: skip

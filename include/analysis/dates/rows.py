"""
Build the tables of dates: when stories were published, and the dates that they name.
"""

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from include.analysis.dates.ages import read_age
from include.analysis.dates.find import Mention, find_dates
from include.analysis.dates.periods import days_of
from include.schema.dates import DATE_MENTIONS, STORY_DATES

DATES_VERSION = "2"  # changes with the rows of any story
LONGEST_BODY = 1_000_000  # characters that are searched
EXACT = ("minute", "hour", "day")  # precisions that tell the day
REFERENCE = "_REF"  # «now», «recently»: they name no time
READS = (
    "story_id", "body", "language", "published_at", "published_precision", "published_source",
)  # fmt: skip
Row = dict[str, Any]


def find_story_dates(stories: pa.Table, datelines: pa.Table) -> tuple[pa.Table, pa.Table]:
    """
    Date stories, and find the dates that they name.

    Args:
        stories: `story_id`, `body`, `language`, `published_at`, `published_precision`,
            `published_source`. datelines: `story_id`, `line`, `fetched_at`: dated lines of stories
            without a date, and when their page was fetched.
    Returns:
        `STORY_DATES`, one row per story, and `DATE_MENTIONS`; in the order of the stories.
    """
    ages: dict[str, Row] = {}
    for line in datelines.to_pylist():
        if line["story_id"] not in ages and (age := read_age(line["line"], line["fetched_at"])):
            ages[line["story_id"]] = {
                "published_at": age.published_at,
                "precision": age.precision,
                "source": "relative",
                "age": age.text,
            }
    dates: list[Row] = []
    mentions: list[Row] = []
    for story in stories.select(list(READS)).to_pylist():
        row = {"story_id": story["story_id"], **_dated(story, ages)}
        dates.append(row)
        mentions += _mentions(story, _day_of(row))
    return (
        pa.Table.from_pylist(dates, STORY_DATES.schema()),
        pa.Table.from_pylist(mentions, DATE_MENTIONS.schema()),
    )


def _dated(story: Row, ages: dict[str, Row]) -> Row:
    if story["published_at"] is None:
        return ages.get(story["story_id"], {})
    return {
        "published_at": story["published_at"],
        "precision": story["published_precision"],
        "source": story["published_source"],
    }


def _day_of(row: Row) -> date | None:
    """Give the day of publication (UTC), if it is known to the day."""
    at: datetime | None = row.get("published_at")
    return at.date() if at and row["precision"] in EXACT else None


def _mentions(story: Row, day: date | None) -> list[Row]:
    body = (story["body"] or "")[:LONGEST_BODY]
    mentions = find_dates(body, story["language"] or "", day)
    dated = [m for m in mentions if not (m.meaning.value or "").endswith(REFERENCE)]
    return [
        {"story_id": story["story_id"], "mention_no": number, **_row(mention, body)}
        for number, mention in enumerate(dated, 1)
    ]


def _row(mention: Mention, body: str) -> Row:
    meaning = mention.meaning
    first, last = days_of(meaning.value or "") or (None, None)
    return {
        "start": mention.start,
        "end": mention.end,
        "text": body[mention.start : mention.end],
        "sentence_start": mention.sentence[0],
        "sentence_end": mention.sentence[1],
        "kind": meaning.kind,
        "value": meaning.value,
        "first_day": first,
        "last_day": last,
        "resolved_from": meaning.resolved_from,
    }

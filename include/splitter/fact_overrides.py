"""
Facts that a person set right: the date, outlet, byline or headline of a story.

An override names a line of the story. It changes what the story's row says, not the split: the
page's spans, roles and text stay as they are.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from include.model import STORY_ROLES
from include.splitter.overrides import Overrides

FACTS = ("date", "outlet", "byline", "headline")
REASON = "{} set by review"
STAMP = pl.Datetime("us", "UTC")


def read_date(text: str) -> tuple[datetime, str]:
    """
    Read a date as `2026-11-02` or `2026-11-02 18:30` (UTC); give it with its precision.

    Raises:
        ValueError: it is neither, or no day of the calendar.
    """
    at = datetime.fromisoformat(text)
    precision = "day" if len(text) == len("2026-11-02") else "minute"
    return (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)), precision


def correct_facts(
    stories: pl.DataFrame, pieces: pl.DataFrame, pages: pl.DataFrame, overrides: Overrides
) -> pl.DataFrame:
    """
    Put what people said of stories over what was read from their pages.

    Args:
        stories: columns page, story, reasons, headline, headline_source, byline, outlet,
            published_at, published_precision, published_source. pieces: columns page, line_no,
            text, role, story.
        pages: columns page, page_id.
    Returns:
        The same where no override meets a line of a story.
    """
    said = overrides.rows.filter(pl.col("action").is_in(FACTS)).with_row_index("made")
    if said.is_empty():
        return stories
    newest_by_story = (
        said.join(pages.select("page", "page_id"), on="page_id")
        .join(
            pieces.filter(pl.col("role").is_in(STORY_ROLES), pl.col("story") >= 0).select(
                "page", pl.col("line_no").cast(pl.Int32), "text", "story"
            ),
            on=["page", "line_no"],
        )
        .filter(pl.col("line_text").str.contains(pl.col("text"), literal=True))
        .sort("made")
        .unique(["story", "action"], keep="last", maintain_order=True)
    )
    for story, action, value in newest_by_story.select("story", "action", "value").iter_rows():
        stories = _set(stories, pl.col("story") == story, action, value)
    return stories


def _set(stories: pl.DataFrame, is_meant: pl.Expr, action: str, value: str | None) -> pl.DataFrame:
    """Set one fact of one story; a value of None removes it."""
    new: dict[str, pl.Expr] = {}
    if action == "date":
        at, precision = read_date(value) if value else (None, None)
        new["published_at"] = pl.lit(at, STAMP)
        new["published_precision"] = pl.lit(precision, pl.String)
        new["published_source"] = pl.lit("review" if value else None, pl.String)
    else:
        new[action] = pl.lit(value, pl.String)
    if action == "headline":
        new["headline_source"] = pl.lit("review" if value else None, pl.String)
    reason = pl.lit([REASON.format(action)], pl.List(pl.String))
    new["reasons"] = pl.col("reasons").list.concat(reason)
    return stories.with_columns(
        pl.when(is_meant).then(value).otherwise(pl.col(name)).alias(name)
        for name, value in new.items()
    )

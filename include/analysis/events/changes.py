"""
Compare two groupings of stories into events: which events were renamed, merged or split.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

RENAMED, MERGED, SPLIT = "renamed", "merged", "split"


def compare_groupings(before: pa.Table, after: pa.Table) -> pa.Table:
    """
    Give the events whose stories are in another event now.

    Stories that are new, or that left, change no event by themselves.

    Args:
        before, after: story_id and event_id.
    Returns:
        event_id, became_event_id, kind, stories and moved, sorted.
    """
    old, new = (pl.DataFrame(table).select("story_id", "event_id") for table in (before, after))
    shared = old.join(new.rename({"event_id": "became_event_id"}), on="story_id")
    moved = shared.group_by("event_id", "became_event_id").agg(moved=pl.len().cast(pl.Int64))
    sizes = old.group_by("event_id").agg(stories=pl.len().cast(pl.Int64))
    into, parts = pl.len().over("became_event_id"), pl.len().over("event_id")
    kind = pl.when(parts > 1).then(pl.lit(SPLIT)).when(into > 1).then(pl.lit(MERGED))
    return (
        moved.join(sizes, on="event_id")
        .with_columns(kind=kind.otherwise(pl.lit(RENAMED)))
        .filter(pl.col("event_id") != pl.col("became_event_id"))
        .select("event_id", "became_event_id", "kind", "stories", "moved")
        .sort("event_id", "became_event_id")
        .to_arrow()
    )

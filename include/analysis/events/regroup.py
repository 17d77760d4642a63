"""
Find what of the last grouping still holds, so that only later days are grouped anew.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl
import pyarrow as pa

from include.analysis.events.groups import WINDOW_DAYS, Grouped, Ordered


def keep_grouped(
    stories: Ordered, members: pa.Table, runs: Collection[str] | None
) -> Grouped | None:
    """
    Return the part of the last grouping that holds; None if there was none of this version.

    The first day to group anew is that of the earliest story that is new, is led by another story
    of its copies, or was in one event with a story that left.

    Args:
        stories: all current stories, with `run_id`. members: story_id, run_id, event_id, leader_id
            and similarity of the last grouping. runs: that landed the stories it had.
    """
    if runs is None:
        return None
    last = pl.DataFrame(members)
    frame = stories.frame.select(
        "story_id",
        "run_id",
        day=pl.Series(stories.days),
        leader=stories.frame["story_id"].gather(stories.leaders),
    )
    is_grouped = pl.col("run_id").is_in(list(runs))
    left = last.join(frame.filter(is_grouped), on=["story_id", "run_id"], how="anti")
    joined = frame.join(last.drop("run_id", "similarity"), on="story_id", how="left")
    changed = joined.filter(
        ~is_grouped
        | (pl.col("leader") != pl.coalesce("leader_id", "story_id"))
        | pl.col("event_id").is_in(left["event_id"].unique().to_list())
    )
    latest = int(stories.days.max(initial=0)) + 1
    first_day = changed["day"].min() if changed.height else latest
    return Grouped(int(first_day), last)  # type: ignore[arg-type]


def find_needed(stories: Ordered, grouped: Grouped | None) -> pl.Series:
    """Return the ids of the vectors that `group_stories` needs."""
    vector_ids = stories.frame["vector_id"]
    if grouped is None:
        return vector_ids
    opening = grouped.first_day - WINDOW_DAYS
    ingested = stories.frame["ingested_at"].dt.epoch("d").to_numpy()
    is_near = (stories.days >= opening) | (ingested >= opening)
    near = stories.frame.select("story_id").filter(pl.Series(is_near))
    active = grouped.members.join(near, on="story_id", how="semi")["event_id"].unique()
    of_active = grouped.members.filter(pl.col("event_id").is_in(active.implode()))["story_id"]
    is_active = stories.frame["story_id"].is_in(of_active.implode()).to_numpy()
    return vector_ids.filter(pl.Series(np.logical_or(is_near, is_active)))

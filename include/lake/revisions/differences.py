"""
Compare the current stories of some pages with those of a new split. Pure.

A story is paired with the one that has its id, else with its successor from `matching`. Frames here
hold the columns COMPARED and `verdict` (landed or quarantined), with one row per story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from include.lake.revisions.matching import count_changed, diff_stories, find_successors, tell_whole
from include.schema.column import schema_of
from include.schema.lake import STORY_SPANS
from include.schema.revisions import CHANGE

WHAT = {
    "headline": ("headline",),
    "body": ("body",),
    "boundaries": STORY_SPANS,
    "facts": (
        "deck", "byline", "dateline", "published_at", "outlet", "agencies", "tags", "language",
    ),
    "verdict": ("verdict",),
}  # fmt: skip
KEY = ["page_id", "story_id"]
COMPARED = (
    *KEY, "source_name", "story_no", "body_chars", "text_hash", "splitter_version",
    *(name for names in WHAT.values() for name in names if name != "verdict"),
)  # fmt: skip
SCHEMA = schema_of(CHANGE)
COUNTS = ("before", "same", "changed", "added", "gone", "after")
Story = Mapping[str, Any]


@dataclass(frozen=True)
class Differences:
    """
    What differs on some pages.

    rows: columns of `CHANGE`, by page. same: per outlet (None: not named) the number of stories
    that did not change.
    """

    rows: pa.Table
    same: dict[str | None, int]


def compare_stories(
    before: pl.DataFrame, after: pl.DataFrame, outlets: Mapping[str, str | None]
) -> Differences:
    """
    Compare the current stories of some pages with those of their new split.

    Args:
        outlets: page_id to the outlet that its delivery named, if any.
    """
    both = before.join(after, on=KEY, suffix="_new")
    changed = [
        pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in names)
        for names in WHAT.values()
    ]
    equal = both.filter(~pl.any_horizontal(changed))
    same: dict[str | None, int] = {}
    for page_id, outlet, count in equal.group_by("page_id", "outlet").len().iter_rows():
        named = outlet or outlets.get(page_id)
        same[named] = same.get(named, 0) + count
    left = [frame.join(equal, on=KEY, how="anti") for frame in (before, after)]
    rows = []
    for old, new in _pair_up(*(frame.sort("page_id", "story_no").to_dicts() for frame in left)):
        row = _describe_change(old, new, outlets)
        if row["change"] == "changed" and not row["what"]:
            same[row["outlet"]] = same.get(row["outlet"], 0) + 1  # the same story under another id
        else:
            rows.append(row)
    return Differences(pa.Table.from_pylist(rows, SCHEMA), same)


def _pair_up(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[tuple[Story | None, Story | None]]:
    """Yield each story with its successor, by page; None on either side if there is none."""
    pages: dict[str, tuple[list[Story], list[Story]]] = {}
    for side, stories in enumerate((before, after)):
        for story in stories:
            pages.setdefault(story["page_id"], ([], []))[side].append(story)
    for page_id in sorted(pages):
        old, new = pages[page_id]
        by_id = {story["story_id"]: story for story in new}
        kept = {story["story_id"] for story in old} & by_id.keys()
        yield from ((story, by_id[story["story_id"]]) for story in old if story["story_id"] in kept)
        old, new = ([s for s in side if s["story_id"] not in kept] for side in (old, new))
        at = [place for place, _ in find_successors(old, new)]
        yield from (
            (story, None if place is None else new[place])
            for story, place in zip(old, at, strict=True)
        )
        yield from ((None, story) for place, story in enumerate(new) if place not in at)


def _describe_change(
    old: Story | None, new: Story | None, outlets: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return the row of a story; `what` is empty if it is unchanged under another id."""
    one: Story = new or old or {}
    page_id = one["page_id"]
    outlet = (new or one)["outlet"] or (old or one)["outlet"] or outlets.get(page_id)
    row: dict[str, Any] = {
        "page_id": page_id,
        "source_name": one["source_name"],
        "outlet": outlet,
        "what": [],
        "changed_chars": count_changed(old, new),
    }
    for side, story in (("before", old), ("after", new)):
        for name in ("story_id", "headline", "verdict", "body_chars", "splitter_version"):
            row[f"{name}_{side}"] = story[name] if story else None
    if old is None:
        return {**row, "change": "added", "diff": tell_whole(one, "+")}
    if new is None:
        return {**row, "change": "gone", "diff": tell_whole(one, "-")}
    what = [part for part, names in WHAT.items() if any(old[n] != new[n] for n in names)]
    diff = diff_stories(old, new) if {"headline", "body"} & set(what) else ""
    return {**row, "change": "changed", "what": what, "diff": diff}

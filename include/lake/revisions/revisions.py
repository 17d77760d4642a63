"""
Keep stories that leave `stories` in `story_revisions`, with what replaced them.

The landing that removes them writes them between the commit of `pages` and the removal, in one
commit that names the run. If that commit exists it is complete, so a landing that is finished later
neither misses a story nor writes one twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import append_rows, one_of, select_rows
from include.lake.ledger.current import current_rows
from include.lake.revisions.matching import diff_stories, find_successors
from include.schema.lake import STORIES, STORY_REVISIONS
from include.storage.locations import Root

PAGES_AT_ONCE = 200
KEPT = tuple(
    name for name in STORY_REVISIONS.schema().names if name in STORIES.schema().names
)  # of a story; the run's columns become those of the run that replaced it
KEY = ["page_id", "run_id"]
SAME = ("page_id", "story_id", "text_hash")


def keep_revisions(root: Root, run_id: str, left: pl.DataFrame, deliveries: pl.DataFrame) -> None:
    """
    Write the stories of superseded pages to `story_revisions`, unless this run already has.

    Args:
        left: the deliveries whose stories are removed (`superseded_rows`).
        deliveries: all that are relevant to the run's names and pages.
    """
    if not left.height or _has_written(root, run_id):
        return
    append_rows(root, STORY_REVISIONS, _rows(root, run_id, left, deliveries), {"run_id": run_id})


def _has_written(root: Root, run_id: str) -> bool:
    written = select_rows(root, STORY_REVISIONS, ["run_id"], one_of("run_id", [run_id]))
    return bool(written.num_rows)


def _rows(
    root: Root, run_id: str, left: pl.DataFrame, deliveries: pl.DataFrame
) -> Iterator[pa.RecordBatch]:
    """Yield the rows, a few pages at a time."""
    own = deliveries.filter(pl.col("run_id") == run_id)
    ingested_at = own["ingested_at"][0]
    stamps = {"run_id": run_id, "ingested_at": ingested_at, "ingest_day": ingested_at.date()}
    replacing = _replacing(own)
    standing = current_rows(deliveries).select(KEY)
    for part in left.sort("page_id", "ingested_at").iter_slices(PAGES_AT_ONCE):
        pairs = replacing.join(part.select("page_id").unique(), on="page_id", how="semi")
        new_pages = pairs.select(page_id="new_page_id").unique()
        old = _stories_of(root, part.select(KEY))
        new = _stories_of(root, standing.join(new_pages, on="page_id", how="semi"))
        rows = [
            {**row, **stamps}
            for page_id, stories in groupby(old, lambda story: story["page_id"])
            for row in _describe_stories(list(stories), pairs.filter(page_id=page_id), new)
        ]
        yield from pa.Table.from_pylist(rows, STORY_REVISIONS.schema()).to_batches()


def _replacing(own: pl.DataFrame) -> pl.DataFrame:
    """Return page_id, new_page_id and reason of each page that a run replaced, by name."""
    revised = own.filter(pl.col("revises_page_id").is_not_null()).select(
        "name", page_id="revises_page_id", new_page_id="page_id", reason=pl.lit("revised")
    )
    again = own.filter(pl.col("outcome") == "resplit").select(
        "name", "page_id", new_page_id="page_id", reason=pl.lit("resplit")
    )
    return pl.concat([revised, again]).sort(
        "reason", "name", "new_page_id", descending=[True, False, False]
    )


def _describe_stories(
    old: list[dict[str, Any]], pairs: pl.DataFrame, new: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the row of each story of one page, with its successor."""
    pages = list(dict.fromkeys(pairs["new_page_id"]))
    reason = pairs["reason"][0]
    after = [story for story in new if story["page_id"] in pages]
    for story, (at, alike) in zip(old, find_successors(old, after), strict=True):
        row = {name: story[name] for name in KEPT}
        next_one = None if at is None else after[at]
        if next_one and all(next_one[name] == story[name] for name in SAME):
            continue  # unchanged by the re-split
        yield {
            **row,
            "landed_run_id": story["run_id"],
            "landed_at": story["ingested_at"],
            "reason": reason,
            "replaced_by_page_id": next_one["page_id"] if next_one else pages[0],
            "new_story_id": next_one["story_id"] if next_one else None,
            "similarity": alike if next_one else None,
            "diff": diff_stories(story, next_one) if next_one else None,
        }


def _stories_of(root: Root, pages: pl.DataFrame) -> list[dict[str, Any]]:
    """Read the stories of some pages and runs, sorted by page, run and position."""
    if pages.is_empty():
        return []
    of_pages = " and ".join(one_of(name, sorted(set(pages[name]))) for name in KEY)
    rows = select_rows(root, STORIES, KEPT, of_pages)
    frame = pl.DataFrame(rows).join(pages, on=KEY, how="semi")
    return frame.sort("page_id", "run_id", "story_no").to_dicts()

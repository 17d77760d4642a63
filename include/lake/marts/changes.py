"""
What changed between two versions of the lake: the stories that landed, and the splits of pages
that were replaced.

Only current stories count as landed. A page that was split again counts as both.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import has_table, one_of, quote, select_rows
from include.lake.delta.time_travel import read_runs
from include.lake.ledger.current import RESPLIT, SPLIT, current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.schema.column import pick, schema_of
from include.schema.lake import CHROME, STORIES
from include.storage.locations import Root

KEY = ["page_id", "run_id"]
STORY_KEY = ("story_id", *KEY, "ingest_day")
LANDED = (*STORY_KEY, "body_chars")
RUNS_AT_ONCE = 500  # named in one predicate; beyond that, all rows are read
IDS_AT_ONCE = 2_000  # 5,000 page ids in one predicate took 0.3 s to plan


def find_landed(root: Root, since: int, until: int) -> pa.Table:
    """
    Find the current stories that the runs after version `since` up to `until` landed.

    Returns:
        LANDED, sorted by day, page and story.
    """
    if not has_table(root, STORIES):
        return _schema(LANDED).empty_table()
    runs = read_runs(root)[since:until]
    landed_by = one_of("run_id", runs) if 0 < len(runs) <= RUNS_AT_ONCE else "true"
    stories = pl.DataFrame(select_rows(root, STORIES, LANDED, landed_by))
    current = current_rows(read_deliveries(root)).filter(pl.col("run_id").is_in(runs))
    landed = stories.join(current.select(KEY), on=KEY, how="semi")
    rows = landed.sort("ingest_day", "page_id", "story_id").to_arrow()
    return rows.select(LANDED).cast(_schema(LANDED))


def cut_stories(stories: pa.Table, batch_chars: int) -> list[pa.Table]:
    """Cut rows of `find_landed` into batches of about so many body characters; one at least."""
    batch = pl.col("body_chars").cast(pl.Int64).cum_sum() // batch_chars
    parts = pl.DataFrame(stories).select(batch.alias("batch")).with_row_index("at")
    ends = parts.group_by("batch", maintain_order=True).agg(pl.col("at").max() + 1)["at"]
    starts = [0, *ends[:-1]]
    cut = [stories.slice(start, end - start) for start, end in zip(starts, ends, strict=False)]
    return cut or [stories]


def find_replaced(root: Root, since: int, until: int) -> pl.DataFrame:
    """
    Find the splits of pages that the runs after version `since` up to `until` replaced.

    Returns:
        page_id, run_id and ingest_day of each earlier split of a page that they revised or split
        again; sorted by day.
    """
    runs = read_runs(root)[since:until]
    deliveries = read_deliveries(root)
    splits = deliveries.filter(pl.col("outcome").is_in(SPLIT))
    of_runs = deliveries.filter(pl.col("run_id").is_in(runs))
    resplit = of_runs.filter(pl.col("outcome") == RESPLIT).select("page_id")
    revised = of_runs.select(page_id="revises_page_id").drop_nulls()
    changed = splits.join(pl.concat([resplit, revised]), on="page_id", how="semi")
    replaced = changed.join(current_rows(deliveries), on=KEY, how="anti")
    return replaced.select(*KEY, "ingest_day").unique().sort("ingest_day", *KEY)


def read_stories(root: Root, keys: pa.Table, columns: Collection[str]) -> pa.Table:
    """
    Read some columns of some stories; stories that have left the lake since are missing.

    Args:
        keys: rows of `find_landed`.
        columns: of the lake's `stories`, STORY_KEY among them.
    """
    key_rows = pl.DataFrame(keys)
    if key_rows.is_empty():
        return _schema(columns).empty_table()
    stories = pl.DataFrame(select_rows(root, STORIES, list(columns), _of_pages(key_rows)))
    read = stories.join(key_rows.select("story_id", *KEY), on=["story_id", *KEY], how="semi")
    rows = read.sort("ingest_day", "page_id", "story_id").to_arrow()
    return rows.select(list(columns)).cast(_schema(columns))


def read_chrome(root: Root, keys: pa.Table, columns: Collection[str]) -> pa.Table:
    """
    Read some columns of the chrome of the pages of some stories, in page order.

    Args:
        keys: rows of `find_landed`.
        columns: of the lake's `chrome`.
    """
    key_rows = pl.DataFrame(keys)
    if key_rows.is_empty() or not has_table(root, CHROME):
        return schema_of(pick(CHROME, *columns)).empty_table()
    names = list(dict.fromkeys([*columns, *KEY, "start"]))
    chrome = pl.DataFrame(select_rows(root, CHROME, names, _of_pages(key_rows)))
    read = chrome.join(key_rows.select(KEY), on=KEY, how="semi").sort("page_id", "start")
    return read.to_arrow().select(list(columns)).cast(schema_of(pick(CHROME, *columns)))


def _of_pages(keys: pl.DataFrame) -> str:
    """Give a predicate that all rows of these stories' pages meet, and few other rows."""
    days = sorted({day.isoformat() for day in keys["ingest_day"]})
    pages = sorted(keys["page_id"])
    between = f"page_id between {quote(pages[0])} and {quote(pages[-1])}"
    predicate = f"{one_of('ingest_day', days)} and {between}"
    runs = sorted(set(keys["run_id"]))
    if len(runs) <= RUNS_AT_ONCE:
        predicate = f"{predicate} and {one_of('run_id', runs)}"
    return predicate


def _schema(names: Collection[str]) -> pa.Schema:
    return schema_of(pick(STORIES, *names))

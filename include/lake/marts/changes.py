"""
What changed between two versions of the lake: the stories that landed, the pages whose stories
left.

Only what some name still shows counts as landed; a page that was split again counts as both.
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
STORY_KEY = ("story_id", "page_id", "run_id", "ingest_day", "body_chars")
RUNS_AT_ONCE = 500  # named in one predicate; beyond that, all rows are read


def find_landed(root: Root, since: int, until: int) -> pa.Table:
    """
    Find the current stories that the runs after version `since` up to `until` landed.

    Returns:
        STORY_KEY, sorted by day, page and story.
    """
    if not has_table(root, STORIES):
        return _schema(STORY_KEY).empty_table()
    runs = read_runs(root)[since:until]
    landed_by = one_of("run_id", runs) if 0 < len(runs) <= RUNS_AT_ONCE else "true"
    stories = pl.DataFrame(select_rows(root, STORIES, STORY_KEY, landed_by))
    current = current_rows(read_deliveries(root)).filter(pl.col("run_id").is_in(runs))
    landed = stories.join(current.select(KEY), on=KEY, how="semi")
    rows = landed.sort("ingest_day", "page_id", "story_id").to_arrow()
    return rows.select(STORY_KEY).cast(_schema(STORY_KEY))


def cut_stories(stories: pa.Table, batch_chars: int) -> list[pa.Table]:
    """Cut rows of `find_landed` into batches of about so much body; one is empty if all are."""
    batch = pl.col("body_chars").cast(pl.Int64).cum_sum() // batch_chars
    parts = pl.DataFrame(stories).select(batch.alias("batch")).with_row_index("at")
    ends = parts.group_by("batch", maintain_order=True).agg(pl.col("at").max() + 1)["at"]
    starts = [0, *ends[:-1]]
    cut = [stories.slice(start, end - start) for start, end in zip(starts, ends, strict=False)]
    return cut or [stories]


def find_left(root: Root, since: int, until: int) -> pl.DataFrame:
    """
    Find the pages that the runs after version `since` up to `until` revised or split again.

    Returns:
        page_id, run_id and ingest_day of each earlier split of theirs that is not current.
    """
    runs = read_runs(root)[since:until]
    deliveries = read_deliveries(root)
    split = deliveries.filter(pl.col("outcome").is_in(SPLIT))
    own = deliveries.filter(pl.col("run_id").is_in(runs))
    again = own.filter(pl.col("outcome") == RESPLIT).select("page_id")
    revised = own.select(page_id="revises_page_id").drop_nulls()
    changed = split.join(pl.concat([again, revised]), on="page_id", how="semi")
    left = changed.join(current_rows(deliveries), on=KEY, how="anti")
    return left.select(*KEY, "ingest_day").unique().sort("ingest_day", *KEY)


def read_stories(root: Root, keys: pa.Table, columns: Collection[str]) -> pa.Table:
    """
    Read some columns of some stories; those that have left the lake since are missing.

    Args:
        keys: rows of `find_landed`.
        columns: of the lake's `stories`; STORY_KEY's first four must be among them.
    """
    wanted = pl.DataFrame(keys)
    if wanted.is_empty():
        return _schema(columns).empty_table()
    stories = pl.DataFrame(select_rows(root, STORIES, list(columns), _of_pages(wanted)))
    read = stories.join(wanted.select("story_id", *KEY), on=["story_id", *KEY], how="semi")
    rows = read.sort("ingest_day", "page_id", "story_id").to_arrow()
    return rows.select(list(columns)).cast(_schema(columns))


def read_chrome(root: Root, keys: pa.Table, columns: Collection[str]) -> pa.Table:
    """
    Read some columns of the chrome of the pages of some stories, in page order.

    Args:
        keys: rows of `find_landed`.
        columns: of the lake's `chrome`.
    """
    wanted = pl.DataFrame(keys)
    if wanted.is_empty() or not has_table(root, CHROME):
        return schema_of(pick(CHROME, *columns)).empty_table()
    names = list(dict.fromkeys([*columns, *KEY, "start"]))
    chrome = pl.DataFrame(select_rows(root, CHROME, names, _of_pages(wanted)))
    read = chrome.join(wanted.select(KEY), on=KEY, how="semi").sort("page_id", "start")
    return read.to_arrow().select(list(columns)).cast(schema_of(pick(CHROME, *columns)))


def _of_pages(keys: pl.DataFrame) -> str:
    """Give a predicate that the rows of these stories' pages meet, and few others."""
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

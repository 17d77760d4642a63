"""
Read the dated lines of stories without a date, from the bytes of their pages.

The splitter keeps where such a line is, not its words: «a day ago» means a day only together with
the time at which the page was fetched.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import one_of, select_rows
from include.lake.marts.changes import KEY
from include.lake.reading.pages import Reread
from include.lake.reading.recall import read_recalled
from include.schema.column import STAMP
from include.schema.lake import PAGES
from include.storage.locations import Root

ROLE = "dateline"
SCHEMA = pa.schema([("story_id", pa.string()), ("line", pa.string()), ("fetched_at", STAMP)])
PAGES_AT_ONCE = 1_000  # 5,000 page ids in one predicate took 0.3 s to plan


def read_datelines(root: Root, stories: pa.Table, reread: Reread) -> pa.Table:
    """
    Read the dated lines of stories without a date, where it is known when their page was fetched.

    Args:
        stories: story_id, page_id, run_id, ingest_day, published_at, other_spans.
        reread: returns a page's text from its bytes, encoding, media_type and text_from.
    Returns:
        story_id, line, fetched_at; in page order.
    """
    spans = _find_spans(stories)
    lines: list[pl.DataFrame] = []
    for (day,), of_day in spans.group_by("ingest_day", maintain_order=True):
        for keys in of_day.select(KEY).unique(maintain_order=True).iter_slices(PAGES_AT_ONCE):
            fetched = _read_fetched(root, keys, str(day))
            if fetched.is_empty():
                continue
            for rows in read_recalled(root, day, fetched.select(KEY).rows(), reread):
                pages = pl.DataFrame(rows.select(["page_id", "text", "fetched_at"]))
                lines.append(_cut(of_day.join(fetched, on=KEY, how="semi"), pages))
    table = pl.concat(lines).to_arrow() if lines else SCHEMA.empty_table()
    return table.select(SCHEMA.names).cast(SCHEMA)


def _find_spans(stories: pa.Table) -> pl.DataFrame:
    """Give the positions of dated lines: story_id, page_id, run_id, ingest_day, start, end."""
    undated = pl.DataFrame(stories).filter(pl.col("published_at").is_null())
    spans = undated.select("story_id", *KEY, "ingest_day", span="other_spans").explode("span")
    fields = [pl.col("span").struct.field(name) for name in ("start", "end", "role")]
    rows = spans.drop_nulls("span").select(pl.exclude("span"), *fields)
    return rows.filter(pl.col("role") == ROLE).drop("role").sort("ingest_day", "page_id", "start")


def _read_fetched(root: Root, keys: pl.DataFrame, day: str) -> pl.DataFrame:
    """Give those of the pages that say when they were fetched."""
    of_pages = [one_of(name, sorted(set(keys[name]))) for name in KEY]
    predicate = " and ".join([one_of("ingest_day", [day]), *of_pages])
    rows = pl.DataFrame(select_rows(root, PAGES, [*KEY, "fetched_at"], predicate))
    return rows.drop_nulls("fetched_at").join(keys, on=KEY, how="semi").select(KEY).unique()


def _cut(spans: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """Cut the lines out of the texts of their pages."""
    joined = spans.join(pages, on="page_id").sort("page_id", "start")
    line = pl.col("text").str.slice("start", pl.col("end") - pl.col("start"))
    return joined.select("story_id", "fetched_at", line=line)

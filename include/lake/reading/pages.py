"""
Read landed pages with their text, file by file, and the spans of their stories.

Files of the lake never change, so results derived from a file stay valid. A page that was split
twice is in two files; `page` is a hash of its id and its run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from include.lake.delta.connect import open_file
from include.lake.delta.tables import one_of, select_rows
from include.lake.ledger.current import SPLIT, current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.schema.lake import CHROME, QUARANTINE, STORIES, STORY_SPANS, Table
from include.storage.locations import Root

LOT_BYTES = 4 * 2**20  # of raw pages in one lot
PAGES_AT_ONCE = 64  # read from a file; the largest page that is taken has 64 MB
BOOKED_ROLE = "boilerplate"  # of chrome that a book named
KEY = ["page_id", "run_id"]
IDS_AT_ONCE = 1_000  # 5,000 page ids in one predicate took 0.3 s to plan
HOW_READ = ("raw", "encoding", "media_type", "text_from")
Reread = Callable[[bytes, str, str | None, str | None], str]
PAGE = pl.concat_str(KEY).hash().alias("page")  # u64


@dataclass(frozen=True)
class Parts:
    """
    What the splitter found on the pages of a file.

    spans: columns page, start, end, part (headline, story, booked).
    outlets: columns page and outlet: the outlet delivered with the page, else the only one that its
    stories name.
    """

    spans: pa.Table
    outlets: pa.Table


def read_current(root: Root) -> pa.Table:
    """Return the pages that some name still shows: page (u64) and seen_at."""
    rows = current_rows(read_deliveries(root)).select(PAGE, seen_at="ingested_at")
    return rows.sort("page").to_arrow()


def read_pages(
    root: Root, file: str, reread: Reread, wanted: pa.Array | None = None
) -> Iterator[pa.Table]:
    """
    Read the pages of one file of `pages` that were split, in lots of about LOT_BYTES.

    Args:
        reread: returns a page's text from its bytes, encoding, media_type and text_from.
        wanted: the pages (u64) to read; all when None.
    Returns:
        Lots of page (u64) and text.
    """
    lot: list[pl.DataFrame] = []
    for rows in _read_split(root, file, [*HOW_READ]):
        if wanted is not None:
            rows = rows.filter(pl.col("page").is_in(pl.Series(wanted).implode()))
        texts = [reread(*how) for how in rows.select(HOW_READ).iter_rows()]
        lot.append(rows.select("page").with_columns(pl.Series("text", texts, pl.String)))
        if sum(part["text"].str.len_bytes().sum() for part in lot) >= LOT_BYTES:
            yield pl.concat(lot).to_arrow()
            lot = []
    if lot:
        yield pl.concat(lot).to_arrow()


def read_parts(root: Root, file: str) -> Parts:
    """Read what the splitter found on the pages of one file of `pages`."""
    read = [rows.select("page", *KEY, "outlet") for rows in _read_split(root, file, ["outlet"])]
    empty = {"page": pl.UInt64, **dict.fromkeys([*KEY, "outlet"], pl.String)}
    pages = pl.concat(read) if read else pl.DataFrame(schema=empty)
    stories = pl.concat(
        [_read_of(root, kind, pages, [*STORY_SPANS, "outlet"]) for kind in (STORIES, QUARANTINE)]
    )
    booked = _read_of(root, CHROME, pages, ["start", "end", "role"])
    spans = [
        stories.select("page", span=name)
        .explode("span")
        .drop_nulls("span")
        .select("page", *(pl.col("span").struct.field(at) for at in ("start", "end")))
        .with_columns(part=pl.lit("headline" if name == "headline_spans" else "story"))
        for name in STORY_SPANS
    ]
    named = booked.filter(pl.col("role") == BOOKED_ROLE)
    spans.append(named.select("page", "start", "end", part=pl.lit("booked")))
    outlets = stories.select("page", "outlet").drop_nulls().unique()
    single = outlets.filter(pl.len().over("page") == 1)
    delivered = pages.select("page", "outlet").drop_nulls()
    named = pl.concat([delivered, single.join(delivered, on="page", how="anti")])
    return Parts(pl.concat(spans).to_arrow(), named.to_arrow())


def _read_split(root: Root, file: str, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Read the rows of split pages, a few at a time: page, its key, and `columns`."""
    with open_file(root, file) as source:
        rows_of = pq.ParquetFile(source).iter_batches
        for batch in rows_of(PAGES_AT_ONCE, columns=[*KEY, "outcome", *columns]):
            rows = pl.DataFrame(batch).filter(pl.col("outcome").is_in(SPLIT))
            older = [name for name in columns if name not in rows.columns]  # than this column
            rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in older)
            yield rows.select(PAGE, *KEY, *columns)


def _read_of(root: Root, kind: Table, pages: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Read the rows of a table that belong to some pages: page, and `columns`."""
    parts = [pl.DataFrame(kind.schema().empty_table()).select(PAGE, *columns)]
    for some in pages.select(KEY).unique().sort("page_id").iter_slices(IDS_AT_ONCE):
        of_pages = " and ".join(one_of(name, sorted(set(some[name]))) for name in KEY)
        rows = pl.DataFrame(select_rows(root, kind, [*KEY, *columns], of_pages))
        parts.append(rows.join(some, on=KEY, how="semi").select(PAGE, *columns))
    return pl.concat(parts)

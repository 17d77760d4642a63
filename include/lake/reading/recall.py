"""
Recall pages from the lake to be split again: as intake handed them on, from the bytes it kept.

Only standing pages are recalled, each once, in the partition it stands in. Files of `pages` are
read some rows at a time, so that a whole history passes through little memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from include.errors import NotFound, UsageWrong
from include.lake.delta.tables import has_table, open_table
from include.lake.ledger.current import AGE, SPLIT, current_rows, newest_pages
from include.lake.ledger.deliveries import read_deliveries
from include.lake.reading.pages import HOW_READ, Reread
from include.schema.lake import BATCH_PAGES, PAGES, QUARANTINE, STORIES, schema_of
from include.storage.locations import Root

SCHEMA = schema_of(BATCH_PAGES)
KEPT = tuple(name for name in SCHEMA.names if name in PAGES.schema().names)
ROWS_AT_ONCE = 64  # read from a file; the largest page that is taken has 64 MB


@dataclass(frozen=True)
class Choice:
    """
    Which standing pages to recall; None: all, by that measure.

    days: partitions. page_ids: pages. below: those of another splitter than this version. outlets:
    those that were told to be of one of them, or have a story that is, whatever the case.
    """

    days: tuple[date, ...] | None = None
    page_ids: frozenset[str] | None = None
    below: str | None = None
    outlets: frozenset[str] | None = None


def choose_pages(root: Root, choice: Choice) -> pl.DataFrame:
    """Return page_id, run_id and ingest_day of the standing pages of a choice, by day and page."""
    rows = current_rows(read_deliveries(root))
    if choice.days is not None:
        rows = rows.filter(pl.col("ingest_day").is_in(list(choice.days)))
    if choice.page_ids is not None:
        rows = rows.filter(pl.col("page_id").is_in(sorted(choice.page_ids)))
    if choice.below is not None and has_table(root, PAGES):
        split = open_table(root, PAGES).to_pyarrow_table(
            columns=["page_id", "run_id", "splitter_version"]
        )
        older = pl.DataFrame(split).filter(pl.col("splitter_version") != choice.below)
        rows = rows.join(older, on=["page_id", "run_id"], how="semi")
    if choice.outlets is not None:
        rows = rows.join(_pages_of(root, choice.outlets), on=["page_id", "run_id"], how="semi")
    return rows.select("page_id", "run_id", "ingest_day").sort("ingest_day", "page_id")


def _pages_of(root: Root, outlets: Collection[str]) -> pl.DataFrame:
    """Return page_id and run_id of the pages of some outlets: as told, landed or set aside."""
    wanted = [outlet.casefold() for outlet in outlets]
    found = [pl.DataFrame(schema={"page_id": pl.String, "run_id": pl.String})]
    for kind in (PAGES, STORIES, QUARANTINE):
        if not has_table(root, kind):
            continue
        source = open_table(root, kind).to_pyarrow_dataset()
        if "outlet" not in source.schema.names:
            continue  # a ledger of before pages were told of
        columns = ["page_id", "run_id", "outlet"]
        named = pl.DataFrame(source.to_table(columns))
        unique = named["outlet"].drop_nulls().unique()
        names = [name for name in unique if name.casefold() in wanted]
        found.append(named.filter(pl.col("outlet").is_in(names)).drop("outlet"))
    return pl.concat(found).unique()


def read_recalled(
    root: Root, day: date, pages: Collection[tuple[str, str]], reread: Reread
) -> Iterator[pa.Table]:
    """
    Read pages of one day, some at a time, with their text as it was decoded.

    Args:
        pages: page_id and run_id of each; a page that several names showed is read once.
        reread: gives a page's text from its bytes, encoding, media_type and text_from.
    Returns:
        Tables of `columns.BATCH_PAGES`, of outcome taken.
    """
    wanted = ds.field("page_id").isin(sorted({page_id for page_id, _ in pages}))
    wanted &= ds.field("run_id").isin(sorted({run_id for _, run_id in pages}))
    wanted &= (ds.field("ingest_day") == day) & ds.field("raw").is_valid()
    left = set(pages)
    source = open_table(root, PAGES).to_pyarrow_dataset()
    for rows in source.scanner(
        columns=[*(name for name in KEPT if name in source.schema.names), "run_id"],
        filter=wanted,
        batch_size=ROWS_AT_ONCE,
        use_threads=False,
    ).to_batches():
        keys = list(zip(rows["page_id"].to_pylist(), rows["run_id"].to_pylist(), strict=True))
        first = [key in left for key in keys]
        left.difference_update(keys)
        mine = rows.filter(pa.array(first, pa.bool_()))
        if mine.num_rows:
            yield _as_taken(mine, reread)


def _as_taken(rows: pa.RecordBatch, reread: Reread) -> pa.Table:
    """Return rows of the ledger as intake would hand them on."""
    told = pa.Table.from_batches([rows])
    for field in SCHEMA:
        if field.name not in (*told.column_names, "text"):  # the lake is older than this column
            told = told.append_column(field.name, pa.nulls(rows.num_rows, field.type))
    texts = [reread(*how) for how in zip(*(told[n].to_pylist() for n in HOW_READ), strict=True)]
    told = told.set_column(
        rows.schema.get_field_index("outcome"), "outcome", pa.repeat("taken", rows.num_rows)
    )
    told = told.append_column("text", pa.array(texts, pa.string()))
    return told.select(SCHEMA.names).cast(SCHEMA)


def list_splits(root: Root, page_id: str) -> list[tuple[str, date]]:
    """Return run and day of every split of a page, newest first, whether or not it stands."""
    deliveries = read_deliveries(root)
    split = deliveries.filter(pl.col("page_id") == page_id, pl.col("outcome").is_in(SPLIT))
    return split.sort(AGE, descending=True).select("run_id", "ingest_day").rows()


def sizes_of(pages: pa.Table) -> int:
    """Return the bytes that the pages' files have."""
    return int(pc.sum(pages["size_bytes"]).as_py() or 0)


def find_page(root: Root, key: str) -> tuple[str, str, date]:
    """
    Find a standing page by its id, or by a file's name in its inbox or the end of it.

    Returns:
        page_id, the run that split it last, and the day it stands in.
    Raises:
        NotFound: none stands by that name. UsageWrong: several do.
    """
    deliveries = read_deliveries(root)
    named = newest_pages(deliveries).filter(
        (pl.col("page_id") == key)
        | (pl.col("name") == key)
        | pl.col("name").str.ends_with(f"/{key}")
    )
    rows = current_rows(deliveries).join(named, on="page_id", how="semi")
    if rows.is_empty():
        raise NotFound("page", key, "Give its name in the inbox, or its page_id, from `pages`.")
    if rows.height > 1:
        ids = ", ".join(rows["page_id"].str.head(12))
        raise UsageWrong("page", key, f"{rows.height} pages end so; give a page_id: {ids}.")
    found: tuple[str, str, date] = rows.select("page_id", "run_id", "ingest_day").row(0)
    return found

"""
Recall pages from the lake to split them again, in the form intake produces, from the stored bytes.

Only current pages are recalled, and those that were set aside, each once, with its partition. Files
of `pages` are read a few rows at a time, so that recalling a whole history needs little memory.
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
from include.lake.delta.damage import read_guarded, translate_damage
from include.lake.delta.tables import has_table, open_table, table_path
from include.lake.ledger.current import AGE, SPLIT, current_rows, newest_pages
from include.lake.ledger.deliveries import read_deliveries
from include.lake.ledger.set_aside import read_set_aside, read_splitters
from include.lake.reading.pages import HOW_READ, Reread
from include.schema.lake import BATCH_PAGES, PAGES, QUARANTINE, STORIES, schema_of
from include.storage.locations import Root

SCHEMA = schema_of(BATCH_PAGES)
KEPT = tuple(name for name in SCHEMA.names if name in PAGES.schema().names)
ROWS_AT_ONCE = 64  # read from a file; the largest page that is taken has 64 MB


@dataclass(frozen=True)
class Choice:
    """
    Which pages to recall, current or set aside; a field that is None does not restrict.

    days: partitions. page_ids: pages. below: pages that another splitter version than this split,
    or failed to split.
    outlets: pages delivered as one of these outlets, or with a story of one; case is ignored.
    """

    days: tuple[date, ...] | None = None
    page_ids: frozenset[str] | None = None
    below: str | None = None
    outlets: frozenset[str] | None = None


def choose_pages(root: Root, choice: Choice) -> pl.DataFrame:
    """Return page_id, run_id and ingest_day of the chosen pages, by day and page."""
    deliveries = read_deliveries(root)
    rows = pl.concat([current_rows(deliveries), read_set_aside(root, deliveries)])
    if choice.days is not None:
        rows = rows.filter(pl.col("ingest_day").is_in(list(choice.days)))
    if choice.page_ids is not None:
        rows = rows.filter(pl.col("page_id").is_in(sorted(choice.page_ids)))
    if choice.below is not None and has_table(root, PAGES):
        columns = ["page_id", "run_id", "splitter_version"]
        split = pl.DataFrame(open_table(root, PAGES).to_pyarrow_table(columns=columns))
        of_run = read_splitters(root).rename({"splitter_version": "of_run"})
        version = pl.coalesce("splitter_version", "of_run")
        tried = split.join(of_run, on="run_id", how="left")
        older = tried.filter(version != choice.below)
        rows = rows.join(older, on=["page_id", "run_id"], how="semi")
    if choice.outlets is not None:
        rows = rows.join(_pages_of(root, choice.outlets), on=["page_id", "run_id"], how="semi")
    return rows.select("page_id", "run_id", "ingest_day").sort("ingest_day", "page_id")


def _pages_of(root: Root, outlets: Collection[str]) -> pl.DataFrame:
    """Return page_id and run_id of pages delivered as, or with a story of, some outlets."""
    wanted = [outlet.casefold() for outlet in outlets]
    pages = [pl.DataFrame(schema={"page_id": pl.String, "run_id": pl.String})]
    for kind in (PAGES, STORIES, QUARANTINE):
        if not has_table(root, kind):
            continue
        source = open_table(root, kind).to_pyarrow_dataset()
        if "outlet" not in source.schema.names:
            continue  # a ledger from before deliveries named their outlet
        columns = ["page_id", "run_id", "outlet"]
        with translate_damage(table_path(root, kind)):
            named = pl.DataFrame(source.to_table(columns))
        unique = named["outlet"].drop_nulls().unique()
        names = [name for name in unique if name.casefold() in wanted]
        pages.append(named.filter(pl.col("outlet").is_in(names)).drop("outlet"))
    return pl.concat(pages).unique()


def read_recalled(
    root: Root, day: date, pages: Collection[tuple[str, str]], reread: Reread
) -> Iterator[pa.Table]:
    """
    Read pages of one day, a few at a time, with their decoded text.

    Args:
        pages: page_id and run_id of each; a page that several names show is read once.
        reread: returns a page's text from its bytes, encoding, media_type and text_from.
    Returns:
        Tables with the columns of `BATCH_PAGES`, outcome taken.
    """
    wanted = ds.field("page_id").isin(sorted({page_id for page_id, _ in pages}))
    wanted &= ds.field("run_id").isin(sorted({run_id for _, run_id in pages}))
    wanted &= (ds.field("ingest_day") == day) & ds.field("raw").is_valid()
    left = set(pages)
    source = open_table(root, PAGES).to_pyarrow_dataset()
    batches = source.scanner(
        columns=[*(name for name in KEPT if name in source.schema.names), "run_id"],
        filter=wanted,
        batch_size=ROWS_AT_ONCE,
        use_threads=False,
    ).to_batches()
    for rows in read_guarded(table_path(root, PAGES), batches):
        keys = list(zip(rows["page_id"].to_pylist(), rows["run_id"].to_pylist(), strict=True))
        first = [key in left for key in keys]
        left.difference_update(keys)
        mine = rows.filter(pa.array(first, pa.bool_()))
        if mine.num_rows:
            yield _as_taken(mine, reread)


def _as_taken(rows: pa.RecordBatch, reread: Reread) -> pa.Table:
    """Return rows of the ledger in the form intake produces."""
    taken = pa.Table.from_batches([rows]).drop_columns("reason")  # of a page that was set aside
    for field in SCHEMA:
        if field.name not in (*taken.column_names, "text"):  # the lake is older than this column
            taken = taken.append_column(field.name, pa.nulls(rows.num_rows, field.type))
    texts = [reread(*how) for how in zip(*(taken[n].to_pylist() for n in HOW_READ), strict=True)]
    taken = taken.set_column(
        taken.schema.get_field_index("outcome"), "outcome", pa.repeat("taken", rows.num_rows)
    )
    taken = taken.append_column("text", pa.array(texts, pa.string()))
    return taken.select(SCHEMA.names).cast(SCHEMA)


def list_splits(root: Root, page_id: str) -> list[tuple[str, date]]:
    """Return run and day of every split of a page, newest first, current or not."""
    deliveries = read_deliveries(root)
    split = deliveries.filter(pl.col("page_id") == page_id, pl.col("outcome").is_in(SPLIT))
    return split.sort(AGE, descending=True).select("run_id", "ingest_day").rows()


def sizes_of(pages: pa.Table) -> int:
    """Return the total size of the pages' files, in bytes."""
    return int(pc.sum(pages["size_bytes"]).as_py() or 0)


def find_page(root: Root, key: str) -> tuple[str, str, date]:
    """
    Find a current page by its id, or by its file's name in the inbox or the end of that name.

    Returns:
        page_id, the run that last split it, and its ingest_day.
    Raises:
        NotFound: no current page has that name. UsageWrong: several have.
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
        raise UsageWrong(
            "page",
            key,
            f"{rows.height} pages have names that end like this; give a page_id: {ids}.",
        )
    page: tuple[str, str, date] = rows.select("page_id", "run_id", "ingest_day").row(0)
    return page

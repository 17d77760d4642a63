"""
Find the pages that a run replaces because it delivers their URL again under another name.

A page's URL is the one that came with it, normalised by the splitter and stored with each of its
stories; no URL is guessed from text. A page without a story therefore neither replaces another page
nor is replaced. Only pages that were current before the run are replaced, never pages of the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pyarrow as pa

from include.lake.delta.damage import read_guarded
from include.lake.delta.tables import has_table, open_table, table_path
from include.lake.ledger.current import DELIVERY, NAME, REPLACED, current_rows, newest_pages
from include.model import Run
from include.schema.lake import PAGES, QUARANTINE, STORIES
from include.storage.frames import read_frames
from include.storage.locations import Root

STORY_TABLES = (STORIES, QUARANTINE)
SAME_URL = "same_url"  # the reason in a `replaced` row
PAIR = {"new_page_id": pl.String(), "page_id": pl.String(), "url": pl.String()}


def pair_by_url(
    root: Root,
    rows: Mapping[str, Sequence[Path]],
    decided: pl.DataFrame,
    inboxes: Collection[str],
) -> pl.DataFrame:
    """
    Pair the pages that land in a run with the pages of the lake that have the same URL.

    Args:
        rows: the run's frames. decided: rows of `decide_arrivals`. inboxes: those whose pages
            replace earlier ones.
    Returns:
        Columns of PAIR, in the order of `decided`. The lake's pages may be current or not.
    """
    lands = (pl.col("outcome_now") == "landed") & pl.col("inbox").is_in(sorted(inboxes))
    own = decided.filter(lands).select(new_page_id="page_id")
    if own.is_empty():
        return pl.DataFrame(schema=PAIR)
    arrived = _join_frames(rows).rename({"page_id": "new_page_id"})
    arrived = own.join(arrived, on="new_page_id", maintain_order="left")
    stored = _read_stored(root, arrived["url"].unique())
    pairs = arrived.join(stored, on="url", maintain_order="left")
    return pairs.filter(pl.col("page_id") != pl.col("new_page_id")).select(list(PAIR))


def find_replaced(
    pairs: pl.DataFrame, decided: pl.DataFrame, deliveries: pl.DataFrame, run: Run
) -> pl.DataFrame:
    """
    Find the names whose current page a run replaces.

    Args:
        pairs: columns of PAIR. decided: rows of `decide_arrivals`. deliveries: all deliveries of
            the run's names and pages, and of the pages of `pairs`.
    Returns:
        Columns inbox, name, page_id (of the new page), revises_page_id, url; one row per name.
    """
    earlier = deliveries.filter(
        (pl.col("ingested_at") < run.started_at)
        | ((pl.col("ingested_at") == run.started_at) & (pl.col("run_id") < run.run_id))
    )
    current_ids = current_rows(deliveries)["page_id"]
    current = newest_pages(deliveries).join(earlier, on=[*NAME, "page_id", "run_id"], how="semi")
    current = current.filter(pl.col("page_id").is_in(current_ids.implode()))
    # a name of this run has its own delivery, and needs no `replaced` row
    delivered = decided.filter(~pl.col("outcome_now").is_in(["skipped", "rejected"])).select(NAME)
    of_others = current.select(*NAME, "page_id").join(delivered, on=NAME, how="anti")
    replaced = pairs.join(of_others, on="page_id").unique(NAME, keep="first", maintain_order=True)
    return replaced.select(*NAME, page_id="new_page_id", revises_page_id="page_id", url="url")


def make_rows(replaced: pl.DataFrame, run: Run) -> pa.RecordBatch:
    """Return the ledger's `replaced` rows, in the schema of `pages`."""
    fixed = {
        "size_bytes": 0, "modified_at": run.started_at, "outcome": REPLACED, "reason": SAME_URL,
        "replaced_chars": 0, "flags": [], "page_chars": 0, "story_chars": 0, "chrome_chars": 0,
        "stories_landed": 0, "stories_quarantined": 0, "run_id": run.run_id,
        "ingested_at": run.started_at, "ingest_day": run.ingest_day,
    }  # fmt: skip
    listed = [
        {**row, **fixed, "delivery_id": _make_delivery_id(row[name] for name in (*NAME, "page_id"))}
        for row in replaced.to_dicts()
    ]
    return pa.RecordBatch.from_pylist(listed, schema=PAGES.schema())


def as_deliveries(rows: pa.RecordBatch) -> pl.DataFrame:
    """Return rows of `pages` with the columns of `DELIVERY`."""
    return pl.DataFrame(pa.Table.from_batches([rows])).select(list(DELIVERY)).cast(DELIVERY)


def _make_delivery_id(parts: Iterable[str]) -> str:
    text = "".join(f"{len(part)}:{part}" for part in (REPLACED, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _join_frames(rows: Mapping[str, Sequence[Path]]) -> pl.DataFrame:
    """Return page_id and url of the pages on which a run found stories."""
    parts = [
        pl.DataFrame(pa.Table.from_batches([batch]))
        for kind in STORY_TABLES
        for batch in read_frames(rows.get(kind.name, []), kind.schema(), ["page_id", "url"])
    ]
    empty = pl.DataFrame(schema={"page_id": pl.String, "url": pl.String})
    return pl.concat([empty, *parts]).drop_nulls("url").unique()


def _read_stored(root: Root, urls: pl.Series) -> pl.DataFrame:
    """
    Return url and page_id of the lake's stories with these URLs, in one pass over two columns.

    Arrow's filters cannot compare strings in files that a deletion rewrote, so Polars filters.
    """
    parts = [pl.DataFrame(schema={"url": pl.String, "page_id": pl.String})]
    for kind in STORY_TABLES if len(urls) else ():
        if has_table(root, kind):
            source = open_table(root, kind).to_pyarrow_dataset()
            scanner = source.scanner(columns=["url", "page_id"], use_threads=False)
            for batch in read_guarded(table_path(root, kind), scanner.to_batches()):
                rows = pl.DataFrame(pa.Table.from_batches([batch]))
                parts.append(rows.filter(pl.col("url").is_in(urls.implode())))
    return pl.concat(parts).unique().sort("url", "page_id")

"""
Decide the outcome of a run's pages when it lands: the lake may have changed since intake.

Pure: it decides from the run's rows and the ledger under the lock, and applies that to the rows.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.errors import TallyUnbalanced
from include.lake.ledger.current import (
    NAME,
    RESPLIT,
    SPLIT,
    current_rows,
    newest_deliveries,
    newest_pages,
)
from include.model import Run
from include.schema.lake import PAGES

# The columns of `pages` that deciding and counting need; the rest stays on disk.
ARRIVAL = (
    "inbox", "name", "page_id", "outcome", "size_bytes", "story_chars", "chrome_chars",
    "stories_landed", "stories_quarantined", "run_id", "ingested_at", "ingest_day",
)  # fmt: skip
FROM_LEDGER = ("newest_id", "newest_at", "newest_run", "before_id")  # columns that are joined
COUNTS = ("page_chars", "story_chars", "chrome_chars", "stories_landed", "stories_quarantined")


def decide_arrivals(arrivals: pl.DataFrame, deliveries: pl.DataFrame, run: Run) -> pl.DataFrame:
    """
    Decide the fate of each page of a run.

    Args:
        arrivals: columns of `ARRIVAL`, in the order of the files. deliveries: the ledger.
    Returns:
        The same rows and order, with `outcome_now` (landed, no_story, rejected, redelivered,
        unpacked; skipped: already current, overtaken by a newer run, or the page it repeats is
        gone) and `revises_page_id`.
    Raises:
        TallyUnbalanced: two rows of the run split the same page.
    """
    is_split = pl.col("outcome").is_in(SPLIT)
    _check_taken_once(arrivals.filter(is_split)["page_id"])
    joined = _join_ledger(arrivals, deliveries)
    stands = pl.col("page_id").is_in(current_rows(deliveries)["page_id"].implode())
    skipped = _is_known(run).fill_null(False)
    fresh = joined.filter(is_split & ~skipped & ~stands)["page_id"]
    is_fresh = pl.col("page_id").is_in(fresh.implode())
    gone = (pl.col("outcome") == "redelivered") & ~stands & ~is_fresh
    outcome = (
        pl.when(skipped | gone)
        .then(pl.lit("skipped"))
        .when(is_split & stands)
        .then(pl.lit("redelivered"))
        .otherwise("outcome")
    )
    revises = ~pl.col("outcome_now").is_in(["skipped", "rejected"])
    changed = pl.col("before_id") != pl.col("page_id")
    return (
        joined.with_columns(outcome_now=outcome)
        .with_columns(revises_page_id=pl.when(revises & changed).then("before_id"))
        .drop(*FROM_LEDGER)
    )


def decide_recalls(arrivals: pl.DataFrame, deliveries: pl.DataFrame, run: Run) -> pl.DataFrame:
    """
    Decide the fate of each page that a run split again.

    A page that was set aside lands as its delivery would have, and revises the page before it.
    Returns:
        As from `decide_arrivals`; `outcome_now` is resplit for a current page, landed or no_story
        for one that was set aside, and otherwise skipped (the page is neither, a newer run has
        split it, or this run could not), which leaves its stories as they are.
    Raises:
        TallyUnbalanced: two rows of the run split the same page.
    """
    _check_taken_once(arrivals["page_id"])
    stands = current_rows(deliveries).select("page_id", at="ingested_at", by="run_id")
    joined = _join_ledger(arrivals, deliveries)
    joined = joined.join(stands, on="page_id", how="left", maintain_order="left")
    older = (pl.col("at") < run.started_at) | (
        (pl.col("at") == run.started_at) & (pl.col("by") < run.run_id)
    )
    is_split = pl.col("outcome").is_in(SPLIT)
    # set aside: the page is its name's newest delivery, and not current
    waits = pl.col("at").is_null() & (pl.col("newest_id") == pl.col("page_id")).fill_null(False)
    outcome = (
        pl.when(older.fill_null(False) & is_split)
        .then(pl.lit(RESPLIT))
        .when(waits & is_split)
        .then("outcome")
        .otherwise(pl.lit("skipped"))
    )
    changed = (pl.col("before_id") != pl.col("page_id")) & waits & is_split
    revises = pl.when(changed).then("before_id").otherwise(pl.lit(None, pl.String))
    return joined.with_columns(outcome_now=outcome, revises_page_id=revises).drop(
        "at", "by", *FROM_LEDGER
    )


def _check_taken_once(split: pl.Series) -> None:
    if split.n_unique() != len(split):
        page_id = split.filter(split.is_duplicated())[0]
        raise TallyUnbalanced(
            "page taken twice", page_id, "Report this run: intake took the page twice."
        )


def _join_ledger(arrivals: pl.DataFrame, deliveries: pl.DataFrame) -> pl.DataFrame:
    """Add each name's ledger columns: newest_id, newest_at, newest_run, before_id."""
    newest = newest_deliveries(deliveries).select(
        *NAME, newest_id="page_id", newest_at="ingested_at", newest_run="run_id"
    )
    before = newest_pages(deliveries).select(*NAME, before_id="page_id")
    joined = arrivals.join(newest, on=NAME, how="left", maintain_order="left")
    return joined.join(before, on=NAME, how="left", maintain_order="left")


def _is_known(run: Run) -> pl.Expr:
    """Check whether the name's newest delivery is this page, or comes from a later run."""
    later = pl.col("newest_at") > run.started_at
    tied = (pl.col("newest_at") == run.started_at) & (pl.col("newest_run") > run.run_id)
    return (pl.col("newest_id") == pl.col("page_id")) | later | tied


def dropped_pages(decided: pl.DataFrame) -> pl.Series:
    """Return the ids of pages that were split but whose stories do not land."""
    was_split = pl.col("outcome").is_in(SPLIT) & ~pl.col("outcome_now").is_in(SPLIT)
    return decided.filter(was_split)["page_id"]


def settle_pages(batch: pa.RecordBatch, fates: pl.DataFrame) -> pa.RecordBatch:
    """
    Return the ledger rows that land: skipped ones left out, redelivered ones without figures.

    Args:
        batch: rows of `PAGES`. fates: their rows of `decide_arrivals`, in the same order.
    """
    rows = pl.from_arrow(batch)
    assert isinstance(rows, pl.DataFrame)
    repeated = pl.col("outcome") == "redelivered"
    settled = (
        rows.with_columns(fates["outcome_now"].alias("outcome"), fates["revises_page_id"])
        .with_columns(
            *(pl.when(repeated).then(0).otherwise(name).cast(pl.Int32).alias(name)
              for name in COUNTS),
            *(pl.when(~repeated).then(name).alias(name) for name in ("raw", "splitter_version")),
        )
        .filter(pl.col("outcome") != "skipped")
    )  # fmt: skip
    table = settled.to_arrow().cast(PAGES.schema()).combine_chunks()
    empty = pa.RecordBatch.from_pylist([], schema=PAGES.schema())
    return next(iter(table.to_batches()), empty)

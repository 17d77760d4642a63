"""
Decide what is current: each name's newest delivery, and the pages that some name still shows. Pure.

Every frame here has `DELIVERY`'s columns. Deliveries are ordered by their run's start, then by its
id. A rejected delivery is recorded but supersedes nothing: the last good page stays current. Two
kinds of rows are not deliveries. `resplit` records that a current page was split again from the
lake's bytes. `replaced` records that a page with the same URL was delivered under another name: the
name of the row shows no page from then on, until something new is delivered under it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

DELIVERY = pl.Schema(
    {
        "inbox": pl.String(),
        "name": pl.String(),
        "page_id": pl.String(),
        "outcome": pl.String(),
        "revises_page_id": pl.String(),
        "run_id": pl.String(),
        "ingested_at": pl.Datetime("us", "UTC"),
        "ingest_day": pl.Date(),
    }
)
NAME = ["inbox", "name"]
AGE = ["ingested_at", "run_id"]
RESPLIT, REPLACED = "resplit", "replaced"
SPLIT = ("landed", "no_story", RESPLIT)


def newest_deliveries(deliveries: pl.DataFrame) -> pl.DataFrame:
    """Return the newest delivery of each name, including rejected ones."""
    return _newest(deliveries.filter(~pl.col("outcome").is_in([RESPLIT, REPLACED])))


def newest_pages(deliveries: pl.DataFrame) -> pl.DataFrame:
    """Return the newest delivery of each name that was not rejected, unless it was replaced."""
    newest = _newest(deliveries.filter(~pl.col("outcome").is_in([RESPLIT, "rejected"])))
    return newest.filter(pl.col("outcome") != REPLACED)


def _newest(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each name."""
    return rows.sort(AGE).unique(NAME, keep="last", maintain_order=True)


def current_rows(deliveries: pl.DataFrame) -> pl.DataFrame:
    """Return, for each page that some name still shows, the delivery that last split it."""
    shown = newest_pages(deliveries).select("page_id")
    split = deliveries.filter(pl.col("outcome").is_in(SPLIT)).join(shown, on="page_id", how="semi")
    return split.sort(AGE).unique("page_id", keep="last", maintain_order=True)


def superseded_rows(deliveries: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """
    Return the rows of other runs whose stories a run superseded.

    These are rows of pages that it revised and no name shows any more, and of pages that it split
    again, including those that a run which began later but landed first has also split again.
    """
    split = _revised_by(deliveries, run_id).drop("begun_at")
    return split.join(current_rows(deliveries), on=["page_id", "run_id"], how="anti")


def touched_days(deliveries: pl.DataFrame, run_id: str) -> tuple[date, ...]:
    """Return the days whose rows a run changed: its own, and those of pages it replaced."""
    own = deliveries.filter(pl.col("run_id") == run_id)
    before = _revised_by(deliveries, run_id).filter(pl.col("ingested_at") <= pl.col("begun_at"))
    days = {*own["ingest_day"], *before["ingest_day"]}
    return tuple(sorted(days))


def _revised_by(deliveries: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Return other runs' split rows of the pages a run revised or split again, with `begun_at`."""
    own = deliveries.filter(pl.col("run_id") == run_id)
    again = own.filter(pl.col("outcome") == RESPLIT).select("page_id")
    revised = own.select(pl.col("revises_page_id").alias("page_id")).drop_nulls()
    revised = pl.concat([revised, again])
    split = deliveries.filter(pl.col("outcome").is_in(SPLIT), pl.col("run_id") != run_id)
    begun = own.select(begun_at=pl.col("ingested_at").min())
    return split.join(revised, on="page_id", how="semi").join(begun, how="cross")

"""
Find the pages that were set aside: their text could be read, but not split or judged.

Such a page is a rejected delivery whose bytes are kept. It waits for a re-split that succeeds. The
ledger has its name and content, so no later ingest takes it again.
"""

from __future__ import annotations

import polars as pl

from include.lake.delta.damage import translate_damage
from include.lake.delta.tables import has_table, open_table, table_path
from include.lake.ledger.current import DELIVERY, NAME, current_rows, newest_deliveries
from include.schema.lake import PAGES, RUNS
from include.storage.locations import Root

# Prefixes of the reason of such a delivery; the rest of the reason names the error.
SPLIT_FAILED, JUDGE_FAILED, UNBALANCED = "split_failed", "judge_failed", "spans_unbalanced"
REASON = f"^({SPLIT_FAILED}|{JUDGE_FAILED}|{UNBALANCED})"
KEY = [*NAME, "page_id", "run_id"]


def read_set_aside(root: Root, deliveries: pl.DataFrame) -> pl.DataFrame:
    """
    Return the set-aside pages that wait: the newest delivery of their name, and not current.

    Args:
        deliveries: the whole ledger, columns of `DELIVERY`.
    Returns:
        Columns of `DELIVERY`, one row per page_id.
    """
    waiting = newest_deliveries(deliveries).filter(pl.col("outcome") == "rejected")
    waiting = waiting.join(current_rows(deliveries), on="page_id", how="anti")
    if waiting.is_empty() or not has_table(root, PAGES):
        return pl.DataFrame(schema=DELIVERY)
    with translate_damage(table_path(root, PAGES)):
        reasons = pl.DataFrame(open_table(root, PAGES).to_pyarrow_table(columns=[*KEY, "reason"]))
    set_aside = reasons.filter(pl.col("reason").str.contains(REASON))
    waiting = waiting.join(set_aside, on=KEY, how="semi").sort("ingested_at", "run_id")
    return waiting.unique("page_id", keep="last", maintain_order=True)


def read_splitters(root: Root) -> pl.DataFrame:
    """Return run_id and splitter_version of each run, since a set-aside page has no version."""
    if not has_table(root, RUNS):
        return pl.DataFrame(schema={"run_id": pl.String, "splitter_version": pl.String})
    columns = ["run_id", "splitter_version"]
    return pl.DataFrame(open_table(root, RUNS).to_pyarrow_table(columns=columns))

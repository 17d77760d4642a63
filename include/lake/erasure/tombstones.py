"""
Tombstones: which pages were erased, why, by whom and when. Intake and landing refuse these pages.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import append_rows, create_tables, has_table, open_table
from include.schema.lake import ERASURES
from include.storage.locations import Root

BEGUN, ERASED = "begun", "erased"


def read_tombstones(root: Root) -> pl.DataFrame:
    """Read all tombstones, oldest first; columns of `ERASURES`."""
    if not has_table(root, ERASURES):
        return pl.DataFrame(ERASURES.schema().empty_table())
    rows = pl.DataFrame(open_table(root, ERASURES).to_pyarrow_table())
    return rows.sort("at", pl.col("step") == ERASED)


def erased_ids(root: Root) -> frozenset[str]:
    """Return the pages that were erased, or whose erasure has begun."""
    return frozenset(read_tombstones(root)["page_id"])


def add_tombstones(
    root: Root,
    step: str,
    pages: dict[str, tuple[int, int]],
    reason: str,
    erased_by: str,
    now: datetime,
) -> None:
    """Add a tombstone per page, with its deliveries and stories; the caller holds the lock."""
    create_tables(root, (ERASURES,))
    rows = [
        {
            "page_id": page_id, "step": step, "reason": reason, "erased_by": erased_by,
            "at": now, "deliveries": deliveries, "stories": stories,
        }
        for page_id, (deliveries, stories) in pages.items()
    ]  # fmt: skip
    table = pa.Table.from_pylist(rows, ERASURES.schema())
    append_rows(root, ERASURES, table.to_batches(), {"copydesk_erasure": step})

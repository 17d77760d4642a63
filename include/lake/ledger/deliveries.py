"""
The ledger: every delivery recorded in the table `pages`. Reads few columns and no raw bytes.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from include.lake.delta.tables import has_table, open_table
from include.lake.ledger.current import AGE, DELIVERY, REPLACED
from include.schema.lake import PAGES
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

LISTED = ("name", "size_bytes", "modified_at", *AGE)


def read_deliveries(root: Root) -> pl.DataFrame:
    """Read every delivery: `DELIVERY`'s columns, unordered; empty if there is no lake yet."""
    if not has_table(root, PAGES):
        return pl.DataFrame(schema=DELIVERY)
    with translate_disk_errors("ledger", root):
        frame = pl.from_arrow(open_table(root, PAGES).to_pyarrow_table(columns=list(DELIVERY)))
    assert isinstance(frame, pl.DataFrame)
    return frame.cast(DELIVERY)


def read_seen(root: Root, inbox: str) -> frozenset[tuple[str, int, datetime]]:
    """Return name, size (bytes) and mtime (UTC) of each name's newest delivery in an inbox."""
    if not has_table(root, PAGES):
        return frozenset()
    rows = open_table(root, PAGES).to_pyarrow_table(
        columns=[*LISTED, "outcome"], filters=[("inbox", "=", inbox)]
    )
    delivered = pl.DataFrame(rows).filter(pl.col("outcome") != REPLACED)
    newest = delivered.sort(AGE).unique("name", keep="last")
    return frozenset(newest.select("name", "size_bytes", "modified_at").iter_rows())

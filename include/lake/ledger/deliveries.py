"""
The ledger: what the table `pages` says of every delivery. Reads few columns, and no raw bytes.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from include.lake.delta.tables import has_table, open_table
from include.lake.ledger.current import AGE, DELIVERY
from include.schema.lake import PAGES
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

SEEN = ("name", "size_bytes", "modified_at", *AGE)


def read_deliveries(root: Root) -> pl.DataFrame:
    """Read every delivery: `standing.DELIVERY`'s columns, in no order; no row for no lake."""
    if not has_table(root, PAGES):
        return pl.DataFrame(schema=DELIVERY)
    with translate_disk_errors("ledger", root):
        frame = pl.from_arrow(open_table(root, PAGES).to_pyarrow_table(columns=list(DELIVERY)))
    assert isinstance(frame, pl.DataFrame)
    return frame.cast(DELIVERY)


def read_seen(root: Root, inbox: str) -> frozenset[tuple[str, int, datetime]]:
    """Give name, size (bytes) and time (UTC) of the newest delivery of each name of an inbox."""
    if not has_table(root, PAGES):
        return frozenset()
    rows = open_table(root, PAGES).to_pyarrow_table(
        columns=list(SEEN), filters=[("inbox", "=", inbox)]
    )
    newest = pl.DataFrame(rows).sort(AGE).unique("name", keep="last")
    return frozenset(newest.select("name", "size_bytes", "modified_at").iter_rows())

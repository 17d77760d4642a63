"""
The ledger: what the table `pages` says of every delivery. Reads few columns, and no raw bytes.
"""

from __future__ import annotations

import polars as pl

from include.columns import PAGES
from include.lake.standing import DELIVERY, newest_deliveries, standing_rows
from include.lake.tables import has_table, open_table
from include.model import Ledger
from include.place import Root
from include.storage import told_plainly


def read_ledger(root: Root) -> Ledger:
    """Read what stands in the lake; an absent lake gives an empty ledger."""
    deliveries = read_deliveries(root)
    newest = newest_deliveries(deliveries).select("inbox", "name", "page_id").rows()
    return Ledger(
        deliveries=frozenset(newest),
        page_ids=frozenset(standing_rows(deliveries)["page_id"]),
        newest={(inbox, name): page_id for inbox, name, page_id in newest},
    )


def read_deliveries(root: Root) -> pl.DataFrame:
    """Read every delivery: `standing.DELIVERY`'s columns, in no order; no row for no lake."""
    if not has_table(root, PAGES):
        return pl.DataFrame(schema=DELIVERY)
    with told_plainly("ledger", root):
        frame = pl.from_arrow(open_table(root, PAGES).to_pyarrow_table(columns=list(DELIVERY)))
    assert isinstance(frame, pl.DataFrame)
    return frame.cast(DELIVERY)

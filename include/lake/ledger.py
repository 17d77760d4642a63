"""
The ledger: what the table `pages` says of every delivery. Reads few columns, and no raw bytes.
"""

from __future__ import annotations

import polars as pl

from include.columns import PAGES
from include.lake.standing import DELIVERY
from include.lake.tables import has_table, open_table
from include.place import Root
from include.storage import told_plainly


def read_deliveries(root: Root) -> pl.DataFrame:
    """Read every delivery: `standing.DELIVERY`'s columns, in no order; no row for no lake."""
    if not has_table(root, PAGES):
        return pl.DataFrame(schema=DELIVERY)
    with told_plainly("ledger", root):
        frame = pl.from_arrow(open_table(root, PAGES).to_pyarrow_table(columns=list(DELIVERY)))
    assert isinstance(frame, pl.DataFrame)
    return frame.cast(DELIVERY)

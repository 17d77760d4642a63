"""
The lake table `tendings`: a log of maintenance, for people and for the next maintenance run.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from include.lake.delta.tables import append_rows, open_table
from include.schema.lake import TENDINGS
from include.storage.locations import Root


def read_tendings(root: Root) -> pl.DataFrame:
    """Read every row, unordered."""
    rows = open_table(root, TENDINGS).to_pyarrow_table().cast(TENDINGS.schema())
    frame = pl.from_arrow(rows)
    assert isinstance(frame, pl.DataFrame)
    return frame


def note_tending(root: Root, **row: object) -> None:
    """Append a row; the caller holds the lake's lock."""
    rows = pa.Table.from_pylist([row], schema=TENDINGS.schema())
    append_rows(root, TENDINGS, rows.to_batches(), {"copydesk_tended": str(row["table_name"])})

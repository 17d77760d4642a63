"""
What a file looked like when it was last delivered, so that a store need not send it again.

Only for stores that set an object's time themselves, at every writing: there, an object that lay
still before it was taken and has the same size and time now has the same bytes.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from include.columns import PAGES
from include.lake.standing import AGE
from include.lake.tables import has_table, open_table
from include.place import Root

SEEN = ("name", "size_bytes", "modified_at", *AGE)


def read_seen(root: Root, inbox: str) -> frozenset[tuple[str, int, datetime]]:
    """Give name, size (bytes) and time (UTC) of the newest delivery of each name of an inbox."""
    if not has_table(root, PAGES):
        return frozenset()
    rows = open_table(root, PAGES).to_pyarrow_table(
        columns=list(SEEN), filters=[("inbox", "=", inbox)]
    )
    newest = pl.DataFrame(rows).sort(AGE).unique("name", keep="last")
    return frozenset(newest.select("name", "size_bytes", "modified_at").iter_rows())

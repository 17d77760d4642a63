"""
The table of erasures: what is left of a page that was erased.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import PAGE_ID, STAMP, Column, Table

ERASURES = Table(
    "erasures",
    "one step of the erasure of one page; the page itself is nowhere any more",
    (
        PAGE_ID,
        Column("step", pa.string(), "begun, or erased: all of it is gone"),
        Column("reason", pa.string(), "why, in the words of the person"),
        Column("erased_by", pa.string(), "who erased it"),
        Column("at", STAMP, "when (UTC)"),
        Column("deliveries", pa.int64(), "rows of `pages` that it had"),
        Column("stories", pa.int64(), "stories that it had, landed, quarantined or revised"),
    ),
    partition=None,
)

"""
The tables of tending: what the night did to the lake's files, and how they lie now.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import STAMP, Column, Table

KEPT = (
    Column("kept_files", pa.int64(), "files that left a table, kept for who may read them", True),
    Column("kept_bytes", pa.int64(), "their size (bytes)", True),
    Column("orphan_files", pa.int64(), "files no version has, too young to remove", True),
    Column("orphan_bytes", pa.int64(), "their size (bytes)", True),
    Column("oldest_version", pa.int64(), "oldest version whose files are all kept", True),
)

TENDINGS = Table(
    "tendings",
    "one day of a lake table compacted, or the files of one lake table counted and swept",
    (
        Column("table_name", pa.string(), "the lake table"),
        Column("work", pa.string(), "compacted or swept"),
        Column("day", pa.date32(), "compacted: the day; null where a table has no days", True),
        Column("files_before", pa.int64(), "files that were compacted, or lay in the folder"),
        Column("files_after", pa.int64(), "files that replaced them, or were left"),
        Column("bytes_before", pa.int64(), "size of the files before (bytes)"),
        Column("bytes_after", pa.int64(), "size of the files after (bytes)"),
        *KEPT,
        Column("tended_at", STAMP, "when (UTC)"),
    ),
    partition=None,
)

STORAGE = Table(
    "meta.storage",
    "one lake table: its files in this version, and what the last tending found of the others",
    (
        Column("table_name", pa.string(), "the lake table"),
        Column("version", pa.int64(), "its version in this file"),
        Column("live_files", pa.int64(), "files that hold its rows"),
        Column("small_files", pa.int64(), "of them those under 8 MiB"),
        Column("live_bytes", pa.int64(), "size of the files that hold its rows (bytes)"),
        Column("compacted_at", STAMP, "when a day of it was compacted last (UTC)", True),
        *KEPT,
        Column(
            "swept_at", STAMP, "when the last five changed last (UTC); null: not tended yet", True
        ),
    ),
    partition=None,
)

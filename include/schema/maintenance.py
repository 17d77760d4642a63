"""
The tables of maintenance: what it did to the lake's files, and which files there are now.
"""

from __future__ import annotations

import pyarrow as pa

from include.schema.column import STAMP, Column, Table

KEPT = (
    Column("kept_files", pa.int64(), "removed from the table, kept for older versions", True),
    Column("kept_bytes", pa.int64(), "size of these files (bytes)", True),
    Column("orphan_files", pa.int64(), "files that no version has, too new to be deleted", True),
    Column("orphan_bytes", pa.int64(), "size of these files (bytes)", True),
    Column("oldest_version", pa.int64(), "oldest version of which all files are kept", True),
)

TENDINGS = Table(
    "tendings",
    "one compaction of a day of a lake table, or one vacuum of a lake table",
    (
        Column("table_name", pa.string(), "the lake table"),
        Column("work", pa.string(), "compacted, or swept (vacuumed)"),
        Column(
            "day", pa.date32(), "the day that was compacted; null if the table has no days", True
        ),
        Column("files_before", pa.int64(), "files that were compacted, or were in the folder"),
        Column("files_after", pa.int64(), "files that replaced them, or were left in the folder"),
        Column("bytes_before", pa.int64(), "size of the files before (bytes)"),
        Column("bytes_after", pa.int64(), "size of the files after (bytes)"),
        *KEPT,
        Column("tended_at", STAMP, "when (UTC)"),
    ),
    partition=None,
)

STORAGE = Table(
    "meta.storage",
    "one lake table: its files in this version, and others as of the last maintenance",
    (
        Column("table_name", pa.string(), "the lake table"),
        Column("version", pa.int64(), "version of the table that this warehouse shows"),
        Column("live_files", pa.int64(), "files of this version"),
        Column("small_files", pa.int64(), "of these, files smaller than 8 MiB"),
        Column("live_bytes", pa.int64(), "size of the files of this version (bytes)"),
        Column("compacted_at", STAMP, "when one of its days was last compacted (UTC)", True),
        *KEPT,
        Column("swept_at", STAMP, "last vacuum (UTC), which counted the files kept", True),
    ),
    partition=None,
)

"""
Batches of pages, filled row by row. One batch is in memory at a time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from include.intake.inbox.read import Late
from include.model import FileTally
from include.schema.lake import BATCH_PAGES, schema_of

SCHEMA = schema_of(BATCH_PAGES)
OUTCOMES = ("taken", "rejected", "redelivered", "unpacked")
FRAME_BYTES = 15 * 2**18  # of files in a frame: below the 4 MiB that are split at once


@dataclass(frozen=True)
class Batch:
    """
    Some pages, and what became of the files that were met on the way.

    pages: one row a file or member taken, rejected, redelivered or unpacked; columns of
    `columns.BATCH_PAGES`; a chunk holds FRAME_BYTES of them or one larger page.
    tally: `seen` counts members of archives alone, for the listing counted all files.
    late: the files that must wait, with the reason; their number is `tally.waiting`.
    """

    pages: pa.Table
    tally: FileTally
    late: tuple[Late, ...] = ()


@dataclass
class BatchBuilder:
    """What a batch is made of while it fills."""

    rows: list[dict[str, object]] = field(default_factory=list)
    frames: list[pa.RecordBatch] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    members: int = 0
    skipped: int = 0
    ignored: int = 0
    weight: int = 0  # bytes
    row_bytes: int = 0  # of `rows` alone

    def put(self, row: dict[str, object], size: int) -> None:
        """Put a row in that weighs `size` bytes."""
        if self.rows and self.row_bytes + size > FRAME_BYTES:
            self._close_frame()
        self.rows.append(row)
        self.outcomes[str(row["outcome"])] += 1
        self.row_bytes += size
        self.weight += size

    def close(self) -> Batch:
        """Give the batch."""
        self._close_frame()
        tally = FileTally(
            seen=self.members,
            **{name: self.outcomes[name] for name in OUTCOMES},
            skipped=self.skipped,
            waiting=len(self.late),
            ignored=self.ignored,
        )
        pages = pa.Table.from_batches(self.frames, schema=SCHEMA)
        return Batch(pages, tally, tuple(self.late))

    def _close_frame(self) -> None:
        """Make a frame of the rows and forget them: their bytes would stand twice in memory."""
        if self.rows:
            self.frames.append(pa.RecordBatch.from_pylist(self.rows, schema=SCHEMA))
        self.rows.clear()
        self.row_bytes = 0

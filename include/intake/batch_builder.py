"""
Batches of pages, filled row by row; one batch is in memory at a time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from include.intake.inbox.read import Late
from include.model import FileTally
from include.schema.column import schema_of
from include.schema.split import BATCH_PAGES

SCHEMA = schema_of(BATCH_PAGES)
OUTCOMES = ("taken", "rejected", "redelivered", "unpacked")
FRAME_BYTES = 15 * 2**18  # of files in a frame: below the 4 MiB that `split` works on at once


@dataclass(frozen=True)
class Batch:
    """
    A batch of pages, and the outcomes of the files read for it.

    pages: one row per file or member taken, rejected, redelivered or unpacked, with the columns
    `schema.split.BATCH_PAGES`; a chunk holds FRAME_BYTES of them or one larger page.
    tally: `seen` counts archive members only, since the listing counts the files.
    late: files that must wait, with the reason; their number is `tally.waiting`.
    """

    pages: pa.Table
    tally: FileTally
    late: tuple[Late, ...] = ()


@dataclass
class BatchBuilder:
    """The rows and counts of a batch while it fills."""

    rows: list[dict[str, object]] = field(default_factory=list)
    frames: list[pa.RecordBatch] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    members: int = 0
    skipped: int = 0
    ignored: int = 0
    size_bytes: int = 0  # of all rows and frames
    row_bytes: int = 0  # of `rows`

    def add(self, row: dict[str, object], size: int) -> None:
        """Add a row of `size` bytes."""
        if self.rows and self.row_bytes + size > FRAME_BYTES:
            self._close_frame()
        self.rows.append(row)
        self.outcomes[str(row["outcome"])] += 1
        self.row_bytes += size
        self.size_bytes += size

    def close(self) -> Batch:
        """Return the finished batch."""
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
        """Turn the rows into an Arrow frame and drop them, so that their bytes are held once."""
        if self.rows:
            self.frames.append(pa.RecordBatch.from_pylist(self.rows, schema=SCHEMA))
        self.rows.clear()
        self.row_bytes = 0


def raise_target(target: int, closed: int, most: int) -> int:
    """
    Return the target batch size (bytes), doubled whenever half of the remaining batches are used.

    What archives unpack to is not known in advance; the last batch takes all that is left.
    """
    left = most - closed
    return target << (most // left).bit_length() - 1 if left > 1 else 2**62

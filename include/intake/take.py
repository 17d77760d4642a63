"""
Take what is new in a listed inbox, as batches of decoded pages.

The ledger decides what is new, by content: no clock, no file name alone. One batch is in memory at
a time, in frames small enough that the steps after it need never hold a whole one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from include.columns import BATCH_PAGES, schema_of
from include.intake.decode import decode_page
from include.intake.listing import Listing, ReadyFile
from include.intake.read import Late, Reading, read_file
from include.model import FileTally, KnownFiles

SCHEMA = schema_of(BATCH_PAGES)
ROW_BYTES = 512  # what a row without bytes weighs in a batch: ids, names, times
TOO_LARGE = "too_large"
FRAME_BYTES = 15 * 2**18  # of files in a frame: below the 4 MiB that are split at once


@dataclass(frozen=True)
class Limits:
    """
    How much is taken at a time.

    max_page_bytes: a larger file is rejected. batch_bytes: a batch is closed when it holds as much.
    max_batches: how many batches a run gives at most; they grow instead, and memory with them.
    """

    max_page_bytes: int
    batch_bytes: int
    max_batches: int


@dataclass(frozen=True)
class Batch:
    """
    Some pages, and what became of the files that were met on the way.

    pages: one row a file taken, rejected or redelivered; columns of `columns.BATCH_PAGES`; a chunk
    holds FRAME_BYTES of files or one larger file.
    tally: `seen` is 0, for the listing counted all files.
    late: the files that must wait, with the reason; their number is `tally.waiting`.
    """

    pages: pa.Table
    tally: FileTally
    late: tuple[Late, ...] = ()


@dataclass
class _Basket:
    """What a batch is made of while it fills."""

    rows: list[dict[str, object]] = field(default_factory=list)
    frames: list[pa.RecordBatch] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: int = 0
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
            taken=self.outcomes["taken"],
            rejected=self.outcomes["rejected"],
            redelivered=self.outcomes["redelivered"],
            skipped=self.skipped,
            waiting=len(self.late),
        )
        pages = pa.Table.from_batches(self.frames, schema=SCHEMA)
        return Batch(pages, tally, tuple(self.late))

    def _close_frame(self) -> None:
        """Make a frame of the rows and forget them: their bytes would stand twice in memory."""
        if self.rows:
            self.frames.append(pa.RecordBatch.from_pylist(self.rows, schema=SCHEMA))
        self.rows.clear()
        self.row_bytes = 0


def read_batches(listing: Listing, ledger: KnownFiles, limits: Limits) -> Iterator[Batch]:
    """
    Read a listing's files and give what is new, in the listing's order.

    A batch is closed by the page that fills it, so it weighs less than the target and one page; the
    last one may hold no page, only a tally. `listing.tally` and all batches' tallies balance.
    """
    inbox = str(listing.inbox)
    basket = _Basket()
    files = _set_known_aside(listing, ledger, limits, basket)
    target = max(limits.batch_bytes, -(-sum(map(_weigh, files)) // limits.max_batches))
    taken: set[str] = set()
    for file in files:
        reading = read_file(file, limits.max_page_bytes)
        if isinstance(reading, Late):
            basket.late.append(reading)
        elif ledger.knows_delivery(inbox, file.name, reading.page_id):
            basket.skipped += 1
        else:
            is_known = reading.page_id in taken or ledger.knows_page(reading.page_id)
            row = _redeliver(reading) if is_known else _take(reading)
            if row["outcome"] == "taken":
                taken.add(reading.page_id)
            size = ROW_BYTES + (file.size if row["raw"] is not None else 0)
            basket.put({**row, **_facts_of(file, inbox)}, size)
        if basket.weight >= target:
            yield basket.close()
            basket = _Basket()
    yield basket.close()


def _set_known_aside(
    listing: Listing, ledger: KnownFiles, limits: Limits, basket: _Basket
) -> list[ReadyFile]:
    """
    Give the files that are new; count the others in the basket.

    Most files of an inbox that is never emptied are known. They are hashed first and not kept, so
    that the batches' size follows from what is new. Only a file that changed is read twice.
    """
    inbox = str(listing.inbox)
    files: list[ReadyFile] = []
    for file in listing.files:
        if not ledger.knows_name(inbox, file.name):
            files.append(file)
            continue
        reading = read_file(file, limits.max_page_bytes)
        if isinstance(reading, Late):
            basket.late.append(reading)
        elif ledger.knows_delivery(inbox, file.name, reading.page_id):
            basket.skipped += 1
        else:
            files.append(file)
    return files


def _weigh(file: ReadyFile) -> int:
    return ROW_BYTES + file.size


def _take(reading: Reading) -> dict[str, object]:
    """Decode a page that is new; give the columns that follow from its bytes."""
    if reading.raw is None:
        return _row(reading.page_id, "rejected", TOO_LARGE)
    page = decode_page(reading.raw)
    return {
        "page_id": reading.page_id,
        "outcome": "rejected" if page.reason else "taken",
        "reason": page.reason,
        "encoding": page.encoding,
        "replaced_chars": page.replaced_chars,
        "flags": list(page.flags),
        "text": page.text,
        "raw": reading.raw,
    }


def _redeliver(reading: Reading) -> dict[str, object]:
    return _row(reading.page_id, "redelivered", None)


def _row(page_id: str, outcome: str, reason: str | None) -> dict[str, object]:
    """Give the columns of a page that is not decoded."""
    return {
        "page_id": page_id,
        "outcome": outcome,
        "reason": reason,
        "encoding": None,
        "replaced_chars": 0,
        "flags": [],
        "text": None,
        "raw": None,
    }


def _facts_of(file: ReadyFile, inbox: str) -> dict[str, object]:
    return {
        "name": file.name,
        "inbox": inbox,
        "size_bytes": file.size,
        "modified_at": file.modified_at,
    }

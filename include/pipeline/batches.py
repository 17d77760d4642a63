"""
Write what intake and recall leave for `split`: the batches, and the knowledge that a run's batches
are split with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from include.model import Run
from include.pipeline.receipt_types import BatchReceipt
from include.pipeline.receipts import write_receipt
from include.storage.frames import as_batch, open_frame, write_frame
from include.storage.locations import Root

BOOK, OVERRIDES, WAIVERS = "book.arrow", "overrides.arrow", "waivers.arrow"


def pin_knowledge(lake: Root, folder: Path) -> int:
    """
    Write the chrome book, overrides and waivers beside a run's batches; give the book's version.

    All batches of the run are split and judged with these, also when a step runs again.
    """
    from include.lake.decisions.chrome_book import pin_book
    from include.lake.decisions.decisions import read_overrides, read_waivers

    write_frame(folder / OVERRIDES, read_overrides(lake))
    write_frame(folder / WAIVERS, read_waivers(lake))
    return pin_book(lake, folder)


def write_batch(
    folder: Path, number: int, pages: Iterable[pa.Table], run: Run, pages_counted: int
) -> Path:
    """Write a batch's pages, one frame at a time, and its receipt; give the receipt's path."""
    stem = folder / f"batch-{number:04d}"
    path = stem.with_suffix(".pages.arrow")
    frames = iter(pages)
    first = next(frames)
    with open_frame(path, first.schema) as write:
        write(as_batch(first))
        for frame in frames:
            write(as_batch(frame))
    receipt = BatchReceipt(
        run_id=run.run_id,
        started_at=run.started_at,
        ingest_day=run.day,
        batch_id=stem.name,
        label=f"{stem.name}: {pages_counted} pages",
        pages=path,
    )
    return write_receipt(stem.with_suffix(".json"), receipt)

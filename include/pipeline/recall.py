"""
The step `recall`: read landed pages from the lake and write batches of them, as intake would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa

from include.config.settings import Settings
from include.intake.decoding.page import reread_text
from include.lake.reading.recall import Choice, choose_pages, read_recalled, sizes_of
from include.model import FileTally, Run
from include.pipeline.batches import pin_knowledge, write_batch
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import run_key, write_receipt

FRAME_BYTES = 15 * 2**18  # as intake's frames: below the 4 MiB that are split at once


def recall_pages(settings: Settings, run: Run, choice: Choice, kind: str) -> Path:
    """
    Write batches of the chosen current pages, each of one day; give the run's receipt.

    Args:
        kind: of the run, as in the table `runs`: review or resplit.
    """
    folder = settings.receipts / run_key(run.run_id)
    chosen = choose_pages(settings.lake, choice)
    batches: list[Path] = []
    for (day,), rows in chosen.group_by("ingest_day", maintain_order=True):
        assert isinstance(day, date)
        pages = rows.select("page_id", "run_id").rows()
        frames = _frames(read_recalled(settings.lake, day, pages, reread_text))
        for batch in _batches(frames, settings.batch_bytes):
            counted = sum(frame.num_rows for frame in batch)
            of_day = replace(run, day=day)
            batches.append(write_batch(folder, len(batches), batch, of_day, counted))
    receipt = IntakeReceipt(
        run_id=run.run_id,
        started_at=run.started_at,
        inbox=str(settings.inbox),
        kind=kind,
        tally=FileTally(seen=chosen.height, taken=chosen.height),
        batches=tuple(batches),
        book_version=pin_knowledge(settings.lake, folder) if batches else None,
    )
    return write_receipt(folder / "intake.json", receipt)


def _frames(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Join small parts into frames of up to FRAME_BYTES of files."""
    held: list[pa.Table] = []
    for part in parts:
        if held and sum(map(sizes_of, held)) + sizes_of(part) > FRAME_BYTES:
            yield pa.concat_tables(held)
            held = []
        held.append(part)
    if held:
        yield pa.concat_tables(held)


def _batches(frames: Iterator[pa.Table], batch_bytes: int) -> Iterator[list[pa.Table]]:
    """Group frames into batches; the frame that reaches batch_bytes ends its batch."""
    held: list[pa.Table] = []
    for frame in frames:
        held.append(frame)
        if sum(map(sizes_of, held)) >= batch_bytes:
            yield held
            held = []
    if held:
        yield held

"""
Split and judge the batches of a re-split on an engine; a batch that fails is set aside.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from include.config.settings import Settings
from include.engine.outcomes import Failed
from include.lake.ledger.set_aside import SPLIT_FAILED
from include.pipeline import steps
from include.pipeline.engines import open_for
from include.pipeline.receipt_types import BatchReceipt, SplitReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.pipeline.set_aside import mark_pages
from include.storage.frames import as_batch, open_frame, read_frame

LOST = f"{SPLIT_FAILED}:WorkerLost"
log = logging.getLogger("copydesk.edit")


def edit_batches(settings: Settings, batches: Sequence[str | Path]) -> list[Path]:
    """
    Split and judge batches; give the receipts that `gate` takes.

    A batch that loses its worker each time, or on which a step fails, is set aside whole: its pages
    keep the stories they have, and the other batches land.
    Raises:
        WorkerLost: no batch could be done.
        CopydeskError: a step raised it.
    """
    with open_for(settings, "resplit") as engine:
        split = engine.map(steps.split, list(batches))
        sound = [set_aside_batch(done) if isinstance(done, Failed) else done for done in split]
        judged = engine.map(steps.judge, sound)
        left = [number for number, done in enumerate(judged) if isinstance(done, Failed)]
        for number in left:
            failed = judged[number]
            assert isinstance(failed, Failed)
            aside = set_aside_batch(Failed(batches[number], failed.reason))
            (judged[number],) = engine.map(steps.judge, [aside])
    return [Path(done) for done in judged if not isinstance(done, Failed)]


def set_aside_batch(failed: Failed) -> Path:
    """Reject all taken pages of a batch, without stories; give the receipt that `judge` takes."""
    from include.splitter.split import CHROME, SPLITTER_VERSION, STORIES

    batch = Path(failed.item)
    log.error("batch %s set aside: %s", batch.stem, failed.reason)
    receipt = read_receipt(batch, BatchReceipt)
    stem = batch.with_suffix("")
    stories, chrome = stem.with_suffix(".stories.arrow"), stem.with_suffix(".chrome.arrow")
    first, reasons = 0, dict[int, str]()
    with open_frame(stories, STORIES) as write_stories, open_frame(chrome, CHROME) as write_chrome:
        for pages in read_frame(receipt.pages):
            outcomes = pages["outcome"].to_pylist()
            reasons |= {first + row: LOST for row, o in enumerate(outcomes) if o == "taken"}
            first += pages.num_rows
            write_stories(as_batch(STORIES.empty_table()))
            write_chrome(as_batch(CHROME.empty_table()))
    done = SplitReceipt(
        **receipt.repeated(),
        pages=mark_pages(receipt.pages, stem.with_suffix(".sound.arrow"), reasons),
        stories=stories,
        chrome=chrome,
        splitter_version=SPLITTER_VERSION,
        set_aside=len(reasons),
    )
    return write_receipt(stem.with_suffix(".split.json"), done)

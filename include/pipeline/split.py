"""
The step `split`: split a batch's pages into stories and chrome, one frame at a time.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from include.lake.landing.rows import check_spans
from include.model import Split
from include.pipeline.batches import BOOK, OVERRIDES
from include.pipeline.receipt_types import BatchReceipt, SplitReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.pipeline.set_aside import mark_pages, split_soundly
from include.splitter.chrome_book.book import open_book
from include.splitter.overrides import open_overrides
from include.splitter.split import CHROME, SPLITTER_VERSION, STORIES, split_pages
from include.storage.frames import as_batch, map_frame, open_frame, read_frame


def split_batch(batch: str | Path) -> Path:
    """
    Split the pages of a batch; give the receipt that `judge` takes.

    A page that cannot be split, or whose spans do not add up, is set aside; the others are split.
    """
    receipt = read_receipt(batch, BatchReceipt)
    stem = Path(batch).with_suffix("")
    book = open_book(map_frame(stem.with_name(BOOK)))
    overrides = open_overrides(map_frame(stem.with_name(OVERRIDES)))
    stories, chrome = stem.with_suffix(".stories.arrow"), stem.with_suffix(".chrome.arrow")

    def split(pages: pa.Table) -> Split:
        parts = split_pages(pages, book, overrides=overrides)
        check_spans(pages, parts)
        return parts

    first, reasons = 0, dict[int, str]()
    with ExitStack() as files:
        write_stories = files.enter_context(open_frame(stories, STORIES))
        write_chrome = files.enter_context(open_frame(chrome, CHROME))
        for pages in read_frame(receipt.pages):
            parts, failed = split_soundly(pa.Table.from_batches([pages]), split, first)
            first, reasons = first + pages.num_rows, reasons | failed
            write_stories(_join([part.stories for part in parts], STORIES))
            write_chrome(_join([part.chrome for part in parts], CHROME))
    sound = receipt.pages
    if reasons:
        sound = mark_pages(receipt.pages, stem.with_suffix(".sound.arrow"), reasons)
    done = SplitReceipt(
        **receipt.repeated(),
        pages=sound,
        stories=stories,
        chrome=chrome,
        splitter_version=SPLITTER_VERSION,
        set_aside=len(reasons),
    )
    return write_receipt(stem.with_suffix(".split.json"), done)


def _join(tables: list[pa.Table], schema: pa.Schema) -> pa.RecordBatch:
    return as_batch(pa.concat_tables([schema.empty_table(), *tables]))

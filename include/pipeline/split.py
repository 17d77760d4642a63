"""
The step `split`: split a batch's pages into stories and chrome, one frame at a time.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from include.pipeline.batches import BOOK, OVERRIDES
from include.pipeline.receipt_types import BatchReceipt, SplitReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.splitter.chrome_book.book import open_book
from include.splitter.overrides import open_overrides
from include.splitter.split import CHROME, SPLITTER_VERSION, STORIES, split_pages
from include.storage.frames import as_batch, map_frame, open_frame, read_frame


def split_batch(batch: str | Path) -> Path:
    """Split the pages of a batch; give the receipt that `judge` takes."""
    receipt = read_receipt(batch, BatchReceipt)
    stem = Path(batch).with_suffix("")
    book = open_book(map_frame(stem.with_name(BOOK)))
    overrides = open_overrides(map_frame(stem.with_name(OVERRIDES)))
    stories, chrome = stem.with_suffix(".stories.arrow"), stem.with_suffix(".chrome.arrow")
    with ExitStack() as files:
        write_stories = files.enter_context(open_frame(stories, STORIES))
        write_chrome = files.enter_context(open_frame(chrome, CHROME))
        for pages in read_frame(receipt.pages):
            split = split_pages(pa.Table.from_batches([pages]), book, overrides=overrides)
            write_stories(as_batch(split.stories))
            write_chrome(as_batch(split.chrome))
    done = SplitReceipt(
        **receipt.repeated(),
        pages=receipt.pages,
        stories=stories,
        chrome=chrome,
        splitter_version=SPLITTER_VERSION,
    )
    return write_receipt(stem.with_suffix(".split.json"), done)

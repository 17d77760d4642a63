"""
Judging a batch: what the step `judge` leaves for the lake, a frame of pages at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from include import columns
from include.lake.rows import lake_rows, ledger_rows
from include.model import Run
from include.quality.judge import Ruling
from include.quality.pages import LEDGER, judge_pages
from include.quality.suite import load_suite
from include.receipts import read_frame


def judge_frames(
    receipt: dict[str, Any], ruling: Ruling, run: Run
) -> Iterator[tuple[str, pa.Table]]:
    """Give the lake's rows of a batch by table, some pages with their stories at a time."""
    parts = zip(
        *(read_frame(receipt[name]) for name in ("pages", "stories", "chrome")), strict=True
    )
    first, ledger = 0, [LEDGER.empty_table()]
    for part in parts:
        pages, stories, chrome = (pa.Table.from_batches([batch]) for batch in part)
        judged = ruling.apply(stories, first)
        first += stories.num_rows
        rows = ledger_rows(pages, judged, chrome, receipt["splitter_version"], run)
        ledger.append(rows.select(LEDGER.names))
        yield "pages", rows
        yield "stories", lake_rows(judged.landed, columns.STORIES, run)
        yield "chrome", lake_rows(chrome, columns.CHROME, run)
        yield "quarantine", lake_rows(judged.quarantined, columns.QUARANTINE, run)
    found = judge_pages(pa.concat_tables(ledger), load_suite("pages"), receipt["batch_id"], run)
    results = pa.concat_tables([ruling.results, found.results])
    yield "page_flags", lake_rows(found.flags, columns.PAGE_FLAGS, run)
    yield "quality_results", lake_rows(results, columns.QUALITY_RESULTS, run)

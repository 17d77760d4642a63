"""
The step `judge`: judge a batch's stories and write its rows for the lake, one frame at a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa

from include.lake.landing.rows import lake_rows, ledger_rows
from include.model import Run, StoryTally
from include.pipeline.batches import WAIVERS
from include.pipeline.receipt_types import JudgeReceipt, SplitReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.pipeline.set_aside import judge_soundly, reject_pages, without_pages
from include.quality.gate.figures import count_shapes
from include.quality.judge import Ruling, rule_on, waive
from include.quality.judge_pages import LEDGER, judge_pages
from include.quality.suites.suite import load_suite
from include.schema import lake as lake_schema
from include.storage.frames import as_batch, map_frame, open_frame, read_frame, write_frame

LANDING = (
    lake_schema.PAGES, lake_schema.STORIES, lake_schema.CHROME, lake_schema.QUARANTINE,
    lake_schema.QUALITY_RESULTS, lake_schema.PAGE_FLAGS,
)  # fmt: skip


def judge_batch(split_receipt: str | Path) -> Path:
    """
    Judge a batch's stories; write its rows for each lake table except `runs`; give the receipt.

    A page whose stories cannot be judged is set aside; the others are judged.
    Raises:
        SuiteError: a rule could not be evaluated, and not because of a few pages.
        TallyUnbalanced: a story or a character was lost.
    """
    receipt = read_receipt(split_receipt, SplitReceipt)
    run, suite = receipt.run, load_suite("stories")
    stem = Path(str(split_receipt).removesuffix(".split.json"))
    stories = map_frame(receipt.stories)
    waivers = map_frame(stem.with_name(WAIVERS))
    ruling, reasons = judge_soundly(
        stories, lambda some: rule_on(some, suite, receipt.batch_id, run)
    )
    ruling = waive(ruling, without_pages(stories, reasons), waivers)
    rows = {table.name: stem.with_suffix(f".rows.{table.name}.arrow") for table in LANDING}
    written: Counter[str] = Counter()
    with ExitStack() as files:
        write = {
            table.name: files.enter_context(open_frame(rows[table.name], table.schema()))
            for table in LANDING
        }
        for name, frame in _judge_frames(receipt, ruling, reasons, run):
            if frame.num_rows:
                write[name](as_batch(frame))
                written[name] += frame.num_rows
    tally = StoryTally(ruling.stories, written["stories"], written["quarantine"])
    tally.check()
    shapes = count_shapes(without_pages(stories, reasons))
    done = JudgeReceipt(
        **receipt.repeated(),
        shapes=write_frame(stem.with_suffix(".shapes.arrow"), shapes),
        rows=rows,
        tally=tally,
        splitter_version=receipt.splitter_version,
        suite_version=suite.version,
        set_aside=receipt.set_aside + len(reasons),
    )
    return write_receipt(stem.with_suffix(".judged.json"), done)


def _judge_frames(
    receipt: SplitReceipt, ruling: Ruling, reasons: Mapping[str, str], run: Run
) -> Iterator[tuple[str, pa.Table]]:
    """Yield a batch's rows for each lake table, one frame of pages and their stories at a time."""
    frames = (receipt.pages, receipt.stories, receipt.chrome)
    parts = zip(*(read_frame(path) for path in frames), strict=True)
    first, ledger = 0, [LEDGER.empty_table()]
    for part in parts:
        pages, stories, chrome = (pa.Table.from_batches([batch]) for batch in part)
        stories, chrome = without_pages(stories, reasons), without_pages(chrome, reasons)
        if reasons:
            pages = reject_pages(pages, _list_reasons(pages, reasons))
        judged = ruling.apply(stories, first)
        first += stories.num_rows
        rows = ledger_rows(pages, judged, chrome, receipt.splitter_version, run)
        ledger.append(rows.select(LEDGER.names))
        yield "pages", rows
        yield "stories", lake_rows(judged.landed, lake_schema.STORIES, run)
        yield "chrome", lake_rows(chrome, lake_schema.CHROME, run)
        yield "quarantine", lake_rows(judged.quarantined, lake_schema.QUARANTINE, run)
    judged_pages = judge_pages(pa.concat_tables(ledger), load_suite("pages"), receipt.batch_id, run)
    results = pa.concat_tables([ruling.results, judged_pages.results])
    yield "page_flags", lake_rows(judged_pages.flags, lake_schema.PAGE_FLAGS, run)
    yield "quality_results", lake_rows(results, lake_schema.QUALITY_RESULTS, run)


def _list_reasons(pages: pa.Table, reasons: Mapping[str, str]) -> list[str | None]:
    """Give the reason of each page that was set aside; a second delivery of its bytes has none."""
    keys = zip(pages["page_id"].to_pylist(), pages["outcome"].to_pylist(), strict=True)
    return [reasons.get(page_id) if outcome == "taken" else None for page_id, outcome in keys]

"""
Run the queries of docs/cookbook.md on the sample inbox, and put their rows below them.

The last part of the page is about pages that changed: its queries run after CORRECTED was delivered
once more, without its misprint.
"""

import io
import os
import re
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from include.config.settings import ROOT, Settings
from include.pipeline import analysis, grouping, pairing, steps
from include.pipeline.analysis_receipts import ChooseReceipt
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.terminal.rows import print_table
from include.warehouse.read import run_query

COOKBOOK = ROOT / "docs" / "cookbook.md"
BLOCK = re.compile(r"(?<=^```sql\n)(.*?)(```\n\n```\n)(.*?)(?=^```$)", re.DOTALL | re.MULTILINE)
SECOND_DELIVERY = "<!-- from here on, the corrected page has been delivered -->\n"
CORRECTED, MISPRINT, CORRECT = "16_paywall_and_misprint.txt", b"2062", b"2026"
DELIVERED_AT = datetime(2026, 3, 1, 6, tzinfo=UTC)  # outputs must not depend on the clock
WIDTH = 110  # of an output, in characters: what a page shows without scrolling


def render_cookbook(text: str) -> str:
    """Return the cookbook's text with the rows that its queries give now."""
    first, mark, second = text.partition(SECOND_DELIVERY)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "inbox"
        shutil.copytree(ROOT / "include" / "sample_inbox", inbox)
        for page in inbox.iterdir():  # or a rule that compares a file's time with the run's fires
            os.utime(page, (DELIVERED_AT.timestamp(),) * 2)
        settings = replace(Settings(), home=Path(folder) / "home", inbox=inbox, settle_s=0.0)
        deliver(settings, DELIVERED_AT)
        first = fill_blocks(settings, first)
        page = inbox / CORRECTED
        page.write_bytes(page.read_bytes().replace(MISPRINT, CORRECT))
        deliver(settings, DELIVERED_AT + timedelta(days=1))
        return first + mark + fill_blocks(settings, second)


def deliver(settings: Settings, at: datetime) -> None:
    """Ingest the inbox and bring marts, warehouse and search index up to date."""
    receipt = steps.intake(settings, f"ingest-{at:%d}", at)
    batches = read_receipt(receipt, IntakeReceipt).batches
    judged = [steps.judge(steps.split(batch)) for batch in batches]
    steps.land(settings, steps.gate(settings, receipt, judged), at)
    chosen = analysis.choose(settings, f"analyze-{at:%d}", at)
    stories = read_receipt(chosen, ChooseReceipt).batches
    analyzed = [analysis.analyze(settings, batch) for batch in stories]
    paired = pairing.pair(settings, analysis.land(settings, chosen, analyzed, at), at)
    grouping.group(settings, paired, at)
    steps.publish(settings)
    steps.index(settings)


def fill_blocks(settings: Settings, text: str) -> str:
    """Put the rows of each query into the block below it."""
    return BLOCK.sub(lambda m: f"{m[1]}{m[2]}{_show_rows(settings, m[1])}", text)


def _show_rows(settings: Settings, sql: str) -> str:
    out = io.StringIO()
    print_table(run_query(settings.warehouse, sql), Console(file=out, width=WIDTH))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


if __name__ == "__main__":
    COOKBOOK.write_text(render_cookbook(COOKBOOK.read_text(encoding="utf-8")), encoding="utf-8")

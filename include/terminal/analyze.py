"""The command `analyze`: bring the marts, the warehouse and the search index up to date."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from include.config.commands import format_command
from include.config.settings import Settings
from include.pipeline import analysis, grouping, pairing, steps
from include.pipeline.analysis_receipts import ChooseReceipt, MartReceipt, MartsReceipt
from include.pipeline.cleanup import drop_leftovers, hold_run
from include.pipeline.receipts import read_receipt, run_key
from include.terminal.home import refuse_unborn
from include.text import pluralize

QUERY = "select mart, lake_version, versions_behind from meta.freshness"
FIGURES = ("lake_version", "stories", "failed_stories", "rows_added")


def run_analyze(settings: Settings, as_json: bool = False) -> int:
    """
    Choose, analyse, land, pair, group, publish, index.

    Print what was done, or with `as_json` one object on the last line of standard output.

    Raises:
        NotFound: nothing was ingested into this home.
    """
    refuse_unborn(settings)
    began, now = time.monotonic(), datetime.now(UTC)
    drop_leftovers(settings.receipts, now, settings.keep_receipts_days, settings.review_s)
    run_id = f"analyze__{now.isoformat()}"
    with hold_run(settings.receipts / run_key(run_id)):
        chosen = analysis.choose(settings, run_id, now)
        batches = read_receipt(chosen, ChooseReceipt).batches
        analyzed = _analyze(settings, batches, is_quiet=as_json)
        landed = analysis.land(settings, chosen, analyzed, datetime.now(UTC))
        paired = pairing.pair(settings, landed, datetime.now(UTC))
        grouped = grouping.group(settings, paired, datetime.now(UTC))
    steps.publish(settings)
    indexed = steps.index(settings)
    marts = read_receipt(grouped, MartsReceipt).marts
    if as_json:
        figures = {
            mart.mart: {name: getattr(mart, name) for name in FIGURES}
            for mart in marts
            if not mart.overtaken
        }
        search = {"lake_version": indexed.lake_version, "stories": indexed.added_stories}
        seconds = round(time.monotonic() - began, 3)
        print(json.dumps({"marts": figures, "search": search, "seconds": seconds}))
        return 0
    console = Console(highlight=False)
    for line in [_describe(mart) for mart in marts] or ["nothing landed since the last analysis"]:
        console.print(line, soft_wrap=True, markup=False)
    if indexed.added_stories or indexed.removed_pages:
        added = pluralize(indexed.added_stories, "story")
        removed = pluralize(indexed.removed_pages, "page")
        console.print(f"search: {added} added, those of {removed} removed", soft_wrap=True)
    command = format_command(settings, ["query", QUERY])
    console.print(f"try: {command}", soft_wrap=True, markup=False)
    return 0


def _analyze(settings: Settings, batches: Sequence[Path], is_quiet: bool) -> list[Path]:
    """Analyse all batches; one by one, with progress shown at a terminal, if there is no engine."""
    if settings.workers > 1 or settings.spark_job_names:
        return analysis.analyze_all(settings, batches)
    console = Console(stderr=True)
    hidden = is_quiet or not console.is_terminal
    with Progress(console=console, transient=True, disable=hidden) as progress:
        tracked = progress.track(batches, description="analysing")
        return [analysis.analyze(settings, batch) for batch in tracked]


def _describe(mart: MartReceipt) -> str:
    """Describe what was done to one mart."""
    if mart.overtaken:
        return f"{mart.mart}: another analysis landed meanwhile; nothing was added"
    stories, rows = pluralize(mart.stories, "story"), pluralize(mart.rows_added, "row")
    failed = f", {mart.failed_stories:,} of them failed" if mart.failed_stories else ""
    return f"{mart.mart}: {rows} from {stories}{failed}; shows version {mart.lake_version}"

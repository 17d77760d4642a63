"""
The steps that analyse landed stories: choose · analyze · land.

They update each mart with the stories that landed since its last update, and delete the rows of
stories that were replaced. Like the steps of a run, each step can run twice, can be killed at any
point, and returns the path of a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from include.config.settings import Settings
from include.lake.marts.plan import Plan
from include.model import Run
from include.pipeline.analysis_receipts import (
    AnalyzeReceipt,
    ChooseReceipt,
    MartReceipt,
    MartsReceipt,
    StoriesReceipt,
)
from include.pipeline.grouping import is_behind
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.storage.frames import drop_frames, map_frame, write_frame
from include.telemetry.signals import measured
from include.text import pluralize

BATCH_CHARS = 16 * 2**20  # of bodies in one batch: some 5,000 stories
FRAME_STORIES = 1_000  # given to an analyzer at once


@measured("choose")
def choose(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Batch the stories that landed since each mart was last updated; give the receipt.

    A mart that another version of its analyzer made is rebuilt from all stories.
    """
    from include.analysis.analyzers import ANALYZERS
    from include.analysis.duplicates.pairs import PAIRS_VERSION
    from include.lake.landing.recover import read_recovered
    from include.lake.marts.changes import cut_stories, find_landed
    from include.lake.marts.progress import plan_analysis
    from include.lake.marts.texts import plan_pairing

    run, folder = Run(run_id, now), settings.receipts / run_key(run_id)
    read_recovered(settings.lake, settings.ledger_index)
    plans = plan_analysis(settings.lake, {m.name: a.version for a in ANALYZERS for m in a.marts})
    batches: list[Path] = []
    story_count = 0
    for span, group in groupby(sorted(plans, key=_span), key=_span):
        analysis_ids = {plan.mart: plan.analysis_id for plan in group}
        stories = find_landed(settings.lake, *span)
        story_count += stories.num_rows
        for batch in cut_stories(stories, BATCH_CHARS):
            stem = folder / f"stories-{len(batches):04d}"
            batches.append(_write_batch(stem, run, batch, analysis_ids))
    if not batches and (plan_pairing(settings.lake, PAIRS_VERSION) or is_behind(settings)):
        no_stories = find_landed(settings.lake, 0, 0)
        batches.append(_write_batch(folder / "stories-0000", run, no_stories, {}))
    receipt = ChooseReceipt(
        run_id=run.run_id, started_at=run.started_at, plans=plans, stories=story_count,
        batches=tuple(batches),
    )  # fmt: skip
    return write_receipt(folder / "choose.json", receipt)


@measured("analyze")
def analyze(settings: Settings, batch: str | Path) -> Path:
    """
    Analyse the stories of a batch that are still in the lake; give the receipt that `land` takes.

    A story that an analyzer fails on has no rows in its mart; it is logged and counted.
    """
    from include.analysis.analyzers import ANALYZERS, READS, READS_CHROME
    from include.analysis.apply import apply_analyzer
    from include.intake.decoding.page import reread_text
    from include.lake.marts.changes import read_chrome, read_stories
    from include.lake.marts.datelines import read_datelines
    from include.lake.marts.rows import mart_rows

    batch_receipt = read_receipt(batch, StoriesReceipt)
    keys = map_frame(batch_receipt.stories)
    stories = read_stories(settings.lake, keys, READS)
    rows: dict[str, Path] = {}
    failed: dict[str, int] = {}
    ids = batch_receipt.analysis_ids
    for analyzer in ANALYZERS:
        wanted = [mart for mart in analyzer.marts if mart.name in ids]
        if not wanted:
            continue
        if analyzer.reads_chrome:
            chrome = read_chrome(settings.lake, keys, READS_CHROME)
            analyzer = replace(analyzer, analyze=partial(analyzer.analyze, chrome=chrome))
        if analyzer.reads_datelines:
            lines = read_datelines(settings.lake, stories, reread_text)
            analyzer = replace(analyzer, analyze=partial(analyzer.analyze, datelines=lines))
        frames = {mart: [mart.schema().empty_table()] for mart in wanted}
        failed_stories = 0
        for start in range(0, stories.num_rows, FRAME_STORIES):
            parts, failures = apply_analyzer(analyzer, stories.slice(start, FRAME_STORIES))
            failed_stories += failures
            for mart, *tables in zip(analyzer.marts, *parts, strict=True):
                if mart in frames:
                    frames[mart] += [mart_rows(t, stories, mart, ids[mart.name]) for t in tables]
        for mart, of_mart in frames.items():
            path = Path(batch).with_suffix(f".{mart.name}.arrow")
            rows[mart.name] = write_frame(path, pa.concat_tables(of_mart))
            failed[mart.name] = failed_stories
    receipt = AnalyzeReceipt(
        run_id=batch_receipt.run_id,
        started_at=batch_receipt.started_at,
        rows=rows,
        stories=dict.fromkeys(rows, stories.num_rows),
        failed=failed,
    )
    return write_receipt(Path(batch).with_suffix(".analyzed.json"), receipt)


def analyze_all(settings: Settings, batches: Sequence[str | Path]) -> list[Path]:
    """
    Analyse batches on the engine of the job `analyze`; give the receipts that `land` takes.

    Raises:
        WorkerLost: a batch failed. None may be left out: a mart shows whole versions of the lake.
    """
    from include.engine.outcomes import demand_all
    from include.pipeline.engines import open_for

    with open_for(settings, "analyze") as engine:
        return demand_all(engine.map(partial(analyze, settings), list(batches)))


@measured("land_marts")
def land(
    settings: Settings, choose_receipt: str | Path, analyzed: Sequence[str | Path], now: datetime
) -> Path:
    """
    Land the marts one by one, each all or nothing; give the receipt.

    Raises:
        LakeLocked: another analysis is landing, or a run. Marts that have landed stay.
    """
    from include.lake.marts.land import MartOutput, land_mart

    chosen = read_receipt(choose_receipt, ChooseReceipt)
    receipts = [read_receipt(path, AnalyzeReceipt) for path in analyzed]
    marts = []
    for plan in chosen.plans:
        of_mart = [receipt for receipt in receipts if plan.mart in receipt.rows]
        output = MartOutput(
            frames=tuple(receipt.rows[plan.mart] for receipt in of_mart),
            stories=sum(receipt.stories[plan.mart] for receipt in of_mart),
            failed_stories=sum(receipt.failed[plan.mart] for receipt in of_mart),
        )
        rows_added = land_mart(settings.lake, plan, output, chosen.run_id, now)
        marts.append(MartReceipt.of(plan, output, rows_added))
    folder = Path(choose_receipt).parent
    landed = MartsReceipt(run_id=chosen.run_id, started_at=chosen.started_at, marts=tuple(marts))
    path = write_receipt(folder / "marts.json", landed)
    drop_frames(folder)
    return path


def _write_batch(stem: Path, run: Run, stories: pa.Table, analysis_ids: Mapping[str, str]) -> Path:
    """Write the keys of a batch's stories and its receipt; give the receipt's path."""
    receipt = StoriesReceipt(
        run_id=run.run_id,
        started_at=run.started_at,
        label=f"{stem.name}: {pluralize(stories.num_rows, 'story')}",
        stories=write_frame(stem.with_suffix(".arrow"), stories),
        analysis_ids=analysis_ids,
    )
    return write_receipt(stem.with_suffix(".json"), receipt)


def _span(plan: Plan) -> tuple[int, int]:
    """Give the lake versions between which a plan's stories landed."""
    return plan.since, plan.until

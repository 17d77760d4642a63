"""
The table of contents: intake · split · judge · gate · land · publish.

Each step reads the receipt of the one before, calls one room, and leaves a receipt. What travels
between steps is a path, so Airflow, the terminal and Spark run the same steps. A step may run
twice: it writes the same files again. Heavy rooms are imported by the step that needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from include import columns
from include.model import Published, Run, StoryTally
from include.receipts import read_frame, read_receipt, run_key, write_frame, write_receipt
from include.settings import Settings


def intake(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Take what is new in the inbox, in batches.

    Returns:
        The run's receipt; its `batches` are the receipts that `split` takes, none when the ledger
        knew every file.
    """
    from include.intake.listing import list_files
    from include.intake.take import Limits, read_batches
    from include.lake.ledger import read_ledger

    folder = settings.receipts / run_key(run_id)
    ledger = read_ledger(settings.lake)
    limits = Limits(settings.max_page_bytes, settings.batch_bytes, settings.max_batches)
    listing = list_files(settings.inbox, settings.settle_s, now)
    tally = listing.tally
    batches: list[Path] = []
    for batch in read_batches(listing, ledger, limits):
        tally += batch.tally
        if batch.pages.num_rows:
            batches.append(_write_batch(folder, len(batches), batch.pages, run_id, now))
    tally.check()
    content = {
        "run_id": run_id,
        "started_at": now.isoformat(),
        "inbox": str(settings.inbox),
        "tally": asdict(tally),
        "batches": [str(path) for path in batches],
    }
    return write_receipt(folder / "intake.json", "intake", content)


def split(batch: str | Path) -> Path:
    """Split a batch's pages into stories and chrome; give the receipt that `judge` takes."""
    from include.stories.split import SPLITTER_VERSION, split_pages

    receipt = read_receipt(batch, "batch")
    found = split_pages(read_frame(receipt["pages"]))
    stem = Path(batch).with_suffix("")
    content = {
        **_passed_on(receipt),
        "pages": receipt["pages"],
        "stories": str(write_frame(stem.with_suffix(".stories.arrow"), found.stories)),
        "chrome": str(write_frame(stem.with_suffix(".chrome.arrow"), found.chrome)),
        "splitter_version": SPLITTER_VERSION,
    }
    return write_receipt(stem.with_suffix(".split.json"), "split", content)


def judge(split_receipt: str | Path) -> Path:
    """
    Judge a batch's stories; write the rows of every lake table but `runs`.

    Raises:
        SuiteError: a rule could not be evaluated.
        TallyUnbalanced: a story or a character was lost.
    """
    from include.lake.rows import lake_rows, ledger_rows
    from include.quality.judge import judge_stories
    from include.quality.suite import load_suite

    receipt = read_receipt(split_receipt, "split")
    run = _run_of(receipt)
    pages, chrome = read_frame(receipt["pages"]), read_frame(receipt["chrome"])
    stories = read_frame(receipt["stories"])
    suite = load_suite("stories")
    judged = judge_stories(stories, suite, receipt["batch_id"], run)
    tally = StoryTally(stories.num_rows, judged.landed.num_rows, judged.quarantined.num_rows)
    tally.check()
    frames = {
        "pages": ledger_rows(pages, judged, chrome, receipt["splitter_version"], run),
        "stories": lake_rows(judged.landed, columns.STORIES, run),
        "chrome": lake_rows(chrome, columns.CHROME, run),
        "quarantine": lake_rows(judged.quarantined, columns.QUARANTINE, run),
        "quality_results": lake_rows(judged.results, columns.QUALITY_RESULTS, run),
    }
    stem = Path(str(split_receipt).removesuffix(".split.json"))
    rows = {
        name: str(write_frame(stem.with_suffix(f".rows.{name}.arrow"), frame))
        for name, frame in frames.items()
    }
    content = {
        **_passed_on(receipt),
        "rows": rows,
        "tally": asdict(tally),
        "splitter_version": receipt["splitter_version"],
        "suite_version": suite.version,
    }
    return write_receipt(stem.with_suffix(".judged.json"), "judge", content)


def gate(intake_receipt: str | Path, judged: Sequence[str | Path]) -> Path:
    """
    Weigh the run as a whole before anything lands.

    Raises:
        GateClosed: a critical rule of the run's suite is broken, a batch is missing; what was
            judged stays on disk.
    """
    from include.lake.rows import lake_rows
    from include.quality.gate import judge_run

    taken = read_receipt(intake_receipt, "intake")
    receipts = [read_receipt(path, "judge") for path in judged]
    run = _run_of(taken)
    results = judge_run(taken, receipts, run)
    folder = Path(intake_receipt).parent
    results_path = write_frame(
        folder / "run.rows.quality_results.arrow",
        lake_rows(results, columns.QUALITY_RESULTS, run),
    )
    rows = {
        name: [receipt["rows"][name] for receipt in receipts]
        for name in ("stories", "chrome", "quarantine", "quality_results", "pages")
    }
    rows["quality_results"].append(str(results_path))
    content = {
        **{key: taken[key] for key in ("run_id", "started_at", "inbox", "tally")},
        "rows": rows,
        "splitter_version": receipts[0]["splitter_version"],
        "suite_version": receipts[0]["suite_version"],
    }
    return write_receipt(folder / "gate.json", "gate", content)


def land(settings: Settings, gate_receipt: str | Path, now: datetime) -> Path:
    """
    Land a run's rows in the lake: all or nothing, and nothing twice.

    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: the pages' characters are not those of stories and chrome.
    """
    from include.lake.land import land_run

    receipt = read_receipt(gate_receipt, "gate")
    landed = land_run(settings.lake, receipt, _run_of(receipt), now)
    content = {
        **{key: receipt[key] for key in ("run_id", "started_at", "inbox")},
        "run": landed.run_row,
        "days": [day.isoformat() for day in landed.days],
        "lake_key": landed.version.key(),
    }
    return write_receipt(Path(gate_receipt).with_name("landed.json"), "land", content)


def publish(settings: Settings) -> Published:
    """
    Project the lake as it stands into the warehouse; do nothing when it already holds it.

    Raises:
        WarehouseHeld: somebody holds the file open for writing.
    """
    from include.lake.versions import read_version
    from include.warehouse.publish import publish_warehouse

    version = read_version(settings.lake)
    return publish_warehouse(version, settings.warehouse, settings.memory_limit)


def _write_batch(folder: Path, number: int, pages: pa.Table, run_id: str, now: datetime) -> Path:
    stem = folder / f"batch-{number:04d}"
    content = {
        "run_id": run_id,
        "started_at": now.isoformat(),
        "batch_id": stem.name,
        "label": f"{stem.name}: {pages.num_rows} pages",
        "pages": str(write_frame(stem.with_suffix(".pages.arrow"), pages)),
    }
    return write_receipt(stem.with_suffix(".json"), "batch", content)


def _passed_on(receipt: dict[str, Any]) -> dict[str, Any]:
    return {key: receipt[key] for key in ("run_id", "started_at", "batch_id", "label")}


def _run_of(receipt: dict[str, Any]) -> Run:
    return Run(receipt["run_id"], datetime.fromisoformat(receipt["started_at"]))

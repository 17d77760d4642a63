"""
The step `gate`: judge a whole run by the receipts of its batches, before anything lands.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from include.config.settings import Settings
from include.lake.landing.rows import lake_rows
from include.lake.reading.run_history import read_figures
from include.model import INGEST, JudgedBatch, Opening, Taken
from include.pipeline.receipt_types import ClosedReceipt, GateReceipt, IntakeReceipt, JudgeReceipt
from include.pipeline.receipts import CLOSED, GATE, read_receipt, write_receipt
from include.quality.gate.gate import Evidence, judge_run
from include.quality.gate.verdict import Verdict
from include.schema import lake as lake_schema
from include.schema.column import Table
from include.storage.frames import map_frame, write_frame

OF_BATCHES = ("stories", "chrome", "quarantine", "quality_results", "page_flags", "pages")


def gate_run(
    settings: Settings,
    intake_receipt: str | Path,
    judged: Sequence[str | Path],
    opening: Opening | None,
) -> Path:
    """
    Judge a run; write its results, then let it pass or hold it back.

    Raises:
        GateClosed: a critical rule of the suite `run` is broken, and no opening names it.
    """
    taken = read_receipt(intake_receipt, IntakeReceipt)
    receipts = [read_receipt(path, JudgeReceipt) for path in judged]
    run, is_new = taken.run, taken.kind == INGEST
    history = read_figures(settings.lake, run) if is_new else None
    counted = [
        JudgedBatch(r.run_id, r.batch_id, r.tally, r.splitter_version, r.suite_version, r.set_aside)
        for r in receipts
    ]
    verdict = judge_run(
        Taken(taken.tally, tuple(path.stem for path in taken.batches)),
        counted,
        run,
        _gather(receipts, history),
        opening,
    )
    folder = Path(intake_receipt).parent
    rows = {name: [receipt.rows[name] for receipt in receipts] for name in OF_BATCHES}
    for kind, frame in _frames_of(verdict):
        if kind is lake_schema.RUN_FIGURES and not is_new:
            continue  # hand-picked pages say nothing about a usual run
        path = folder / f"run.rows.{kind.name}.arrow"
        written = write_frame(path, lake_rows(frame, kind, run))
        rows.setdefault(kind.name, []).append(written)
    if verdict.broken:
        broken = tuple(reason.rule_id for reason in verdict.broken)
        write_receipt(folder / CLOSED, ClosedReceipt(run_id=run.run_id, broken=broken))
        verdict.check(folder)
    receipt = GateReceipt(
        run_id=taken.run_id,
        started_at=taken.started_at,
        inbox=taken.inbox,
        kind=taken.kind,
        tally=taken.tally,
        book_version=taken.book_version,
        rows={name: tuple(paths) for name, paths in rows.items()},
        splitter_version=receipts[0].splitter_version,
        suite_version=receipts[0].suite_version,
    )
    return write_receipt(folder / GATE, receipt)


def _gather(receipts: Sequence[JudgeReceipt], history: pa.Table | None) -> Evidence:
    """
    Read the frames that batches wrote for the gate: a row per rule, and some per language.

    Args:
        history: None if the pages were picked by hand.
    """
    empty = Evidence()
    shapes = [map_frame(receipt.shapes) for receipt in receipts]
    results = [map_frame(receipt.rows["quality_results"]) for receipt in receipts]
    columns = [table.select(empty.results.column_names) for table in results]
    return Evidence(
        pa.concat_tables([empty.shapes, *shapes]),
        pa.concat_tables([empty.results, *columns]),
        empty.history if history is None else history,
        is_chosen=history is None,
    )


def _frames_of(verdict: Verdict) -> list[tuple[Table, pa.Table]]:
    return [
        (lake_schema.QUALITY_RESULTS, verdict.results),
        (lake_schema.RUN_FIGURES, verdict.figures),
        (lake_schema.GATE_OPENINGS, verdict.openings),
    ]

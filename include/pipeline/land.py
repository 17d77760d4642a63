"""
The step `land`: commit a run that passed the gate to the lake, and remove its frames.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from include.config.inboxes import list_inboxes
from include.config.settings import REVISE, Settings
from include.lake.erasure.tombstones import erased_ids
from include.lake.landing.land import land_run
from include.pipeline.receipt_types import GateReceipt, LandReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.pipeline.refusal import refuse_landing
from include.storage.frames import drop_frames
from include.telemetry import signals


def land_batches(settings: Settings, gate_receipt: str | Path, now: datetime) -> Path:
    """
    Land a run's rows in the lake; give the receipt.

    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: the characters of pages differ from those of stories and chrome.
        ReceiptMissing: a page that it took has been erased since.
    """
    receipt = read_receipt(gate_receipt, GateReceipt)
    refuse_landing(receipt.rows["pages"], erased_ids(settings.lake))
    run, gated, index = receipt.run, receipt.gated, settings.ledger_index
    by_url = {str(i.place) for i in list_inboxes(settings) if i.settings.same_url == REVISE}
    landed = land_run(settings.lake, gated, run, now, index=index, by_url=by_url)
    done = LandReceipt(
        run_id=receipt.run_id,
        started_at=receipt.started_at,
        inbox=receipt.inbox,
        run=landed.run_row,
        days=landed.days,
        lake_key=landed.version.key(),
    )
    path = write_receipt(Path(gate_receipt).with_name("landed.json"), done)
    drop_frames(path.parent)
    _count_run(landed.run_row)
    return path


def _count_run(row: Mapping[str, Any]) -> None:
    """Send a run's counts as metrics."""
    for outcome in signals.FILE_OUTCOMES:
        signals.record(signals.FILES, row[f"files_{outcome}"] or 0, outcome=outcome)
    for outcome in signals.STORY_OUTCOMES:
        signals.record(signals.STORIES, row[f"stories_{outcome}"], outcome=outcome)

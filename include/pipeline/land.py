"""
The step `land`: commit a run that the gate let pass to the lake, and remove its frames.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from include.config.settings import Settings
from include.lake.landing.land import land_run
from include.pipeline.receipts import read_receipt, run_of, write_receipt
from include.storage.frames import drop_frames


def land_batches(settings: Settings, gate_receipt: str | Path, now: datetime) -> Path:
    """
    Land a run's rows in the lake; give the receipt.

    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: the pages' characters are not those of stories and chrome.
    """
    receipt = read_receipt(gate_receipt, "gate")
    landed = land_run(settings.lake, receipt, run_of(receipt), now, index=settings.ledger_index)
    content = {
        **{key: receipt[key] for key in ("run_id", "started_at", "inbox")},
        "run": landed.run_row,
        "days": [day.isoformat() for day in landed.days],
        "lake_key": landed.version.key(),
    }
    path = write_receipt(Path(gate_receipt).with_name("landed.json"), "land", content)
    drop_frames(path.parent)
    return path

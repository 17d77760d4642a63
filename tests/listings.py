"""Receipts of runs that listed an inbox."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include.model import FileTally
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import write_receipt


def leave_receipt(receipts: Path, inbox: str, at: float, **changes: Any) -> Path:
    """Write the receipt of an intake that began to list the inbox at a time (s since 1970)."""
    receipt = IntakeReceipt(
        run_id=f"run-{at}",
        started_at=datetime.fromtimestamp(at, UTC),
        inbox=inbox,
        tally=FileTally(),
        batches=(),
    )
    return write_receipt(receipts / receipt.run_id / "intake.json", replace(receipt, **changes))

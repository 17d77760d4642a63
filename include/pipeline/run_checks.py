"""
Read what the gate found in a run that has not landed; once it has, the lake holds the results.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from include.config.settings import Settings
from include.errors import ReceiptMissing
from include.pipeline.receipt_types import ClosedReceipt
from include.pipeline.receipts import CLOSED, GATE, read_receipt, run_key
from include.quality.suites.suite import load_suite
from include.schema.lake import QUALITY_RESULTS
from include.storage.frames import map_frame


@dataclass(frozen=True)
class GatedChecks:
    """
    The results of a run at the gate. rows: of `quality_results`, suite `run`, in its order.

    broken: the rules that keep the gate closed; empty if it is open.
    """

    rows: list[dict[str, Any]]
    broken: tuple[str, ...]


def read_checks(settings: Settings, run_id: str) -> GatedChecks | None:
    """Return the checks of a run that has not landed; None if there are none, or no longer."""
    folder = settings.receipts / run_key(run_id)
    path = folder / name_results()
    if not path.exists():
        return None
    broken: tuple[str, ...] = ()
    if (folder / CLOSED).exists() and not (folder / GATE).exists():
        broken = read_receipt(folder / CLOSED, ClosedReceipt).broken
    try:
        return GatedChecks(map_frame(path).to_pylist(), broken)
    except ReceiptMissing:  # it has landed or was cleaned up meanwhile
        return None


def name_results() -> str:
    """Return the name of the frame, in a run's folder, of the results on the whole run."""
    return f"run.rows.{QUALITY_RESULTS.name}.arrow"


@cache
def read_rule_notes(suite: str) -> dict[str, str]:
    """Return why each rule of a suite has its bound, by rule id."""
    return {rule.id: rule.note for rule in load_suite(suite).rules}

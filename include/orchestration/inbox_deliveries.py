"""
Which files of an inbox are ready, and whether a run has listed the inbox since a time.

The inbox trigger and the supervisor of the embedded Airflow ask this. Imports nothing of Airflow.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from include.errors import InboxMissing, ReceiptMissing, StoreRefused, StoreSilent
from include.intake.inbox.listing import list_files
from include.model import INGEST
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.storage.locations import Place

Entry = tuple[str, int, int]  # name inside the inbox, size (bytes), mtime (ns)

SLACK_S = 5.0  # file times lag the clock by some ms, on a file server by more; the receipt decides


def list_settled(inbox: Place, settle_s: float) -> frozenset[Entry]:
    """List the files that intake would take; none if there is no inbox, which `take` reports."""
    try:
        files = list_files(inbox, settle_s, datetime.now(UTC)).files
    except (InboxMissing, StoreRefused, StoreSilent):
        return frozenset()
    return frozenset((file.name, file.size, file.modified_ns) for file in files)


def has_been_listed(receipts: Path, inbox: str, since: float) -> bool:
    """Return whether a run began to list this inbox at or after `since` (s since 1970)."""
    try:
        with os.scandir(receipts) as runs:
            recent = [Path(run.path) for run in runs if run.stat().st_mtime >= since - SLACK_S]
    except FileNotFoundError:
        return False
    return any(_began_at(run / "intake.json", inbox) >= since for run in recent)


def _began_at(receipt: Path, inbox: str) -> float:
    """Return when a run began to list the inbox; 0 if it did not, or left no readable receipt."""
    try:
        intake = read_receipt(receipt, IntakeReceipt)
    except ReceiptMissing:
        return 0.0
    listed = [outcome.inbox for outcome in intake.inboxes] or [intake.inbox]
    if intake.kind != INGEST or inbox not in listed:
        return 0.0
    return intake.started_at.timestamp()

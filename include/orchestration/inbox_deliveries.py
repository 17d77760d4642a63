"""
Which files of an inbox are ready, and whether a run has listed the inbox since a time.

The inbox trigger and the supervisor of the embedded Airflow ask this. Imports nothing of Airflow.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from include.errors import InboxMissing, StoreRefused, StoreSilent
from include.intake.inbox.listing import list_files
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
    """Return when a receipt's listing began; 0 if it is of another inbox or does not exist."""
    try:
        content = json.loads(receipt.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return 0.0
    if inbox not in [entry["inbox"] for entry in content.get("inboxes", [content])]:
        return 0.0
    return datetime.fromisoformat(content["started_at"]).timestamp()

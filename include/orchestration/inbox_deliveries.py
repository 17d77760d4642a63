"""
Which files of an inbox are ready, and whether a run has listed the inbox since a time.

The inbox trigger and the supervisor of the embedded Airflow ask this. Only the triggerer can read
the connection of an inbox in a store, so it leaves a record of each listing there for `doctor`.
Imports nothing of Airflow.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from include.errors import InboxMissing, ReceiptMissing, StoreRefused, StoreSilent
from include.intake.inbox.files import UNREACHED
from include.intake.inbox.listing import list_files
from include.model import INGEST
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.storage.atomic import atomic_write
from include.storage.locations import Place

Entry = tuple[str, int, int]  # name inside the inbox, size (bytes), mtime (ns)

RECORDS = "inbox_records"  # folder beside the receipts
SLACK_S = 5.0  # file times lag the clock by some ms, on a file server by more; the receipt decides


@dataclass(frozen=True)
class InboxState:
    """
    The result of listing an inbox.

    settled: files that intake would take. problem: why the inbox could not be listed.
    unreached: names of files and folders that cannot be read, with reasons.
    """

    settled: frozenset[Entry] = frozenset()
    problem: str | None = None
    unreached: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Record:
    """
    The last listing of an inbox in a store by its trigger. Times are in s since 1970.

    next_at: when the trigger will list it again. pending: names of files for which it fired and
    that no run has listed; pending_since: when it first fired for one of them; rung_at: when last.
    """

    inbox: str
    looked_at: float
    next_at: float
    problem: str | None = None
    unreached: tuple[tuple[str, str], ...] = ()
    pending: tuple[str, ...] = ()
    pending_since: float | None = None
    rung_at: float | None = None


def read_inbox(inbox: Place, settle_s: float) -> InboxState:
    """List an inbox; if that fails, nothing is settled, and `problem` says why."""
    try:
        listing = list_files(inbox, settle_s, datetime.now(UTC))
    except (InboxMissing, StoreRefused, StoreSilent) as exc:
        return InboxState(problem=f"{type(exc).__name__}: {exc}")
    settled = frozenset((file.name, file.size, file.modified_ns) for file in listing.files)
    waiting = tuple(entry for entry in listing.waiting if entry[1] in UNREACHED)
    return InboxState(settled, unreached=waiting)


def list_settled(inbox: Place, settle_s: float) -> frozenset[Entry]:
    """List the files that intake would take; none if there is no inbox, which `take` reports."""
    return read_inbox(inbox, settle_s).settled


def write_record(receipts: Path, record: Record) -> None:
    """Replace an inbox's record."""
    with atomic_write("record of an inbox", _record_path(receipts, record.inbox)) as aside:
        aside.write_text(json.dumps(asdict(record), ensure_ascii=False), encoding="utf-8")


def read_record(receipts: Path, inbox: str) -> Record | None:
    """Return an inbox's record; None if there is none, or none that this version can read."""
    try:
        content = json.loads(_record_path(receipts, inbox).read_text(encoding="utf-8"))
        unreached = tuple((str(name), str(reason)) for name, reason in content.pop("unreached"))
        return Record(**{**content, "unreached": unreached, "pending": (*content["pending"],)})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _record_path(receipts: Path, inbox: str) -> Path:
    return receipts.parent / RECORDS / f"{hashlib.sha256(inbox.encode()).hexdigest()[:16]}.json"


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

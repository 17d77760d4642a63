"""
The inbox's doorbell: an event trigger that rings when files lie still that it has not rung for.

A doorbell only. What is new the ledger decides, in the first task of the run; the event carries
no work list, since Airflow may strand an event that comes while a run is active (apache/airflow
#56050). The inbox is never changed, so "files lie there" says nothing: the bell remembers what it
rang for, and rings again only while no run has listed the inbox since.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from include.errors import InboxMissing, StoreRefused, StoreSilent
from include.intake.inbox.listing import list_files
from include.storage.locations import Place, is_url

Entry = tuple[str, int, int]  # name inside the inbox, size (bytes), mtime (ns)

MAX_NAGS = 3  # then the clock takes over: a `take` that keeps failing is not rung for ever
STORE_POLL_S = 60.0  # a store is asked by requests that may be paid for: 1,000 names each in S3
LISTING_SHARE = 0.1  # of the time at most goes into listing: a huge inbox is listed less often
SLACK_S = 5.0  # file times lag our clock by some ms, on a file server by more; the receipt decides
SAMPLE = 5  # names that the event shows a person


@dataclass(frozen=True)
class Bell:
    """
    What was rung for, and whether an answer is still awaited.

    heard: the entries rung for that still lie there. rung_at: when (s since 1970) the last ring
    was that no listing has answered yet. nags: rings repeated since for the same entries.
    """

    heard: frozenset[Entry] = frozenset()
    rung_at: float | None = None
    nags: int = 0

    def hear(self, lying: frozenset[Entry], now: float, nag_s: float) -> tuple[Bell, bool]:
        """
        Decide whether to ring, given what lies still; give the bell as it is then.

        While a ring is unanswered a new file gets none of its own before `nag_s` is over: the run
        to come lists everything. What left is forgotten, and rings should it come back.
        """
        fresh = bool(lying - self.heard)
        if self.rung_at is None:
            rings, nags = fresh, 0
        else:
            due = now - self.rung_at >= nag_s
            rings = due and bool(lying) and (fresh or self.nags < MAX_NAGS)
            nags = self.nags if not rings else 0 if fresh else self.nags + 1
        if rings:
            return Bell(lying, now, nags), True
        return replace(self, heard=self.heard & lying), False

    def answered(self) -> Bell:
        """Give the bell after a run has listed the inbox."""
        return Bell(self.heard)


class InboxTrigger(BaseEventTrigger):
    """
    Ring when a settled file appears or changes, in a folder or in a store.

    A ring is answered by an intake receipt of this inbox whose listing began after it. Unanswered
    for `nag_s`, it is repeated, `MAX_NAGS` times at most for the same files. A restarted trigger
    has forgotten what it rang for and rings once for a full inbox: one short run for nothing.
    """

    def __init__(
        self,
        inbox: str,
        receipts: str,
        settle_s: float,
        poll_s: float,
        nag_s: float,
        connection: str | None = None,
    ) -> None:
        super().__init__()
        self.inbox = inbox
        self.receipts = receipts
        self.settle_s = settle_s
        self.poll_s = poll_s
        self.nag_s = nag_s
        self.connection = connection

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give the class's path and its arguments, from which the triggerer makes it anew."""
        names = ("inbox", "receipts", "settle_s", "poll_s", "nag_s", "connection")
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Ring for ever. Disks are read in a thread, since all triggers share one loop."""
        bell = Bell()
        while True:
            began = time.monotonic()
            if bell.rung_at is not None and await asyncio.to_thread(
                has_been_listed, Path(self.receipts), self.inbox, bell.rung_at
            ):
                bell = bell.answered()
            lying = await self._look()
            known = bell.heard
            bell, rings = bell.hear(lying, time.time(), self.nag_s)
            if rings:
                yield TriggerEvent(describe_ring(self.inbox, (lying - known) or lying))
            least = max(self.poll_s, STORE_POLL_S) if is_url(self.inbox) else self.poll_s
            await asyncio.sleep(max(least, (time.monotonic() - began) / LISTING_SHARE))

    async def _look(self) -> frozenset[Entry]:
        """List what lies still; nothing where the inbox cannot be listed, which `take` reports."""
        place: Place = Path(self.inbox)
        if is_url(self.inbox):
            from include.orchestration.connections import find_store

            try:
                place = await find_store(self.inbox, self.connection)
            except StoreRefused:
                return frozenset()
        return await asyncio.to_thread(list_lying, place, self.settle_s)


def list_lying(inbox: Place, settle_s: float) -> frozenset[Entry]:
    """List the files that intake would take; none without an inbox, which `take` reports."""
    try:
        files = list_files(inbox, settle_s, datetime.now(UTC)).files
    except (InboxMissing, StoreRefused, StoreSilent):
        return frozenset()
    return frozenset((file.name, file.size, file.modified_ns) for file in files)


def has_been_listed(receipts: Path, inbox: str, since: float) -> bool:
    """Tell whether a run began to list this inbox at or after `since` (s since 1970)."""
    try:
        with os.scandir(receipts) as runs:
            recent = [Path(run.path) for run in runs if run.stat().st_mtime >= since - SLACK_S]
    except FileNotFoundError:
        return False
    return any(_began_at(run / "intake.json", inbox) >= since for run in recent)


def describe_ring(inbox: str, files: frozenset[Entry]) -> dict[str, Any]:
    """Give what the event shows a person; no run relies on it."""
    return {
        "inbox": inbox,
        "files": len(files),
        "bytes": sum(size for _, size, _ in files),
        "sample": sorted(name for name, _, _ in files)[:SAMPLE],
    }


def _began_at(receipt: Path, inbox: str) -> float:
    """Give when the listing behind a receipt began; 0 if it is of another inbox, or not there."""
    try:
        content = json.loads(receipt.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return 0.0
    if inbox not in [told["inbox"] for told in content.get("inboxes", [content])]:
        return 0.0
    return datetime.fromisoformat(content["started_at"]).timestamp()

"""
The inbox trigger: fires an event when the inbox has settled files for which it has not yet fired.

The event carries no work list, since Airflow may lose an event that arrives while a run is active
(apache/airflow#56050); the ledger decides what is new, in the first task of the run. Files stay in
the inbox for ever, so the trigger remembers for which files it rang (fired), and rings again only
while no run has listed the inbox since.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from include.errors import DiskFull, StorageRefused, StoreRefused
from include.orchestration.inbox_deliveries import (
    Entry,
    InboxState,
    Record,
    has_been_listed,
    read_inbox,
    write_record,
)
from include.storage.locations import Place, is_url

MAX_NAGS = 3  # then the schedule takes over: a `take` that keeps failing is not triggered for ever
STORE_POLL_S = 60.0  # store requests may cost money: one for every 1,000 names in S3
LISTING_SHARE = (
    0.1  # at most this share of the time is spent listing: a huge inbox is listed less often
)
SAMPLE = 5  # names that the event shows a person
RECORDED = 20  # names of each kind in the record for `doctor`


@dataclass(frozen=True)
class Bell:
    """
    Which files the bell rang for, and whether it awaits an answer.

    heard: entries it rang for that are still in the inbox. rung_at: time (s since 1970) of the last
    unanswered ring; None if there is none. nags: repeated rings for the same entries. pending: the
    entries that no run has listed since it rang for them; pending_since: its first ring for one.
    """

    heard: frozenset[Entry] = frozenset()
    rung_at: float | None = None
    nags: int = 0
    pending: frozenset[Entry] = frozenset()
    pending_since: float | None = None

    def hear(self, settled: frozenset[Entry], now: float, nag_s: float) -> tuple[Bell, bool]:
        """
        Decide whether to ring for the settled entries; return the next state and the decision.

        While a ring is unanswered, a new file causes no ring before `nag_s` has passed, since the
        awaited run lists everything. A removed file is forgotten, and rings if it comes back.
        """
        fresh = bool(settled - self.heard)
        if self.rung_at is None:
            rings, nags = fresh, 0
        else:
            due = now - self.rung_at >= nag_s
            rings = due and bool(settled) and (fresh or self.nags < MAX_NAGS)
            nags = self.nags if not rings else 0 if fresh else self.nags + 1
        pending = self.pending & settled
        if rings:
            since = now if self.pending_since is None else self.pending_since
            return Bell(settled, now, nags, pending | (settled - self.heard), since), True
        return replace(self, heard=self.heard & settled, pending=pending), False

    def answered(self) -> Bell:
        """Return the bell's state after a run has listed the inbox."""
        return Bell(self.heard)


class InboxTrigger(BaseEventTrigger):
    """
    Ring when a settled file appears or changes, in a folder or in a store.

    A ring is answered by an intake receipt of this inbox whose listing began after it. If there is
    none within `nag_s`, the ring is repeated, at most `MAX_NAGS` times for the same files. A
    restarted trigger has lost its memory and rings once for a full inbox: one short, idle run.
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
        """Return the class's path and arguments, from which the triggerer recreates it."""
        names = ("inbox", "receipts", "settle_s", "poll_s", "nag_s", "connection")
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        return path, {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Watch for ever. Disks are read in a thread, since all triggers share one event loop."""
        bell = Bell()
        while True:
            began = time.monotonic()
            if bell.rung_at is not None and await asyncio.to_thread(
                has_been_listed, Path(self.receipts), self.inbox, bell.rung_at
            ):
                bell = bell.answered()
            state = await self._read_inbox()
            heard, settled = bell.heard, state.settled
            bell, rings = bell.hear(settled, time.time(), self.nag_s)
            if rings:
                yield TriggerEvent(describe_ring(self.inbox, (settled - heard) or settled))
            pause_s = max(self.poll_s, STORE_POLL_S) if is_url(self.inbox) else self.poll_s
            pause_s = max(pause_s, (time.monotonic() - began) / LISTING_SHARE)
            if is_url(self.inbox):
                await asyncio.to_thread(self._write_record, state, bell, pause_s)
            await asyncio.sleep(pause_s)

    def _write_record(self, state: InboxState, bell: Bell, pause_s: float) -> None:
        """Write a record for `doctor`; a full disk must not end the trigger."""
        pending = sorted(name for name, *_ in bell.pending) if bell.rung_at is not None else []
        now = time.time()
        record = Record(
            self.inbox,
            now,
            now + pause_s,
            state.problem,
            state.unreached[:RECORDED],
            tuple(pending[:RECORDED]),
            bell.pending_since if pending else None,
            bell.rung_at,
        )
        with suppress(DiskFull, StorageRefused):
            write_record(Path(self.receipts), record)

    async def _read_inbox(self) -> InboxState:
        """List the inbox; one that cannot be listed has no settled files, and `take` reports it."""
        place: Place = Path(self.inbox)
        if is_url(self.inbox):
            from include.orchestration.connections import find_store

            try:
                place = await find_store(self.inbox, self.connection)
            except StoreRefused as exc:
                return InboxState(problem=f"StoreRefused: {exc}")
        return await asyncio.to_thread(read_inbox, place, self.settle_s)


def describe_ring(inbox: str, files: frozenset[Entry]) -> dict[str, Any]:
    """Return the event's payload, for people only; no run relies on it."""
    return {
        "inbox": inbox,
        "files": len(files),
        "bytes": sum(size for _, size, _ in files),
        "sample": sorted(name for name, _, _ in files)[:SAMPLE],
    }

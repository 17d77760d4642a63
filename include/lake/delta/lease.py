"""
The lease of a lake in an object store: one holder at a time, on whatever machine.

A lease is a Delta table without rows whose newest commit names the holder. Delta writes a commit
only if its number is still free (a conditional put), so of two machines that want the lease one
gets it. The holder commits a sign of life every BEAT_S. A waiter that sees none for LEASE_S by its
own clock takes the lease over; the clocks of two machines are never compared.

A holder that only stalled may wake later. It must not commit then: the one that took over first
writes its number into every table (`fence_tables`), and a commit that began before that conflicts
with it, while `check_fence` refuses one that begins after it.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from include.errors import LakeLocked
from include.lake.delta.connect import options_of, reach
from include.storage.locations import LakeStore, Root

LEASE_S = 20.0  # a store that answers late may delay a sign of life by its request timeout
BEAT_S = 4.0
POLL_S = 0.5
FOLDER = "_leases"
FENCE = "copydesk.fence"  # a table's property: the number of the lease that fenced it last
STATE, HOLDER = "copydesk_state", "copydesk_holder"
WRITERS = "writers"  # the lease whose holder may commit
HELD, FREE = "held", "free"
SCHEMA = pa.schema([("holder", pa.string())])  # Delta wants a column; no row is ever written
SETTINGS: Mapping[str, str | None] = {
    "delta.checkpointInterval": "10",  # opening it reads the commits since the last checkpoint
    "delta.logRetentionDuration": "interval 1 days",
}

_held: dict[tuple[str, str], Lease] = {}  # by URL and name; one process holds a lease at most once


@dataclass
class Lease:
    """
    A lease that this process holds.

    number: the version of the lease's table that took it; grows with every holder.
    is_taken_over: the holder before was not heard of for LEASE_S, and may wake later.
    """

    root: LakeStore
    name: str
    table: DeltaTable
    number: int
    is_taken_over: bool
    _is_lost: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def confirm(self) -> None:
        """
        Commit a sign of life.

        Raises:
            LakeLocked: another process has taken the lease over.
            StoreRefused, StoreSilent: the store denies access, or does not answer.
        """
        with self._guard:
            if self._is_lost or not _commit(self.root, self.table, HELD):
                self._is_lost = True
                raise _taken_over(self.root, self.name)

    def release(self) -> None:
        """Free the lease, unless it has been lost."""
        self._ended.set()
        with self._guard:
            if not self._is_lost:
                _commit(self.root, self.table, FREE)

    def beat(self) -> None:
        """Confirm the lease every BEAT_S until it is released or lost."""
        while not self._ended.wait(BEAT_S):
            try:
                self.confirm()
            except LakeLocked:
                return
            except Exception:  # the store may answer the next one; if not, another takes over
                continue


@contextmanager
def hold_lease(root: LakeStore, name: str, patience_s: float) -> Iterator[Lease]:
    """
    Hold a lease while the block runs; leases that this process already holds are confirmed first.

    If the lease was taken over, the block must begin by fencing the tables. A block that fails
    before `is_taken_over` is cleared leaves the lease unreleased, so that the next holder fences.

    Raises:
        LakeLocked: another process held it for `patience_s` seconds, or took one over.
        StoreRefused, StoreSilent: the store denies access, or does not answer.
    """
    lease = _take(root, name, patience_s)
    _held[root.url, name] = lease
    beats = threading.Thread(target=lease.beat, name=f"lease {name}", daemon=True)
    beats.start()
    try:
        for (url, other), outer in list(_held.items()):
            if url == root.url and other != name:
                outer.confirm()
        yield lease
    finally:
        del _held[root.url, name]
        lease._ended.set()
        beats.join()
        if not lease.is_taken_over:
            lease.release()


def check_fence(root: Root, table: DeltaTable) -> None:
    """
    Check that no later holder of the lease has fenced a table; commit with this very table then.

    Raises:
        LakeLocked: one has: this process stalled, and its landing is undone or finished by others.
    """
    lease = None if isinstance(root, Path) else _held.get((root.url, WRITERS))
    if lease and int(table.metadata().configuration.get(FENCE) or 0) > lease.number:
        raise _taken_over(lease.root, WRITERS)


def _take(root: LakeStore, name: str, patience_s: float) -> Lease:
    with reach(root):
        table = _open(root, name)
    began = changed = time.monotonic()
    version = -1
    while True:
        with reach(root):
            state, holder = _read(table)
        now = time.monotonic()
        if table.version() != version:
            version, changed = table.version(), now
        is_stalled = state == HELD and now - changed >= LEASE_S
        if (state == FREE or is_stalled) and _commit(root, table, HELD):
            return Lease(root, name, table, table.version(), is_stalled)
        if state == HELD and not is_stalled:
            if now - began >= patience_s:
                way_out = f"{holder} holds the lease; try again when it is done."
                raise LakeLocked("lake", root.url, way_out)
            time.sleep(POLL_S)


def _open(root: LakeStore, name: str) -> DeltaTable:
    """Open the table of a lease; create it if absent."""
    place = f"{root.url}/{FOLDER}/{name}"
    if not DeltaTable.is_deltatable(place, options_of(root)):
        DeltaTable.create(
            place,
            SCHEMA,
            mode="ignore",
            description="no rows: its newest commit names the holder of the lease",
            configuration=SETTINGS,
            storage_options=options_of(root),
        )
    return DeltaTable(place, storage_options=options_of(root))


def _read(table: DeltaTable) -> tuple[str, str]:
    """Bring a lease's table up to its newest commit; return the state and the holder in it."""
    while True:
        table.update_incremental()
        newest = table.history(1)[0]  # may hold commits that were made since
        if newest["version"] == table.version():
            return newest.get(STATE, FREE), newest.get(HOLDER, "nobody")


def _commit(root: LakeStore, table: DeltaTable, state: str) -> bool:
    """Commit the next version of a lease's table; return whether nobody else did before."""
    version = table.version()
    record = {STATE: state, HOLDER: f"process {os.getpid()} on {socket.gethostname()}"}
    properties = CommitProperties(custom_metadata=record, max_commit_retries=0)
    try:
        with reach(root):
            table.create_write_transaction(
                [], "append", table.schema(), [], commit_properties=properties
            )
            table.update_incremental()
    except LakeLocked:  # the number was taken
        return False
    return bool(table.version() == version + 1)


def _taken_over(root: LakeStore, name: str) -> LakeLocked:
    way_out = (
        f"This process did not answer for {LEASE_S:g} s, so another took its lease ({name}) over. "
        "Try again: what it had committed is finished or undone."
    )
    return LakeLocked("lake", root.url, way_out)

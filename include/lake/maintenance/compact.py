"""
Compact the lake: merge the many small files of a day into few sorted ones. No row changes.

A day is due when it has PARTS new files, or is closed (no run of today writes to it) and has more
than one. A table without days is one day that never closes. The files are chosen under the lake's
lock, after `recover`: all their runs have landed, so they may be mixed. They are rewritten without
the lock, so runs can land meanwhile; it is held again only for the commit. A kill in between leaves
files that belong to no version, which the vacuum removes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from deltalake import DeltaTable
from deltalake.transaction import AddAction

from include.lake.delta.connect import open_files
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import (
    create_tables,
    exchange_files,
    has_table,
    live_files,
    open_table,
)
from include.lake.landing.recover import recover
from include.lake.ledger.index import open_index
from include.lake.maintenance.log import note_tending, read_tendings
from include.lake.maintenance.rewrite import NewFiles
from include.schema.lake import CHROME_BOOK, LAKE_TABLES, TENDINGS, Table
from include.storage.locations import Root

Written = tuple[tuple[str, int, str], ...]  # path, size and statistics of each new file
PARTS = 8  # new files of a day that is not closed
COMPACTED = "copydesk_compacted"  # in the metadata of the commit
# The book's version is the number of its commit, and its one file is replaced whole.
LEFT_ALONE = (CHROME_BOOK, TENDINGS)
COMPACTABLE = (*(kind for kind in LAKE_TABLES if kind not in LEFT_ALONE), TENDINGS)


@dataclass(frozen=True)
class Due:
    """A day of a table whose files are to be compacted; day is None where a table has no days."""

    kind: Table
    day: date | None
    files: tuple[str, ...]  # relative to the table


@dataclass(frozen=True)
class Compacted:
    """The result for one day: number of files and size, before and after."""

    table: str
    day: date | None
    files: tuple[int, int]
    size_bytes: tuple[int, int]


def find_due(root: Root, now: datetime, index: Path | None = None) -> list[Due]:
    """
    Find the days to compact, after undoing or finishing killed runs.

    Args:
        index: the file of the ledger's index; None makes one in memory.
    Raises:
        LakeLocked: a run is landing.
    """
    with hold_lake(root):
        create_tables(root)
        with open_index(root, index) as ledger:
            recover(root, ledger)
        done = read_tendings(root).filter(pl.col("work") == "compacted")
        left = {
            (table, day): files
            for table, day, files in done.sort("tended_at")
            .select("table_name", "day", "files_after")
            .iter_rows()
        }
        days = []
        for kind in (kind for kind in COMPACTABLE if has_table(root, kind)):
            for (day,), files in _by_day(kind, open_table(root, kind)):
                parts = files.height
                new = parts - left.get((kind.name, day), 0)
                closed = day is not None and day < now.date()
                if new >= PARTS or (closed and parts > 1 and new > 0):
                    days.append(Due(kind, day, tuple(sorted(files["path"]))))
        return days


def compact_day(
    root: Root, due: Due, now: datetime, between: Callable[[str], None] = lambda point: None
) -> Compacted | None:
    """
    Rewrite the files of a day; None if a run or other maintenance changed them meanwhile.

    Args:
        between: called when the new files are written, and after the commit; tests kill there.
    Raises:
        LakeLocked: another process kept the lock; nothing changed.
    """
    written = write_day(root, now, due)
    return None if written is None else commit_day(root, due, written, now, between)


def write_day(root: Root, now: datetime, due: Due) -> Written | None:
    """Write the new files of a day beside the old ones; no commit, so any machine may do it."""
    table = open_table(root, due.kind)
    if _still_live(table, due) is None:
        return None
    new = _new_files(root, due, now)
    try:
        new.write(due.files)
    except BaseException:
        new.discard()
        raise
    return tuple((file.path, file.size, file.stats) for file in new.written)


def commit_day(
    root: Root,
    due: Due,
    written: Written,
    now: datetime,
    between: Callable[[str], None] = lambda point: None,
) -> Compacted | None:
    """
    Commit the new files of a day; None if others changed the old ones meanwhile.

    Raises:
        LakeLocked: another process kept the lock; nothing changed.
    """
    new = _new_files(root, due, now)
    day, moment = new.day, round(now.timestamp() * 1000)
    partition = {due.kind.partition: day} if day and due.kind.partition else {}
    new.written = [AddAction(p, size, partition, moment, False, s) for p, size, s in written]
    try:
        between("written")
        with hold_lake(root):
            table = open_table(root, due.kind)
            old = _still_live(table, due)
            if old is None:
                new.discard()
                return None
            exchange_files(root, table, old, new.written, now, {COMPACTED: day or "all"})
            between("committed")
            made = Compacted(
                due.kind.name,
                due.day,
                (old.height, len(new.written)),
                (int(old["size_bytes"].sum()), sum(file.size for file in new.written)),
            )
            _note(root, made, now)
            return made
    except Exception:
        if not _is_in(root, due.kind, new):
            new.discard()
        raise


def _new_files(root: Root, due: Due, now: datetime) -> NewFiles:
    day = due.day.isoformat() if due.day else None
    return NewFiles(due.kind, open_files(open_table(root, due.kind)), day, now)


def newest_change(root: Root, kind: Table) -> int:
    """Return a table's newest version that changed rows; compaction only changes files."""
    table = open_table(root, kind)
    for commit in table.history():
        if COMPACTED not in commit:
            return int(commit["version"])
    return int(table.version())


def _by_day(kind: Table, table: DeltaTable) -> list[tuple[tuple[date | None], pl.DataFrame]]:
    live = live_files(table)
    day = pl.col(f"partition.{kind.partition}") if kind.partition else pl.lit(None, pl.Date)
    if not live.height:
        return []
    grouped = live.with_columns(day=day).group_by("day", maintain_order=True)
    return sorted(grouped, key=lambda group: str(group[0][0]))


def _still_live(table: DeltaTable, due: Due) -> pl.DataFrame | None:
    """Return the rows of `live_files` for the files; None if one is no longer live."""
    live = live_files(table)
    files = live.filter(pl.col("path").is_in(list(due.files)))
    return files if files.height == len(due.files) else None


def _is_in(root: Root, kind: Table, new: NewFiles) -> bool:
    """Check whether new files were committed after all, before something else failed."""
    live = set(live_files(open_table(root, kind))["path"])
    return any(file.path in live for file in new.written)


def _note(root: Root, made: Compacted, now: datetime) -> None:
    note_tending(
        root,
        table_name=made.table,
        work="compacted",
        day=made.day,
        files_before=made.files[0],
        files_after=made.files[1],
        bytes_before=made.size_bytes[0],
        bytes_after=made.size_bytes[1],
        tended_at=now,
    )

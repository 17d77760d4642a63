"""
Vacuum the lake: remove files that no reader can need, and count the rest. Commits to no table.

Kept are all files of versions that were the newest at any time within the retention, for time
travel, and of versions that published warehouses showed within it, since a reader may hold one open
that long. Removed are files superseded earlier, and files of killed writers, which belong to no
version, once they are older than the retention. deltalake's `vacuum(keep_versions=, full=)` is not
used: it does not know which versions warehouses show, and it makes two commits (VACUUM START and
END, seen with 1.6.6), whereas the chrome book's version is the number of its commits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from pyarrow.fs import PyFileSystem

from include.errors import LakeDamaged
from include.lake.delta.connect import open_files
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import has_table, live_files, open_table
from include.lake.delta.versions import list_files, open_folder
from include.lake.maintenance.log import note_tending, read_tendings
from include.schema.lake import LAKE_TABLES, TENDINGS, Table
from include.storage.locations import Root

FIGURES = ("kept_files", "kept_bytes", "orphan_files", "orphan_bytes", "oldest_version")


@dataclass(frozen=True)
class Vacuumed:
    """What the vacuum of one table found and removed; None: older versions cannot be read."""

    table: str
    files: tuple[int, int]
    size_bytes: tuple[int, int]
    kept: tuple[int, int] | None
    orphans: tuple[int, int] | None
    oldest_version: int | None

    def figures(self) -> dict[str, int | None]:
        """Return the figures as columns of the table `tendings`."""
        kept, orphans = self.kept or (None, None), self.orphans or (None, None)
        return dict(zip(FIGURES, (*kept, *orphans, self.oldest_version), strict=True))


def vacuum_table(root: Root, kind: Table, since: datetime, shown: Iterable[int]) -> Vacuumed:
    """
    Remove a table's files that belong to no version since `since` and to no shown version.

    Nothing is removed if one of these versions cannot be read.
    Args:
        shown: versions that a published warehouse shows, or has shown since `since`.
    """
    listed = list_files(root, kind)
    table = open_table(root, kind)
    live = set(live_files(table)["path"])
    before = (len(listed), sum(file.size for file in listed))
    retained = _retained_since(root, kind, since, shown)
    if retained is None:
        return Vacuumed(kind.name, (before[0],) * 2, (before[1],) * 2, None, None, None)
    oldest, needed = retained
    needed |= live
    useless = [file for file in listed if file.path not in needed]
    gone = [file for file in useless if file.mtime < since]
    folder = open_folder(root, kind)
    for file in gone:
        folder.delete_file(file.path)
    orphans = [file for file in useless if file.mtime >= since]
    kept = [file for file in listed if file.path in needed and file.path not in live]
    return Vacuumed(
        kind.name,
        (before[0], before[0] - len(gone)),
        (before[1], before[1] - sum(file.size for file in gone)),
        (len(kept), sum(file.size for file in kept)),
        (len(orphans), sum(file.size for file in orphans)),
        oldest,
    )


def note_vacuumed(root: Root, results: list[Vacuumed], now: datetime) -> int:
    """
    Append what changed since the last vacuum to `tendings`; return the number of rows.

    Raises:
        LakeLocked: a run is landing. The files stay removed; the next vacuum records it.
    """
    with hold_lake(root):
        logged = read_tendings(root).filter(pl.col("work") == "swept").sort("tended_at")
        last = {row["table_name"]: row for row in logged.iter_rows(named=True)}
        rows = 0
        for swept in results:
            # recording the oldest version of `tendings` adds a version, so it would never settle
            compared = FIGURES[:-1] if swept.table == TENDINGS.name else FIGURES
            old, new = last.get(swept.table), swept.figures()
            same = old is not None and all(old[name] == new[name] for name in compared)
            if same and swept.files[0] == swept.files[1]:
                continue
            note_tending(
                root,
                table_name=swept.table,
                work="swept",
                files_before=swept.files[0],
                files_after=swept.files[1],
                bytes_before=swept.size_bytes[0],
                bytes_after=swept.size_bytes[1],
                tended_at=now,
                **new,
            )
            rows += 1
        return rows


def tables_there(root: Root) -> list[Table]:
    """Return the existing tables, `tendings` last, since vacuuming the others adds to it."""
    others = [kind for kind in LAKE_TABLES if kind is not TENDINGS]
    return [kind for kind in (*others, TENDINGS) if has_table(root, kind)]


def _retained_since(
    root: Root, kind: Table, since: datetime, shown: Iterable[int]
) -> tuple[int, set[str]] | None:
    """Return the version that was newest at `since`, and the files of all retained versions."""
    table = open_table(root, kind)
    newest = table.version()
    commits = {int(commit["version"]): commit for commit in table.history()}
    moment = since.timestamp() * 1000
    before = [number for number, commit in commits.items() if commit["timestamp"] <= moment]
    oldest = max(before, default=0)
    try:
        files = _files_of(root, kind, oldest)
        for number in set(shown):
            files |= _files_of(root, kind, number)
        place = open_files(table)
        for number in range(oldest + 1, newest + 1):
            files |= _added_by(place, number)
    except (LakeDamaged, FileNotFoundError):
        return None  # the log was cleaned up: Delta keeps it for 30 days
    return oldest, files


def _files_of(root: Root, kind: Table, version: int) -> set[str]:
    return set(live_files(open_table(root, kind, version))["path"])


def _added_by(place: PyFileSystem, version: int) -> set[str]:
    """Return the files that a commit added."""
    with place.open_input_file(f"_delta_log/{version:020}.json") as log:
        actions: list[dict[str, Any]] = [json.loads(line) for line in log.read().splitlines()]
    return {action["add"]["path"] for action in actions if "add" in action}

"""
Copy a lake at one instant, while runs land in it, and put such a copy back.

A table's data files never change once they are written, and its log says which of them a version
has. So a copy is: the versions of all tables at one instant, the log up to them, and the data files
that were there. Files of later commits may be among them; no version of the copy has them, and its
`tend` removes them. Runs wait while the versions are read, not while files are copied.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyarrow.fs import FileSelector, FileSystem, FileType, LocalFileSystem, SubTreeFileSystem

from include.errors import LakeDamaged
from include.lake.delta.connect import open_files, reach
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import has_table, live_files, open_table
from include.lake.delta.versions import list_files, read_version
from include.model import TableVersion
from include.schema.lake import LAKE_TABLES
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

LOG = "_delta_log"
NUMBERED = re.compile(r"^(\d{20})\..*(json|parquet|crc)$")
CHUNK_BYTES = 8 * 2**20
DAMAGED = "Delete this backup and make a new one, or restore an older one."


@dataclass(frozen=True)
class CopiedTable:
    """A table of a copy: its version, the rows in it, and the bytes of its data files."""

    table: str
    version: int
    rows: int
    size_bytes: int


def copy_lake(root: Root, target: Path, previous: Path | None = None) -> tuple[CopiedTable, ...]:
    """
    Copy every table to a folder, as of one instant.

    Args:
        previous: an earlier copy on the same disk; data files that it has are linked, not copied.
    Raises:
        LakeDamaged: a live file is missing.
        LakeLocked: another process held the lake's lock too long.
    """
    with hold_lake(root):  # for milliseconds, and not within a landing
        version = read_version(root)
    with translate_disk_errors("backup", target), reach(root):
        return tuple(
            _copy_table(root, table, target, previous)
            for table in version.tables.values()
            if table.version >= 0
        )


def check_copy(folder: Path, tables: tuple[CopiedTable, ...]) -> None:
    """
    Check that a copy holds what was copied.

    Raises:
        LakeDamaged: a table is missing, has another version or other rows, or lacks a file.
    """
    kinds = {kind.name: kind for kind in LAKE_TABLES}
    for expected in tables:
        if expected.table not in kinds or not has_table(folder, kinds[expected.table]):
            raise LakeDamaged("backup", str(folder / expected.table), f"It is missing. {DAMAGED}")
        table = open_table(folder, kinds[expected.table])
        files = live_files(table)
        found = (table.version(), int(files["num_records"].sum()))
        if found != (expected.version, expected.rows):
            why = f"It has version and rows {found}, not {(expected.version, expected.rows)}."
            raise LakeDamaged("backup", str(folder / expected.table), f"{why} {DAMAGED}")
        for path, size in zip(files["path"], files["size_bytes"], strict=True):
            file = folder / expected.table / path
            if not file.is_file() or file.stat().st_size != size:
                raise LakeDamaged("backup", str(file), f"It is missing or cut off. {DAMAGED}")


def put_back(folder: Path, root: Root) -> None:
    """Copy the tables of a copy into an empty lake; the log last, so that no table lacks files."""
    with translate_disk_errors("lake", root), reach(root):
        for name in sorted(path.name for path in folder.iterdir() if path.is_dir()):
            source = SubTreeFileSystem(str(folder / name), LocalFileSystem())
            target = _open_target(root, name)
            files = sorted(_walk(source), key=lambda path: (path.startswith(LOG), path))
            for path in files:
                _copy_file(source, target, path)


def _copy_table(
    root: Root, version: TableVersion, target: Path, previous: Path | None
) -> CopiedTable:
    kind = next(kind for kind in LAKE_TABLES if kind.name == version.table)
    table = open_table(root, kind, version.version)
    live = live_files(table)
    source: FileSystem = open_files(table)
    folder = target / kind.name
    made = SubTreeFileSystem(str(folder), LocalFileSystem())
    (folder / LOG).mkdir(parents=True)
    for path in sorted(_walk(source, LOG)):
        number = NUMBERED.match(path.rpartition("/")[2])
        if number and int(number[1]) <= version.version:
            _copy_file(source, made, path)
    # `….parquet#1` is an upload that a killed writer left
    there = {f.path for f in list_files(root, kind) if f.path.endswith(".parquet")}
    needed = set(live["path"])
    for path in sorted(there | needed):
        old = None if previous is None else previous / kind.name / path
        try:
            if old is not None and old.is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                os.link(old, folder / path)
            else:
                _copy_file(source, made, path)
        except FileNotFoundError as exc:
            if path in needed:
                raise LakeDamaged("lake", f"{kind.name}/{path}", "A file is missing.") from exc
            # it was removed meanwhile, and no version that is kept has it
    rows = int(live["num_records"].sum())
    return CopiedTable(kind.name, version.version, rows, int(live["size_bytes"].sum()))


def _walk(files: FileSystem, below: str = "") -> Iterator[str]:
    for info in files.get_file_info(FileSelector(below, recursive=True, allow_not_found=True)):
        if info.type is FileType.File:
            yield info.path


def _open_target(root: Root, name: str) -> FileSystem:
    if isinstance(root, Path):
        (root / name).mkdir(parents=True, exist_ok=True)
        return SubTreeFileSystem(str(root / name), LocalFileSystem())
    from deltalake.fs import DeltaStorageHandler
    from pyarrow.fs import PyFileSystem

    return PyFileSystem(DeltaStorageHandler(f"{root.url}/{name}", dict(root.options)))


def _copy_file(source: FileSystem, target: FileSystem, path: str) -> None:
    folder = path.rpartition("/")[0]
    if folder and isinstance(target, SubTreeFileSystem):
        target.create_dir(folder, recursive=True)
    with source.open_input_stream(path) as read, target.open_output_stream(path) as write:
        shutil.copyfileobj(read, write, CHUNK_BYTES)

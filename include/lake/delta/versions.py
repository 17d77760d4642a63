"""
Read the lake's version at one instant: each table's version number and live files.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
from pyarrow.fs import FileInfo, FileSelector, FileSystem, LocalFileSystem, SubTreeFileSystem

from include.errors import LakeLocked
from include.lake.delta.connect import lake_address, open_files
from include.lake.delta.tables import has_table, live_files, open_table
from include.model import SMALL_BYTES, LakeVersion, TableVersion
from include.schema.lake import ANALYSES, LAKE_TABLES, PAGES, Table
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

DATA_FILE = re.compile(r"\.parquet(#\d+)?$")  # `…parquet#1`: an upload, while a writer is at it
DECISIVE = (PAGES, ANALYSES)  # whose rows decide which rows of other tables count
ATTEMPTS = 20  # each loses only to a landing that commits `pages` within the few ms of the reading


def read_version(root: Root) -> LakeVersion:
    """
    Read the versions of all tables as of one instant, without taking the lock.

    `pages` is read first, then the others, then `pages` again; if it has changed, start over. A
    page in `pages` has its stories: they were committed before it, so they are read here. No story
    of a current page is missing: rows are removed only after the `pages` commit that supersedes
    them, and there was none between the two reads of `pages`. The files may hold rows of runs that
    are not in `pages`; the warehouse does not show them. The same holds for `analyses` and the
    rows of marts.
    Raises:
        LakeLocked: runs kept landing throughout.
    """
    for _ in range(ATTEMPTS):
        with translate_disk_errors("lake", root):
            decisive = {kind.name: _version_of(root, kind) for kind in DECISIVE}
            others = {k.name: _version_of(root, k) for k in LAKE_TABLES if k not in DECISIVE}
            if all(_number_of(root, kind) == decisive[kind.name].version for kind in DECISIVE):
                return LakeVersion(lake_address(root), {**decisive, **others})
    raise LakeLocked("lake", str(root), "Runs keep landing one after another; try again.")


def _version_of(root: Root, kind: Table) -> TableVersion:
    if not has_table(root, kind):
        return TableVersion(kind.name, -1)
    table = open_table(root, kind)
    live = live_files(table)
    files = sorted(f"{kind.name}/{path}" for path in live["path"])
    small = live.filter(pl.col("size_bytes") < SMALL_BYTES).height
    size_bytes = int(live["size_bytes"].sum())
    return TableVersion(kind.name, table.version(), tuple(files), size_bytes, small)


def _number_of(root: Root, kind: Table) -> int:
    return open_table(root, kind).version() if has_table(root, kind) else -1


def open_folder(root: Root, kind: Table) -> FileSystem:
    """
    Open the file system of a table's folder; paths are relative to it.

    On a disk this is not Delta's own, which hides what a killed writer leaves of an upload.
    """
    if isinstance(root, Path):
        return SubTreeFileSystem(str(root / kind.name), LocalFileSystem())
    return open_files(open_table(root, kind))


def list_files(root: Root, kind: Table) -> list[FileInfo]:
    """List the data files in a table's folder, whoever wrote them: path, size, mtime."""
    listed = open_folder(root, kind).get_file_info(FileSelector("", recursive=True))
    return [
        file
        for file in listed
        if file.is_file and DATA_FILE.search(file.path) and not file.path.startswith("_")
    ]

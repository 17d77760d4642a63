"""
The lake as it stands at one instant: each table's version and live files.
"""

from __future__ import annotations

import polars as pl
from pyarrow.fs import FileInfo, FileSelector

from include.errors import LakeLocked
from include.lake.delta.connect import lake_address
from include.lake.delta.tables import has_table, live_files, open_files, open_table
from include.model import SMALL_BYTES, LakeVersion, TableVersion
from include.schema.lake import LAKE_TABLES, PAGES, Table
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

ATTEMPTS = 20  # each loses only to a landing that commits `pages` within the few ms of the reading


def read_version(root: Root) -> LakeVersion:
    """
    Read the versions of all tables, of one instant as far as any reader can tell; takes no lock.

    `pages` is read first, the others after it, then `pages` again; if it moved, all over. A page in
    `pages` has its stories: they were committed before it, hence before they were read here. No
    story of a standing page is missing: rows leave only after the `pages` commit that supersedes
    them, and between the two readings of `pages` there was none. Rows of runs that `pages` does
    not know may be among the files; the warehouse does not show them.
    Raises:
        LakeLocked: runs kept landing throughout.
    """
    for _ in range(ATTEMPTS):
        with translate_disk_errors("lake", root):
            pages = _version_of(root, PAGES)
            others = {k.name: _version_of(root, k) for k in LAKE_TABLES if k is not PAGES}
            if _number_of(root, PAGES) == pages.version:
                return LakeVersion(lake_address(root), {PAGES.name: pages, **others})
    raise LakeLocked("lake", str(root), "Runs land one after another; try again.")


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


def list_files(root: Root, kind: Table) -> list[FileInfo]:
    """List the data files that lie in a table's folder, whoever wrote them: path, size, mtime."""
    found = open_files(open_table(root, kind)).get_file_info(FileSelector("", recursive=True))
    return [
        file for file in found if file.path.endswith(".parquet") and not file.path.startswith("_")
    ]

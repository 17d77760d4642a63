"""
Erase pages for good: from the lake and its older versions, the warehouse, the search index, marts,
the chrome book, receipts, reports, logs, Airflow's database and backups. A tombstone is left.

Everything is done twice or in an order in which a killed erasure can be repeated with the same
page_id. The inbox is never changed: a file that still lies there is refused, as `erased`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from include.config.settings import Settings
from include.errors import BackupFailed, NotFound
from include.lake.copying import CopiedTable
from include.lake.erasure.erase import erase_pages, finish_erasure, is_in_inbox
from include.lake.erasure.tombstones import read_tombstones
from include.lake.erasure.traces import Traces, find_pages, find_traces
from include.pipeline import backup as backups_of
from include.pipeline import maintenance
from include.pipeline.home_sweep import sweep_home
from include.pipeline.publish import index_stories, publish_lake
from include.pipeline.quotations import Quotations
from include.storage.databases import DUMPS, run_tool
from include.storage.scrubbing import scrub_database
from include.warehouse.search.place import index_folder


@dataclass(frozen=True)
class Request:
    """What a person asks for: which pages, why, who asks, when."""

    page_ids: tuple[str, ...]
    reason: str
    erased_by: str
    at: datetime


@dataclass(frozen=True)
class Erased:
    """
    What was done in one place. pages: deliveries and stories of each.

    lake_files: deleted from the lake. home_files: deleted, and rewritten. cells: of the database.
    in_inbox: names that still lie in an inbox. dump_deleted: a dump that held a text is gone.
    """

    place: str
    pages: Mapping[str, tuple[int, int]]
    lake_files: int
    home_files: tuple[int, int]
    cells: int
    in_inbox: tuple[str, ...] = ()
    dump_deleted: bool = False


def find_asked(settings: Settings, what: str) -> tuple[str, ...]:
    """
    Return the pages that a name or a page_id stands for, also those of an unfinished erasure.

    Raises:
        NotFound: there is none.
    """
    try:
        return find_pages(settings.lake, what)
    except NotFound:
        if what in set(read_tombstones(settings.lake)["page_id"]):
            return (what,)
        raise


def erase(
    settings: Settings, request: Request, database: str | None, environ: Mapping[str, str]
) -> Erased:
    """
    Erase pages from a home, and publish a warehouse without them.

    Args:
        database: URL of Airflow's database; None: there is none.
    Raises:
        LakeLocked, WarehouseHeld: something else is at work; erase the same page_ids again.
    """
    had_index = index_folder(settings.warehouse).exists()
    traces, quotations = _prepare(settings, request.page_ids)
    in_inbox = tuple(sorted(name for inbox, name in traces.names if is_in_inbox(name, inbox)))
    cells = _scrub(database, quotations, environ)
    first = sweep_home(settings.home, request.page_ids, quotations)
    lake_files = _erase_lake(settings, request, traces, publish=True)
    if had_index:
        index_stories(settings)
    second = sweep_home(settings.home, request.page_ids, quotations)
    files = first[0] + second[0], first[1] + second[1]
    cells += _scrub(database, quotations, environ)
    return Erased(str(settings.home), traces.pages, lake_files, files, cells, in_inbox)


def erase_in_backup(
    settings: Settings, folder: Path, request: Request, environ: Mapping[str, str]
) -> Erased:
    """
    Erase pages from a backup.

    Raises:
        BackupFailed: it is no backup.
    """
    backups_of.read_manifest(folder)
    copied = replace(settings, home=folder, lake_at="")
    traces, quotations = _prepare(copied, request.page_ids)
    files = sweep_home(folder, request.page_ids, quotations)
    lake_files = _erase_lake(copied, request, traces, publish=False)
    cells, dump_deleted = 0, False
    if (folder / DUMPS["sqlite"]).is_file():
        cells = _scrub(f"sqlite:///{folder / DUMPS['sqlite']}", quotations, environ)
    dump = folder / DUMPS["postgresql"]
    if dump.is_file():
        dump_deleted = _drop_dump(dump, quotations, environ)
    shutil.rmtree(copied.ledger_index.parent, ignore_errors=True)
    _renew_manifest(copied, folder)
    return Erased(str(folder), traces.pages, lake_files, files, cells, (), dump_deleted)


def _prepare(settings: Settings, page_ids: Collection[str]) -> tuple[Traces, Quotations]:
    traces = find_traces(settings.lake, page_ids)
    names = {name for _, name in traces.names}
    return traces, Quotations(traces.texts, names)


def _erase_lake(settings: Settings, request: Request, traces: Traces, publish: bool) -> int:
    """Erase rows, learn the chrome book without the pages, publish, then delete files."""
    lake, page_ids = settings.lake, request.page_ids
    reason, by, now = request.reason, request.erased_by, request.at
    erase_pages(lake, page_ids, reason, by, now)
    _forget_derived(settings)
    run_id = f"erase__{now.isoformat()}"
    maintenance.learn(settings, maintenance.gather(settings, run_id), now)
    if publish:
        publish_lake(settings)
    return finish_erasure(lake, page_ids, traces, reason, by, now)


def _forget_derived(settings: Settings) -> None:
    """Delete what is rebuilt from the lake and would keep deleted rows in its free pages."""
    shutil.rmtree(settings.ledger_index.parent, ignore_errors=True)
    warehouse = settings.warehouse
    shutil.rmtree(warehouse.with_name(f"{warehouse.name}.search"), ignore_errors=True)
    for pattern in (f"{warehouse.name}.wal*", f".{warehouse.name}.staged*"):
        for path in warehouse.parent.glob(pattern):
            path.unlink(missing_ok=True)


def _scrub(database: str | None, quotations: Quotations, environ: Mapping[str, str]) -> int:
    if database is None:
        return 0

    def rewrite(text: str) -> str | None:
        if quotations.quotes(text):
            return ""
        return quotations.without_names(text) if quotations.names_in(text) else None

    return scrub_database(database, rewrite, environ)


def _drop_dump(dump: Path, quotations: Quotations, environ: Mapping[str, str]) -> bool:
    """Delete a compressed dump if it holds texts of the pages; return whether it did."""
    lines = run_tool("pg_restore", "", ["--file=-", str(dump)], environ).splitlines()
    if any(quotations.quotes(line) or quotations.names_in(line) for line in lines):
        dump.unlink()
        return True
    return False


def _renew_manifest(settings: Settings, folder: Path) -> None:
    """Write the new versions and counts, so that the backup can still be restored."""
    from include.lake.delta.tables import live_files, open_table
    from include.lake.maintenance.vacuum import tables_there

    tables: list[CopiedTable] = []
    for kind in tables_there(settings.lake):
        table = open_table(settings.lake, kind)
        files = live_files(table)
        sums = int(files["num_records"].sum()), int(files["size_bytes"].sum())
        tables.append(CopiedTable(kind.name, table.version(), *sums))
    path = folder / backups_of.MANIFEST
    manifest = json.loads(path.read_bytes())
    manifest["tables"] = [asdict(table) for table in tables]
    manifest["database"] = any((folder / name).is_file() for name in DUMPS.values())
    path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def check_backups(folders: Sequence[Path]) -> None:
    """Raise `BackupFailed` unless every folder is a backup, before anything is erased."""
    for folder in folders:
        if not folder.is_dir():
            raise BackupFailed("backup", str(folder), "There is no such folder.")
        backups_of.read_manifest(folder)

"""
Back up a home and restore it: Airflow's database, receipts and alerts, then the lake.

Runs may go on. The lake is copied last, so it holds at least what the database says has landed;
what landed in between is known to the copied ledger, and what did not is still in the inbox. A
backup is written aside and renamed when it is complete. The warehouse, the search index and the
ledger's index are derived from the lake and not copied; secrets (`.env`, `airflow/secrets.json`)
are not copied either, since a backup usually goes to people who should not have them.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from include.config.settings import Settings
from include.errors import BackupFailed
from include.lake.copying import CopiedTable, check_copy, copy_lake, put_back
from include.storage.databases import dump_database, load_database
from include.storage.disk_errors import translate_disk_errors

MANIFEST = "manifest.json"
FORMAT = 1
FOLDERS = ("receipts", "alerts")


def back_up(
    settings: Settings,
    target: Path,
    now: datetime,
    database: str | None,
    environ: Mapping[str, str],
    previous: Path | None = None,
) -> tuple[CopiedTable, ...]:
    """
    Back up a home into a new folder.

    Args:
        database: URL of Airflow's database; None: there is none.
        previous: an earlier backup on the same disk, whose unchanged files are linked.
    Raises:
        BackupFailed: the folder exists, or the database cannot be dumped.
        LakeDamaged, LakeLocked: as in `copy_lake`.
    """
    if target.exists():
        raise BackupFailed("backup", str(target), "It exists; give a new folder.")
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    with translate_disk_errors("backup", target):
        try:
            aside.mkdir(parents=True, mode=0o700)
            if database:
                dump_database(database, aside, environ)
            for name in FOLDERS:
                _copy_folder(settings.home / name, aside / name)
            tables = copy_lake(settings.lake, aside / "lake", previous and previous / "lake")
            check_copy(aside / "lake", tables)
            manifest = {
                "format": FORMAT, "made_at": now.isoformat(), "home": str(settings.home),
                "database": bool(database), "tables": [asdict(table) for table in tables],
            }  # fmt: skip
            (aside / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            os.replace(aside, target)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise
    return tables


def restore(
    settings: Settings, source: Path, database: str | None, environ: Mapping[str, str]
) -> tuple[CopiedTable, ...]:
    """
    Put a backup into an empty home; the caller publishes afterwards.

    Args:
        database: URL of an empty database to load; None: leave Airflow's history out.
    Raises:
        BackupFailed: this is no backup, or something is in the way.
        LakeDamaged: the backup is incomplete; nothing was written.
    """
    tables = read_manifest(source)
    check_copy(source / "lake", tables)
    _refuse_occupied(settings)
    if database:
        load_database(database, source, environ)
    for name in FOLDERS:
        _copy_folder(source / name, settings.home / name)
    put_back(source / "lake", settings.lake)
    return tables


def read_manifest(source: Path) -> tuple[CopiedTable, ...]:
    """Return the tables of a backup; raises `BackupFailed` for a folder that is none."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_bytes())
        if manifest["format"] != FORMAT:
            raise BackupFailed("backup", str(source), "Another version of Copydesk made it.")
        return tuple(CopiedTable(**table) for table in manifest["tables"])
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise BackupFailed("backup", str(source), "It holds no complete backup.") from exc


def _refuse_occupied(settings: Settings) -> None:
    from include.lake.delta.tables import has_table
    from include.schema.lake import LAKE_TABLES

    if any(has_table(settings.lake, kind) for kind in LAKE_TABLES):
        way_out = "It holds tables; move them away, or restore into another --home."
        raise BackupFailed("lake", str(settings.lake), way_out)
    for name in FOLDERS:
        if (settings.home / name).exists() and any((settings.home / name).iterdir()):
            way_out = "It is not empty; move it away first."
            raise BackupFailed("home", str(settings.home / name), way_out)


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder in which files come and go; one that goes meanwhile is left out."""
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        place = target / path.relative_to(source)
        with suppress(FileNotFoundError):
            if path.is_dir():
                place.mkdir(parents=True, exist_ok=True)
            elif path.is_file():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, place)

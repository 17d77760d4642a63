"""The commands `backup` and `restore`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from include.config.settings import Settings
from include.lake.copying import CopiedTable
from include.pipeline import backup, steps
from include.terminal.home import refuse_unborn
from include.text import pluralize

CONNECTION = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"


def run_backup(
    settings: Settings,
    target: Path,
    previous: Path | None,
    environ: Mapping[str, str],
    as_json: bool = False,
) -> int:
    """
    Back up the home into a new folder; print what it holds.

    Raises:
        NotFound: nothing was ingested into this home.
    """
    refuse_unborn(settings)
    database = find_database(settings, environ)
    tables = backup.back_up(settings, target, datetime.now(UTC), database, environ, previous)
    _report("backed up", target, tables, bool(database), as_json)
    return 0


def run_restore(
    settings: Settings, source: Path, environ: Mapping[str, str], as_json: bool = False
) -> int:
    """Restore a backup into an empty home and publish; print what was restored."""
    database = environ.get(CONNECTION)
    if database is None and (source / "airflow.db").is_file():
        database = f"sqlite:///{_database_file(settings)}"
    tables = backup.restore(settings, source, database, environ)
    steps.publish(settings)
    _report("restored", settings.home, tables, bool(database), as_json)
    return 0


def _database_file(settings: Settings) -> Path:
    return settings.home / "airflow" / "airflow.db"  # as `standalone.environment` places it


def find_database(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """Return the URL of Airflow's database: the environment's, or the embedded one if it exists."""
    file = _database_file(settings)
    return environ.get(CONNECTION) or (f"sqlite:///{file}" if file.is_file() else None)


def _report(
    verb: str, place: Path, tables: tuple[CopiedTable, ...], has_database: bool, as_json: bool
) -> None:
    rows = {table.table: table.rows for table in tables}
    size_bytes = sum(table.size_bytes for table in tables)
    if as_json:
        print(json.dumps({"rows": rows, "bytes": size_bytes, "database": has_database}))
        return
    with_history = "with" if has_database else "without"
    Console(highlight=False).print(
        f"{verb} {place}: {pluralize(len(tables), 'table')}, {rows.get('pages', 0):,} deliveries, "
        f"{rows.get('stories', 0):,} stories, {size_bytes / 1e6:.1f} MB, "
        f"{with_history} Airflow's history",
        soft_wrap=True,
        markup=False,
    )

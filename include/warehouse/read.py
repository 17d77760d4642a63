"""
Read the warehouse: SQL that a person types, and the terminal's own queries. Never writes.

A connection reads the file and the lake's folder only: no other file, no network, no change of
settings. `guard` refuses statements that write. A connection is opened per query, so that each
query sees the newest version.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from include.errors import QueryRefused, WarehouseMissing
from include.model import LakeVersion
from include.storage.locations import Root, Store, is_url, open_filesystem
from include.warehouse.guard import count_guarded, run_guarded, stream_guarded
from include.warehouse.lock import ASK_AGAIN, refuse_writer
from include.warehouse.publish import publish_warehouse
from include.warehouse.published import OFFLINE
from include.warehouse.queries import load_query, quote_text
from include.warehouse.search.place import has_index, index_folder

MEMORY = "1GB"


def run_query(
    path: Path, sql: str, limit: int | None = None, memory_limit: str = MEMORY
) -> pa.Table:
    """
    Run a person's SQL and return the rows it selects, `limit` of them at most.

    Raises:
        WarehouseMissing: nothing has been published yet.
        WarehouseHeld: a process has the file open for writing.
        UsageWrong, QueryRefused: as in `run_guarded`.
    """
    with open_warehouse(path, memory_limit) as con:
        return run_guarded(con, sql, limit)


@contextmanager
def stream_query(
    path: Path, sql: str, rows: int, memory_limit: str = MEMORY
) -> Iterator[pa.RecordBatchReader]:
    """
    Run a person's SQL; inside the block, its result can be read in batches of about `rows` rows.

    Raises:
        As `run_query`; errors of the query also while the batches are read.
    """
    with open_warehouse(path, memory_limit) as con, stream_guarded(con, sql, rows) as reader:
        yield reader


def count_rows(path: Path, sql: str, memory_limit: str = MEMORY) -> int:
    """Count the rows that a person's SQL selects; raises as `run_query`."""
    with open_warehouse(path, memory_limit) as con:
        return count_guarded(con, sql)


def landed_stories(path: Path, run_id: str | None = None) -> pa.Table:
    """List the current stories, of one run or of all runs, by file and position."""
    return _ask(path, "landed_stories", run_id=run_id)


def least_sure(path: Path, stories: int) -> pa.Table:
    """List the current stories with the lowest confidence, lowest first."""
    return _ask(path, "least_sure", stories=stories)


def run_files(path: Path, run_id: str) -> pa.Table:
    """List the files that a run did not take in full, by name, with the reason."""
    return _ask(path, "run_files", run_id=run_id)


def run_quarantine(path: Path, run_id: str) -> pa.Table:
    """List the stories that a run quarantined, by file and position, with the rules they broke."""
    return _ask(path, "run_quarantine", run_id=run_id)


def page_stories(path: Path, page_ids: Sequence[str]) -> pa.Table:
    """List the stories of some pages, landed or set aside, with the spans of their bodies."""
    return _ask(path, "page_stories", pages=list(page_ids))


def read_status(path: Path) -> pa.Table:
    """Summarize the warehouse in one row: the lake's version, row counts, the last run."""
    return _ask(path, "read_status")


def read_runs(path: Path, runs: int = 10) -> pa.Table:
    """List the last runs, newest first."""
    return _ask(path, "read_runs", runs=runs)


@contextmanager
def open_warehouse(path: Path, memory_limit: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the published file read-only, with access to itself and its lake only.

    Raises:
        WarehouseMissing: the file does not exist.
        WarehouseHeld: a process has it open for writing.
        QueryRefused: DuckDB cannot open it, or another Copydesk published it.
    """
    if not path.exists():
        raise WarehouseMissing(
            "warehouse", str(path), "Run ingest first: it publishes the warehouse."
        )
    with (
        tempfile.TemporaryDirectory(prefix="copydesk-spill-") as spill,
        _connect(path, {**OFFLINE, "memory_limit": memory_limit, "temp_directory": spill}) as con,
    ):
        ((_, _, root, _),) = con.execute(load_query("read_snapshot")).fetchall()
        if is_url(root):  # with the credentials of the caller's environment
            con.register_filesystem(open_filesystem(Store(root)))
        con.execute("set timezone = 'UTC'")
        _add_search(con, path)
        con.execute(f"set allowed_directories = [{quote_text(f'{root}/')}]")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            way_out = (
                "A different Copydesk version published it; run ingest, which publishes it again."
            )
            raise QueryRefused("warehouse", str(path), way_out) from exc


def _connect(path: Path, config: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as exc:
        refuse_writer(path, then=ASK_AGAIN)
        reason = str(exc).strip().splitlines()[0]
        raise QueryRefused("warehouse", str(path), reason) from exc


def _add_search(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let the connection search the index, if `analyze` has made one."""
    folder = index_folder(path)
    if has_index(folder):
        from include.warehouse.search.sql import add_search  # takes 0.1 s to import

        add_search(con, folder)


def _ask(path: Path, name: str, **values: object) -> pa.Table:
    """Run a query of `include/warehouse/sql/` with values bound."""
    with open_warehouse(path) as con:
        return con.sql(load_query(name), params=values or None).to_arrow_table()


def run_query_at(
    version: LakeVersion, sql: str, limit: int | None, memory_limit: str, lake: Root | None = None
) -> pa.Table:
    """
    Run a person's SQL on the warehouse as of a lake version; otherwise like `run_query`.

    Raises:
        UsageWrong, QueryRefused: as in `run_query`.
    """
    with tempfile.TemporaryDirectory(prefix="copydesk-past-") as folder:
        target = Path(folder) / "warehouse.duckdb"
        publish_warehouse(lambda: version, target, memory_limit, lake=lake)
        return run_query(target, sql, limit, memory_limit)

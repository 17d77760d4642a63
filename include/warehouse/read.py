"""
Read the warehouse: a person's SQL, and the questions the terminal asks. Never writes.

A connection reads the file and the lake's folder and nothing else: no other file, no network, no
settings. It lives for one query, so that each one sees the newest version.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa

from include.errors import QueryRefused, UsageWrong, WarehouseMissing
from include.model import LakeVersion
from include.storage.locations import Root, Store, is_url, open_filesystem
from include.warehouse.lock import ASK_AGAIN, refuse_writer
from include.warehouse.publish import publish_warehouse
from include.warehouse.published import OFFLINE
from include.warehouse.queries import load_query, quote_text

MEMORY = "1GB"
OF_SQL_ALONE = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def run_query(
    path: Path, sql: str, limit: int | None = None, memory_limit: str = MEMORY
) -> pa.Table:
    """
    Run a person's SQL; give the rows of its last statement, `limit` of them at most.

    Raises:
        WarehouseMissing: nothing was published yet.
        WarehouseHeld: somebody has the file open for writing.
        UsageWrong: it is empty, or asks several questions, of which one would be answered.
        QueryRefused: DuckDB refused it. The message is DuckDB's own: all of it where it speaks of
        the SQL alone, its first line where it may quote what a story says.
    """
    with open_warehouse(path, memory_limit) as con:
        try:
            _check_one(con, sql)
            found = cast("duckdb.DuckDBPyRelation | None", con.sql(sql))  # None: no rows to give
            if found is None:
                return pa.table({})
            return (found if limit is None else found.limit(limit)).to_arrow_table()
        except OF_SQL_ALONE as exc:
            raise QueryRefused("query", sql, str(exc).strip()) from exc
        except duckdb.Error as exc:
            reason = str(exc).strip().splitlines()[0]
            raise QueryRefused("query", sql, reason) from exc


def _check_one(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse what answers nothing, or holds an answer back."""
    statements = con.extract_statements(sql)
    if not statements:
        raise UsageWrong("query", sql, "Write one, as in `from stories limit 5`.")
    if any(one.type == duckdb.StatementType.SELECT for one in statements[:-1]):
        way_out = f"These are {len(statements)} statements, of which only the last would be shown."
        raise UsageWrong("query", sql, f"{way_out} Ask them one by one.")


def landed_stories(path: Path, run_id: str | None = None) -> pa.Table:
    """List the stories that stand, of one run or of all, by file and position."""
    return _ask(path, "landed_stories", run_id=run_id)


def least_sure(path: Path, stories: int) -> pa.Table:
    """List the stories that stand and are least sure, the least sure first."""
    return _ask(path, "least_sure", stories=stories)


def run_files(path: Path, run_id: str) -> pa.Table:
    """List the files that a run did not take, by name, with the reason."""
    return _ask(path, "run_files", run_id=run_id)


def run_quarantine(path: Path, run_id: str) -> pa.Table:
    """List the stories that a run set aside, by file and position, with the rules they broke."""
    return _ask(path, "run_quarantine", run_id=run_id)


def read_status(path: Path) -> pa.Table:
    """Sum the warehouse up in one row: the lake's version, what stands, the last run."""
    return _ask(path, "read_status")


def read_runs(path: Path, runs: int = 10) -> pa.Table:
    """List the last runs, newest first."""
    return _ask(path, "read_runs", runs=runs)


@contextmanager
def open_warehouse(path: Path, memory_limit: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """
    Open the published file for reading, locked to itself and its lake.

    Raises:
        WarehouseMissing: no file. WarehouseHeld, QueryRefused: it does not open.
    """
    if not path.exists():
        raise WarehouseMissing("warehouse", str(path), "Run ingest first.")
    spill = str(Path(tempfile.gettempdir()) / "copydesk-spill")
    config = {**OFFLINE, "memory_limit": memory_limit, "temp_directory": spill}
    try:
        con = duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as exc:
        refuse_writer(path, then=ASK_AGAIN)
        reason = str(exc).strip().splitlines()[0]
        raise QueryRefused("warehouse", str(path), reason) from exc
    with con:
        ((_, _, root, _),) = con.execute(load_query("read_snapshot")).fetchall()
        if is_url(root):  # by the environment's credentials: who asks here brings their own
            con.register_filesystem(open_filesystem(Store(root)))
        con.execute("set timezone = 'UTC'")
        con.execute(f"set allowed_directories = [{quote_text(f'{root}/')}]")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            way_out = "Another Copydesk published it; run ingest, which publishes it anew."
            raise QueryRefused("warehouse", str(path), way_out) from exc


def _ask(path: Path, name: str, **values: object) -> pa.Table:
    """Run a query of `include/warehouse/sql/` with bound values."""
    with open_warehouse(path) as con:
        return con.sql(load_query(name), params=values or None).to_arrow_table()


def run_query_at(
    version: LakeVersion, sql: str, limit: int | None, memory_limit: str, lake: Root | None = None
) -> pa.Table:
    """
    Run a person's SQL on the warehouse of a lake version, as `read.run_query` does.

    Raises:
        UsageWrong, QueryRefused: as there.
    """
    with tempfile.TemporaryDirectory(prefix="copydesk-past-") as folder:
        target = Path(folder) / "warehouse.duckdb"
        publish_warehouse(lambda: version, target, memory_limit, lake=lake)
        return run_query(target, sql, limit, memory_limit)

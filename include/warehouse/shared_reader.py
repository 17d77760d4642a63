"""
Read the published warehouse from many threads, for a server that runs for weeks.

`open_warehouse` opens the file per query, which takes 0.15 s and allows one thread. Here a version
of the file is opened once and shared; when a publication has replaced the file, the next query
opens the new one, and the old one is closed with its last query.
"""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb

from include.errors import QueryRefused, WarehouseMissing
from include.storage.locations import Store, is_url, open_filesystem
from include.warehouse.published import OFFLINE
from include.warehouse.queries import load_query, quote_text
from include.warehouse.read import MEMORY

CATALOG = "warehouse"
THREADS = 2  # of DuckDB, for all queries together; a server of Airflow has other work
OTHER_VERSION = "A different Copydesk published it; run ingest, which publishes it again."
KEPT_ANSWERS, KEPT_ROWS = 256, 300  # some 10 MB
Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """
    A connection to one version of the warehouse. version: changes with each publication.
    """

    con: duckdb.DuckDBPyConnection
    version: str
    answers: Answers

    def ask(self, sql: str, **values: object) -> list[Row]:
        """Return the rows of a query, with its values bound."""
        rows: list[Row] = self.con.sql(sql, params=values or None).to_arrow_table().to_pylist()
        return rows

    def ask_again(self, sql: str, **values: object) -> list[Row]:
        """
        Do as `ask`, from memory if this was asked of this version before, with the same values.

        For short answers to questions that many readers ask; change no list inside a row.
        """
        key = f"{sql}\0{values!r}"
        rows = self.answers.get(key)
        if rows is None:
            rows = self.ask(sql, **values)
            self.answers.keep(key, rows)
        return [dict(row) for row in rows]


class Answers:
    """The last answers of one version, of at most KEPT_ROWS rows each; of all threads."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, list[Row]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> list[Row] | None:
        """Return the answer that was kept; None if there is none."""
        with self._lock:
            if key in self._rows:
                self._rows.move_to_end(key)
            return self._rows.get(key)

    def keep(self, key: str, rows: list[Row]) -> None:
        """Keep an answer, and forget the one that was not asked for the longest."""
        if len(rows) > KEPT_ROWS:
            return
        with self._lock:
            self._rows[key] = rows
            if len(self._rows) > KEPT_ANSWERS:
                self._rows.popitem(last=False)


@dataclass
class _Version:
    """An open version of the file; stamp: inode, time and size of the file it was read from."""

    con: duckdb.DuckDBPyConnection
    stamp: tuple[int, int, int]
    name: str
    answers: Answers = field(default_factory=Answers)
    readers: int = 0
    is_replaced: bool = False


class SharedReader:
    """Gives connections to the newest version of a published file."""

    def __init__(self, path: Path, memory_limit: str = MEMORY) -> None:
        self.path, self._memory_limit = path, memory_limit
        self._lock = threading.Lock()
        self._current: _Version | None = None

    @contextmanager
    def read(self) -> Iterator[Reading]:
        """
        Give a connection that sees one version of the warehouse while the block runs.

        Raises:
            WarehouseMissing: nothing has been published yet.
            QueryRefused: DuckDB cannot open the file, or another Copydesk published it.
        """
        version = self._enter()
        con = version.con.cursor()
        try:
            con.execute(f"use {CATALOG}")
            yield Reading(con, version.name, version.answers)
        except (duckdb.CatalogException, duckdb.BinderException) as exc:
            raise QueryRefused("warehouse", str(self.path), OTHER_VERSION) from exc
        finally:
            con.close()
            self._leave(version)

    def close(self) -> None:
        """Close the file once its last query has ended."""
        with self._lock:
            self._replace(None)

    def _enter(self) -> _Version:
        with self._lock:
            stamp = self._stamp()
            if self._current is None or self._current.stamp != stamp:
                self._replace(self._open(stamp))
            assert self._current is not None
            self._current.readers += 1
            return self._current

    def _leave(self, version: _Version) -> None:
        with self._lock:
            version.readers -= 1
            _close_unused(version)

    def _replace(self, new: _Version | None) -> None:
        old, self._current = self._current, new
        if old is not None:
            old.is_replaced = True
            _close_unused(old)

    def _stamp(self) -> tuple[int, int, int]:
        try:
            stat = self.path.stat()
        except FileNotFoundError as exc:
            way_out = "Run ingest first: it publishes the warehouse."
            raise WarehouseMissing("warehouse", str(self.path), way_out) from exc
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _open(self, stamp: tuple[int, int, int]) -> _Version:
        """
        Attach the file to a database of its own: `duckdb.connect` would give the instance that has
        this path open already, and so the replaced file.
        """
        # DuckDB makes this folder when it runs out of memory, and removes it when it is closed.
        spill = Path(tempfile.gettempdir()) / f"copydesk-spill-{uuid4().hex}"
        limits = {"memory_limit": self._memory_limit, "temp_directory": str(spill)}
        con = duckdb.connect(":memory:", config={**OFFLINE, **limits, "threads": THREADS})
        try:
            con.execute(f"attach {quote_text(str(self.path))} as {CATALOG} (read_only)")
            con.execute(f"use {CATALOG}")
            ((key, projection, root, built_us),) = con.execute(
                load_query("read_snapshot")
            ).fetchall()
            if is_url(root):
                con.register_filesystem(open_filesystem(Store(root)))
            con.execute("set global timezone = 'UTC'")
            con.execute(f"set allowed_directories = [{quote_text(f'{root}/')}]")
            con.execute("set enable_external_access = false")
            con.execute("set lock_configuration = true")
        except (duckdb.Error, ValueError) as exc:
            con.close()
            raise QueryRefused("warehouse", str(self.path), str(exc).splitlines()[0]) from exc
        return _Version(con, stamp, f"{key} {projection} {built_us}")


def _close_unused(version: _Version) -> None:
    if version.is_replaced and version.readers == 0:
        version.con.close()

"""
The ledger's index: the deliveries of `pages`, cached in SQLite for lookups.

It is a copy that follows the live files of `pages`, so updating it costs as much as reading the new
files, and a lost, outdated or broken index is rebuilt. Rows are dropped with their file and read
again from the file that compaction wrote. Each update is one transaction, so a kill leaves the
index unchanged. `current` decides what is newest and current; the index only stores the result.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from include.errors import IndexBusy
from include.lake.delta.connect import open_file
from include.lake.delta.tables import has_table, open_table
from include.lake.ledger import index_rows as rows
from include.lake.ledger.current import DELIVERY
from include.schema.lake import PAGES
from include.storage.locations import Root

NUMBERED = pl.Schema({**DELIVERY, "row": pl.Int64()})
CACHE_KB = 64_000  # with SQLite's default of 2,000, inserting a million rows took twice as long
PATIENCE_S = 60.0  # building an index of a million rows takes 10 s of CPU
BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# Raise it when `current` or `index_rows` changes what an index holds; test_index_version.py checks.
INDEX_VERSION = "2"


class LedgerIndex:
    """The deliveries in the lake: intake looks up single files, a landing whole sets of names."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con
        self._last = ("", "", "")  # inbox, name and page_id: intake asks twice in a row

    def knows_name(self, inbox: str, name: str) -> bool:
        """Check whether a file of that name was ever delivered."""
        return self._newest(inbox, name) is not None

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        """Check whether the newest delivery of a name, rejected or not, is this page."""
        return self._newest(inbox, name) == page_id

    def knows_page(self, page_id: str) -> bool:
        """Check whether a page is current, so that its bytes need not be split again."""
        query = "select 1 from delivery where page_id = ? and stands limit 1"
        return self._con.execute(query, (page_id,)).fetchone() is not None

    def about(self, names: pl.DataFrame, page_ids: pl.Series) -> pl.DataFrame:
        """
        Return every delivery that is relevant to some names and pages, unordered.

        Args:
            names: columns inbox, name.
        Returns:
            Columns of `DELIVERY`: all deliveries of these names, of all names that ever delivered
            these pages, and of all names that ever delivered a page of these names. They suffice
            to decide which delivery of a name is newest and whether a page is current.
        """
        self._con.execute("begin")
        try:
            rows.want(self._con, names, page_ids)
            rows.close_over(self._con)
            return rows.fetch_wanted(self._con).select(list(DELIVERY))
        finally:
            self._con.rollback()  # only the temporary tables were written

    def about_run(self, run_id: str) -> pl.DataFrame:
        """Return every delivery relevant to the names and pages of a run, as `about` does."""
        query = (
            "select inbox, name, page_id from run join delivery using (run_no)"
            " join inbox using (inbox_no) where run_id = ?"
        )
        schema = {name: DELIVERY[name] for name in ("inbox", "name", "page_id")}
        own = pl.DataFrame(self._con.execute(query, (run_id,)).fetchall(), schema, orient="row")
        return self.about(own, own["page_id"])

    def run_ids(self) -> set[str]:
        """Return the runs that have rows in the ledger."""
        return {run_id for (run_id,) in self._con.execute("select run_id from run")}

    def follow(self, root: Root) -> None:
        """Add the new commits of `pages`; write nothing if there are none."""
        _follow(self._con, root)
        self._last = ("", "", "")

    def _newest(self, inbox: str, name: str) -> str | None:
        if self._last[:2] != (inbox, name):
            row = self._con.execute(rows.NEWEST, (name, inbox)).fetchone()
            if row is None:
                return None
            self._last = (inbox, name, row[0])
        return self._last[2]


@contextmanager
def open_index(root: Root, path: Path | None = None) -> Iterator[LedgerIndex]:
    """
    Open the index of a lake, updated to the lake's newest version.

    Args:
        path: the file, created if absent; None: an index in memory for the duration of the block.
    Raises:
        IndexBusy: another process kept it locked, or it turned out to be corrupt during a query.
    """
    con = _open(root, path)
    try:
        yield LedgerIndex(con)
    except sqlite3.DatabaseError as exc:
        if path is not None and exc.sqlite_errorcode in BROKEN:
            _discard(path)
        raise IndexBusy("index of the ledger", str(path), f"Try again ({exc}).") from exc
    finally:
        con.close()


def _open(root: Root, path: Path | None) -> sqlite3.Connection:
    """Connect and update; a file that is corrupt or not an index is rebuilt."""
    for attempt in (1, 2):
        con = _connect(path)
        try:
            con.execute(f"pragma cache_size = -{CACHE_KB}")
            _follow(con, root)
        except sqlite3.DatabaseError as exc:
            con.close()
            if path is None or attempt == 2 or exc.sqlite_errorcode not in BROKEN:
                way_out = f"Try again, or remove it; it will be rebuilt ({exc})."
                raise IndexBusy("index of the ledger", str(path), way_out) from exc
            _discard(path)
        except BaseException:
            con.close()
            raise
        else:
            return con
    raise AssertionError


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite3.connect(path or ":memory:", timeout=PATIENCE_S, isolation_level=None)


def _discard(path: Path) -> None:
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def _follow(con: sqlite3.Connection, root: Root) -> None:
    """Update the index to the newest version of `pages`; check first, so readers never wait."""
    table = open_table(root, PAGES) if has_table(root, PAGES) else None
    wanted = _stamp_of(table)
    if _read_stamp(con) == wanted:
        return
    con.execute("begin immediate")
    try:
        if _read_stamp(con).split()[:2] != wanted.split()[:2]:
            rows.forget_rows(con)
        if table is not None:
            _sync_files(con, root, table)
        con.execute("insert or replace into stamp values (1, ?)", (wanted,))
        con.execute("commit")
    except BaseException:
        con.rollback()
        raise


def _stamp_of(table: DeltaTable | None) -> str:
    """
    Return the stamp of an index: its rules' version, the table, and the table's version.

    The stamp includes the last commit, since a lake restored from a backup may reach the same
    version number with other commits.
    """
    if table is None:
        return f"{INDEX_VERSION} none 0"
    commit = json.dumps(table.history(1), sort_keys=True, default=str)
    digest = hashlib.sha256(commit.encode()).hexdigest()[:16]
    return f"{INDEX_VERSION} {table.metadata().id} {table.version()} {digest}"


def _read_stamp(con: sqlite3.Connection) -> str:
    if con.execute("select 1 from sqlite_master where name = 'stamp'").fetchone() is None:
        return ""
    return "".join(stamp for (stamp,) in con.execute("select stamp from stamp"))


def _sync_files(con: sqlite3.Connection, root: Root, table: DeltaTable) -> None:
    """Make the index hold exactly the rows of the table's live files."""
    live = _live_files(table)
    indexed = dict(con.execute("select path, last - first + 1 from file"))
    gone = sorted(indexed.keys() - live.keys())
    if 2 * sum(indexed[path] for path in gone) > sum(indexed.values()):
        rows.forget_rows(con)  # faster than row by row
        indexed, gone = {}, []
    new = sorted(live.keys() - indexed.keys())
    fresh = _read_files(con, root, {path: live[path] for path in new})
    fresh = _remark_old(con, fresh, gone) if indexed else rows.mark(fresh)
    rows.insert_rows(con, fresh)
    rows.sort_rows(con)
    if gone:
        rows.drop_idle_runs(con)


def _remark_old(con: sqlite3.Connection, fresh: pl.DataFrame, gone: list[str]) -> pl.DataFrame:
    """Drop removed files, re-mark the rows they or new rows affect, and return the new rows."""
    rows.want(con, fresh, fresh["page_id"])
    for path in gone:
        rows.want_file(con, path)
    rows.close_over(con)
    for path in gone:
        rows.drop_file(con, path)
    old = rows.fetch_wanted(con)
    marked = rows.mark(pl.concat([old, fresh], how="diagonal"))
    rows.update_marks(con, marked.head(old.height))
    return marked.tail(fresh.height)


def _live_files(table: DeltaTable) -> dict[str, date]:
    """Return the paths of a table's files, with the day of their rows."""
    actions = pl.DataFrame(pa.table(table.get_add_actions(flatten=True)))
    return dict(actions.select("path", "partition.ingest_day").iter_rows()) if len(actions) else {}


def _read_files(con: sqlite3.Connection, root: Root, files: dict[str, date]) -> pl.DataFrame:
    """Read and number the deliveries of some files, and record each file's row numbers."""
    parts = [pl.DataFrame(schema=NUMBERED)]
    at = rows.next_row(con)
    columns = [name for name in DELIVERY if name != "ingest_day"]
    for path, day in files.items():
        with open_file(root, f"{PAGES.name}/{path}") as source:
            deliveries = pq.read_table(source, columns=columns)
        numbers = pl.int_range(at, at + deliveries.num_rows, dtype=pl.Int64)
        part = pl.DataFrame(deliveries).with_columns(ingest_day=pl.lit(day), row=numbers)
        parts.append(part.select(list(NUMBERED)).cast(NUMBERED))
        rows.put_file(con, path, at, deliveries.num_rows)
        at += deliveries.num_rows
    return pl.concat(parts)

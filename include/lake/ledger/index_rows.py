"""
The rows of the ledger's index: their SQLite schema, and how to insert, delete and fetch them.

All values are bound. What `current` decides about a row is stored with it (`is_newest`, `stands`).
"""

from __future__ import annotations

import sqlite3

import polars as pl

from include.lake.ledger.current import DELIVERY, current_rows, newest_deliveries

ROWS_AT_ONCE = 50_000
RUN = ["run_id", "ingested_at", "ingest_day"]
SCHEMA = """
create table stamp (only integer primary key, stamp text not null);
create table file (path text primary key, first integer not null, last integer not null);
create table inbox (inbox_no integer primary key, inbox text not null unique);
create table run (run_no integer primary key, run_id text not null, ingested_at integer not null,
    ingest_day integer not null, unique (run_id, ingested_at, ingest_day));
create table delivery (row integer primary key, inbox_no integer not null, name text not null,
    page_id text not null, outcome text not null, revises_page_id text, run_no integer not null,
    is_newest integer not null, stands integer not null)
"""
NEWEST = """
select page_id from delivery where name = ? and is_newest
    and inbox_no = (select inbox_no from inbox where inbox = ?)
"""
INSERTED = (
    "row", "inbox_no", "name", "page_id", "outcome", "revises_page_id", "run_no", "is_newest",
    "stands",
)  # fmt: skip
SORTED = """
create index if not exists by_name on delivery (inbox_no, name);
create index if not exists by_page on delivery (page_id);
create index if not exists by_run on delivery (run_no)
"""
WANTED = """
create temp table if not exists wanted_name (inbox_no integer, name text,
    primary key (inbox_no, name)) without rowid;
create temp table if not exists wanted_page (page_id text primary key) without rowid
"""
FETCHED = {
    "row": pl.Int64(), "inbox": pl.String(), "name": pl.String(), "page_id": pl.String(),
    "outcome": pl.String(), "revises_page_id": pl.String(), "run_id": pl.String(),
    "ingested_at": pl.Int64(), "ingest_day": pl.Int32(), "was_newest": pl.Boolean(),
    "stood": pl.Boolean(), "is_near": pl.Boolean(),
}  # fmt: skip


def forget_rows(con: sqlite3.Connection) -> None:
    """Drop and recreate the tables, empty, within the open transaction."""
    tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
    for (name,) in tables:
        con.execute(f"drop table {name}")
    for statement in SCHEMA.split(";"):
        con.execute(statement)


def sort_rows(con: sqlite3.Connection) -> None:
    """Create the SQL indexes unless they exist; on a new database, after all rows are inserted."""
    for statement in SORTED.split(";"):
        con.execute(statement)


def want(con: sqlite3.Connection, names: pl.DataFrame, page_ids: pl.Series) -> None:
    """Start a closure with some names (columns inbox, name) and pages."""
    _empty_wanted(con)
    query = "insert or ignore into wanted_name select inbox_no, ? from inbox where inbox = ?"
    con.executemany(query, names.select("name", "inbox").iter_rows())
    con.executemany(
        "insert or ignore into wanted_page values (?)", ((page_id,) for page_id in page_ids)
    )


def close_over(con: sqlite3.Connection) -> None:
    """
    Complete the closure: add the pages of its names, then all names that delivered its pages.

    Which delivery of a name is newest, and what a name shows, depends on all deliveries of the
    name; whether a page is current depends on all names that ever delivered it.
    """
    con.execute(
        "insert or ignore into wanted_page select page_id from wanted_name"
        " join delivery using (inbox_no, name)"
    )
    con.execute(
        "insert or ignore into wanted_name select inbox_no, name from wanted_page"
        " join delivery using (page_id)"
    )


def fetch_wanted(con: sqlite3.Connection) -> pl.DataFrame:
    """
    Return the wanted names' deliveries: `DELIVERY`'s columns, row, was_newest, stood, is_near.

    `is_near`: the page is a wanted one; for other pages some names may be missing from the rows.
    """
    cursor = con.execute(
        "select row, inbox, name, page_id, outcome, revises_page_id, run_id, ingested_at,"
        " ingest_day, is_newest, stands, page_id in (select page_id from wanted_page)"
        " from wanted_name join delivery using (inbox_no, name) join inbox using (inbox_no)"
        " join run using (run_no)"
    )
    parts = [pl.DataFrame(schema=FETCHED)]
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        parts.append(pl.DataFrame(rows, FETCHED, orient="row"))
    return pl.concat(parts).cast({name: DELIVERY[name] for name in RUN})


def want_file(con: sqlite3.Connection, path: str) -> None:
    """Add the names and pages of a file's rows to the closure."""
    rows = "from file join delivery on row between first and last where path = ?"
    con.execute(f"insert or ignore into wanted_name select inbox_no, name {rows}", (path,))
    con.execute(f"insert or ignore into wanted_page select page_id {rows}", (path,))


def drop_file(con: sqlite3.Connection, path: str) -> None:
    """Delete a file's rows."""
    con.execute(
        "delete from delivery where row between (select first from file where path = ?1)"
        " and (select last from file where path = ?1)",
        (path,),
    )
    con.execute("delete from file where path = ?", (path,))


def next_row(con: sqlite3.Connection) -> int:
    """Return the first unused row number."""
    ((last,),) = con.execute("select coalesce(max(row), 0) from delivery")
    return int(last) + 1


def put_file(con: sqlite3.Connection, path: str, first: int, rows: int) -> None:
    """Record which rows belong to a file."""
    con.execute("insert into file values (?, ?, ?)", (path, first, first + rows - 1))


def mark(rows: pl.DataFrame) -> pl.DataFrame:
    """
    Add is_newest and stands, by the rules of `current`.

    The rules only compare and sort, so ranks can replace the texts, in a third of the memory.
    """
    ranked = rows.select(
        "row",
        "outcome",
        "ingested_at",
        *(pl.col(name).rank("dense") for name in ("inbox", "name", "page_id", "run_id")),
    )
    newest = newest_deliveries(ranked)["row"]
    stands = current_rows(ranked)["row"]
    return rows.with_columns(
        is_newest=pl.col("row").is_in(newest.implode()),
        stands=pl.col("row").is_in(stands.implode()),
    )


def insert_rows(con: sqlite3.Connection, rows: pl.DataFrame) -> None:
    """Insert new rows: `DELIVERY`'s columns, row, is_newest, stands."""
    for part in rows.iter_slices(ROWS_AT_ONCE):
        plain = part.cast({"ingested_at": pl.Int64, "ingest_day": pl.Int32})
        inboxes, runs = plain.select("inbox").unique(), plain.select(RUN).unique()
        con.executemany("insert or ignore into inbox (inbox) values (?)", inboxes.iter_rows())
        con.executemany("insert or ignore into run values (null, ?, ?, ?)", runs.iter_rows())
        of_inbox = "select inbox_no from inbox where inbox = ?"
        of_run = "select run_no from run where run_id = ? and ingested_at = ? and ingest_day = ?"
        numbered = plain.join(
            inboxes.with_columns(inbox_no=_numbers(con, of_inbox, inboxes)), on="inbox"
        ).join(runs.with_columns(run_no=_numbers(con, of_run, runs)), on=RUN)
        con.executemany(
            "insert into delivery values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            numbered.select(INSERTED).iter_rows(),
        )


def _numbers(con: sqlite3.Connection, query: str, keys: pl.DataFrame) -> pl.Series:
    """Return the number of each key."""
    return pl.Series(
        [con.execute(query, key).fetchone()[0] for key in keys.iter_rows()], dtype=pl.Int64
    )


def update_marks(con: sqlite3.Connection, rows: pl.DataFrame) -> None:
    """Update is_newest and stands of existing rows; rows that are not near keep their stands."""
    stands = pl.when("is_near").then("stands").otherwise("stood")
    changed = rows.with_columns(stands=stands).filter(
        (pl.col("is_newest") != pl.col("was_newest")) | (pl.col("stands") != pl.col("stood"))
    )
    con.executemany(
        "update delivery set is_newest = ?, stands = ? where row = ?",
        changed.select("is_newest", "stands", "row").iter_rows(),
    )


def drop_idle_runs(con: sqlite3.Connection) -> None:
    """Delete the runs that have no rows left."""
    con.execute(
        "delete from run where not exists"
        " (select 1 from delivery where delivery.run_no = run.run_no)"
    )


def _empty_wanted(con: sqlite3.Connection) -> None:
    for statement in WANTED.split(";"):
        con.execute(statement)
    con.execute("delete from wanted_name")
    con.execute("delete from wanted_page")

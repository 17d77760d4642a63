"""
Let only SQL that reads through to DuckDB. Every statement that a person types passes `run_guarded`.

Read-only mode protects the database file, not the lake's Parquet files: `copy … to` writes wherever
a connection may read. The type of a statement does not settle it either, since DuckDB calls
`with a as (copy …) from a` a select. DuckDB allows such a CTE at the top level alone, so a
statement that binds as a subquery writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from include.errors import QueryRefused, UsageWrong

READS = {duckdb.StatementType.SELECT, duckdb.StatementType.MULTI}  # MULTI: a pivot without `in`
UDF_PREFIX = re.compile(r".*exception occurred while executing the UDF: \w+: ")
EXPLAIN = re.compile(r"explain\s+(?:analyze\s+)?", re.IGNORECASE)
# DuckDB runs one part of such a pivot at the top level, before the rest is bound
WRITES = re.compile(r"\b(copy|insert|update|delete|merge|truncate|export)\b", re.IGNORECASE)
NESTED_WRITE = "must be at the top level"
NESTED = "from (\n{}\n)"  # the line break ends a comment
ALLOWED = "`query` runs one statement that reads: select, from, with, show, describe, explain"
EXAMPLE = "Write a query, for example `from stories limit 5`."
# their messages quote the SQL and never the rows
SQL_ERRORS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def run_guarded(con: duckdb.DuckDBPyConnection, sql: str, limit: int | None) -> pa.Table:
    """
    Run a person's SQL and return its rows, `limit` of them at most.

    Raises:
        UsageWrong: the SQL is empty, holds several statements, does more than read, or reads a file
        or an address outside the warehouse and its lake. Nothing has run.
        QueryRefused: DuckDB rejected it. The message is DuckDB's own: in full where it can quote
        only the SQL, its first line where it may quote a story.
    """
    with _translate_errors(sql):
        return _select(con, sql, limit).to_arrow_table()


@contextmanager
def stream_guarded(
    con: duckdb.DuckDBPyConnection, sql: str, rows: int
) -> Iterator[pa.RecordBatchReader]:
    """
    Run a person's SQL and give its result in batches of about `rows` rows, as they are computed.

    The result is released with the block, read or not: DuckDB waits for ever when it opens a file
    whose last connection was closed and whose last result is still held.

    Raises:
        UsageWrong, QueryRefused: as in `run_guarded`; also while the batches are read.
    """
    with _translate_errors(sql):
        result = _select(con, sql, None).to_arrow_reader(rows)
    batches = _read_batches(result, sql)
    try:
        yield pa.RecordBatchReader.from_batches(result.schema, batches)
    finally:
        batches.close()
        result.close()


def _read_batches(result: pa.RecordBatchReader, sql: str) -> Generator[pa.RecordBatch, None, None]:
    with _translate_errors(sql):
        yield from result


def count_guarded(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """
    Count the rows of a person's SQL, 0 for `explain`.

    Raises:
        UsageWrong, QueryRefused: as in `run_guarded`.
    """
    with _translate_errors(sql):
        statement = _only_statement(con, sql)
        if statement.type == duckdb.StatementType.EXPLAIN:
            return 0
        ((rows,),) = _bind(con, statement, sql)[1].aggregate("count(*)").fetchall()
    return int(rows)


@contextmanager
def _translate_errors(sql: str) -> Iterator[None]:
    try:
        yield
    except duckdb.PermissionException as exc:
        way_out = "It reads outside the warehouse and its lake; see docs/security.md."
        raise UsageWrong("query", sql, f"{_first_line(exc)}. {way_out}") from exc
    except SQL_ERRORS as exc:
        raise QueryRefused("query", sql, str(exc).strip()) from exc
    except duckdb.Error as exc:
        raise QueryRefused("query", sql, _first_line(exc)) from exc


def _select(con: duckdb.DuckDBPyConnection, sql: str, limit: int | None) -> duckdb.DuckDBPyRelation:
    statement = _only_statement(con, sql)
    if statement.type == duckdb.StatementType.EXPLAIN:
        explain, inner = _split_explain(con, statement.query, sql)
        query, _ = _bind(con, inner, sql)
        return con.sql(explain + query)
    query, relation = _bind(con, statement, sql)
    # the statement itself keeps its order and the names of its columns
    return con.sql(query) if limit is None else relation.limit(limit)


def _only_statement(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = con.extract_statements(sql)
    if not statements:
        raise UsageWrong("query", sql, EXAMPLE)
    if len(statements) > 1:
        problem = f"It holds {len(statements)} statements; {ALLOWED}."
        raise UsageWrong("query", sql, f"{problem} Run them one at a time.")
    return statements[0]


def _split_explain(
    con: duckdb.DuckDBPyConnection, query: str, sql: str
) -> tuple[str, duckdb.Statement]:
    """Return `explain` or `explain analyze`, and the statement after it; refuse options."""
    start = EXPLAIN.match(query)
    try:
        inner = con.extract_statements(query[start.end() :]) if start else []
    except duckdb.ParserException:
        inner = []
    if start is None or len(inner) != 1:
        raise UsageWrong("query", sql, "Write `explain select …` or `explain analyze select …`.")
    return start[0], inner[0]


def _bind(
    con: duckdb.DuckDBPyConnection, statement: duckdb.Statement, sql: str
) -> tuple[str, duckdb.DuckDBPyRelation]:
    """
    Bind a statement as a subquery, which fails if it writes; nothing of it runs.

    Returns:
        The statement without its semicolon, and the subquery.
    """
    kind = statement.type.name.replace("_", " ")
    if statement.type not in READS:
        raise _refuse(sql, kind)
    if statement.type == duckdb.StatementType.MULTI and WRITES.search(statement.query):
        raise UsageWrong("query", sql, "Name the pivot's values: `pivot … on … in (…) using …`.")
    query = _cut_semicolon(con, statement.query)
    if query is None:  # it is no query: `create table … as pivot …`
        raise _refuse(sql, kind)
    try:
        relation = con.sql(NESTED.format(query))
    except duckdb.BinderException as exc:
        if NESTED_WRITE in str(exc):
            raise _refuse(sql, f"{kind} with a CTE that writes") from exc
        raise
    assert relation is not None, "a subquery returns rows"
    return query, relation


def _cut_semicolon(con: duckdb.DuckDBPyConnection, query: str) -> str | None:
    """Return the longest part before a semicolon that is a subquery, or None if none is."""
    while query:
        try:
            if len(con.extract_statements(NESTED.format(query))) == 1:
                return query
        except duckdb.ParserException:
            pass
        query = query.rpartition(";")[0]
    return None


def _refuse(sql: str, kind: str) -> UsageWrong:
    return UsageWrong("query", sql, f"It is a {kind} statement; {ALLOWED}.")


def _first_line(exc: Exception) -> str:
    return UDF_PREFIX.sub("", str(exc).strip().splitlines()[0]).rstrip(".")

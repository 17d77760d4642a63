"""
Build the warehouse's contents: views over a lake version's files, tables, macros and comments.

Names inside views carry no catalog, so the file can be attached under any name. File paths are
resolved when a view is bound: `set variable lake_root = '…'` reads the same lake from a new place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from include.model import LakeVersion
from include.schema.column import pick
from include.schema.dictionary import list_entries, render_dictionary, sql_type
from include.schema.event_views import EVENT_MARTS
from include.schema.lake import LAKE_TABLES, Column, Table, schema_of
from include.schema.maintenance import STORAGE
from include.schema.mart_views import DUPLICATE_MARTS, JOINED_MARTS, JOINED_VIEWS, MART_VIEWS
from include.schema.warehouse import DATA_DICTIONARY, MACROS, SCHEMAS, SNAPSHOT, WAREHOUSE_TABLES
from include.warehouse.queries import digest_queries, load_query, quote_name, quote_text

VIEWS = (
    "main.stories", "main.chrome", "main.captions", "main.chrome_book", "main.story_revisions",
    "quality.quarantine", "quality.page_flags", "quality.figures", "quality.gate_openings",
    "quality.reviews", "quality.overrides",
    "quality.resplit_changes", "quality.resplits", *(mart.name for mart in MART_VIEWS),
)  # fmt: skip
TABLES_BEFORE = (
    "meta.deliveries",
    "meta.runs",
    "meta.analyses",
    "meta.freshness",
    "meta.storage",
    "main.pages",
)  # the views read main.pages
TABLES_AFTER = (
    "main.story_list", "quality.quarantine_list", "quality.results", "quality.rule_trend",
    "quality.worst_outlets", "quality.rule_pairs", "quality.error_budget", "marts.duplicates",
    "marts.outlet_daily", "marts.outlet_published", "marts.url_versions",
    *(mart.name for mart in (*DUPLICATE_MARTS, *JOINED_MARTS, *EVENT_MARTS)),
)  # fmt: skip
# They read tables.
VIEWS_AFTER = ("meta.history", "quality.freshness", *(mart.name for mart in JOINED_VIEWS))
# Views that show rows of a lake table, all its columns. Rows of superseded pages leave the lake a
# moment after the page that replaces them lands, and a killed run leaves rows: neither is shown.
OF_CURRENT_PAGES = "semi join main.pages as page using (page_id, run_id)"
OF_FINISHED_RUNS = "semi join meta.runs as run using (run_id)"
# A row of a mart counts while its story is current and its analysis is complete.
OF_CURRENT_STORIES = f"{OF_CURRENT_PAGES} semi join meta.analyses as analysis using (analysis_id)"
EVERY_ROW = ""
COPIES = {
    "main.stories": ("stories", OF_CURRENT_PAGES),
    "main.chrome": ("chrome", OF_CURRENT_PAGES),
    "main.chrome_book": ("chrome_book", EVERY_ROW),
    "main.story_revisions": ("story_revisions", EVERY_ROW),
    "quality.page_flags": ("page_flags", OF_CURRENT_PAGES),
    "quality.figures": ("run_figures", OF_FINISHED_RUNS),
    "quality.gate_openings": ("gate_openings", OF_FINISHED_RUNS),
    "quality.reviews": ("reviews", EVERY_ROW),
    "quality.resplit_changes": ("resplit_changes", EVERY_ROW),
    **{mart.name: (mart.name.removeprefix("marts."), OF_CURRENT_STORIES) for mart in MART_VIEWS},
}
LIVE = "copydesk_live"  # file counts of the version being projected, for meta.storage
LIVE_COLUMNS = ("table_name", "version", "live_files", "small_files", "live_bytes")
STAGED = "copydesk_staged"  # a registered Arrow table: how rows computed in Python enter
LAYOUT = "3"  # raise when this module builds something different from the same queries


def projection_version() -> str:
    """Return a digest that changes with the warehouse's queries, comments, types or layout."""
    return digest_queries(LAYOUT, render_dictionary(), duckdb_types())


def duckdb_types() -> str:
    """Return the SQL types of all lake columns, which empty views are built from."""
    return " ".join(sql_type(column.type) for kind in LAKE_TABLES for column in kind.columns)


def build_projection(
    con: duckdb.DuckDBPyConnection, version: LakeVersion, built_at: datetime
) -> None:
    """Create every schema, view, table, macro and comment for one lake version."""
    for schema in SCHEMAS:
        if schema != "main":
            con.execute(f"create schema {quote_name(schema)}")
    for kind in LAKE_TABLES:
        con.execute(
            f"create view {quote_name(f'lake.{kind.name}')} as {lake_select(kind, version, con)}"
        )
    con.register(LIVE, _count_live(version))
    parts = (
        (TABLES_BEFORE, "table"),
        (VIEWS, "view"),
        (TABLES_AFTER, "table"),
        (VIEWS_AFTER, "view"),
    )
    for names, kind_of in parts:
        for name in names:
            query = _copy(name) if name in COPIES else load_query(name.replace(".", "_"))
            con.execute(f"create {kind_of} {quote_name(name)} as {query}")
    con.unregister(LIVE)
    snapshot = (version.key(), projection_version(), version.root, built_at)
    fields = [column.name for column in SNAPSHOT.columns]
    _store(con, SNAPSHOT, [dict(zip(fields, snapshot, strict=True))])
    _store(con, DATA_DICTIONARY, [asdict(entry) for entry in list_entries()])
    for macro in MACROS:
        arguments = ", ".join(map(_quote_argument, macro.arguments))
        query = load_query(macro.name)
        con.execute(f"create macro {quote_name(macro.name)}({arguments}) as table {query}")
    _comment(con)


def lake_select(kind: Table, version: LakeVersion, con: duckdb.DuckDBPyConnection) -> str:
    """
    Return the query that reads a lake table's files; typed and empty where there are none.

    A column that no file has, because an older Copydesk wrote them all, is null.
    """
    snapshot = version.tables.get(kind.name)
    if snapshot is None or not snapshot.files:
        return f"select {', '.join(map(_null, kind.columns))} where false"
    return " union all ".join(
        _select_alike(kind, existing, files, version.root)
        for existing, files in _group_alike(snapshot.files, version.root, con)
    )


def _select_alike(kind: Table, existing: frozenset[str], files: Sequence[str], root: str) -> str:
    """Return the query that reads files which all have the columns `existing`."""
    existing |= {kind.partition} if kind.partition else set()
    columns = ", ".join(_take(c, kind) if c.name in existing else _null(c) for c in kind.columns)
    # views take no bound values, so every part is a quoted name or literal
    return f"select {columns} from {_read_files(kind, files, root)} as file"  # noqa: S608


def _group_alike(
    files: Sequence[str], root: str, con: duckdb.DuckDBPyConnection
) -> list[tuple[frozenset[str], list[str]]]:
    """
    Group files by their columns; an older Copydesk wrote fewer.

    A view over files that differ opens each of them for every query, to unite their columns: 40 to
    100 ms of CPU time with a file per day of a year, against 11 ms for one over files alike.
    """
    paths = [f"{root}/{file}" for file in files]
    rows = con.execute(load_query("parquet_columns"), {"files": paths}).fetchall()
    return [
        (_name_columns(parts), [path.removeprefix(f"{root}/") for path in alike])
        for parts, alike in rows
    ]


def _name_columns(parts: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Return the names of a file's columns, without the parts of nested ones; the first is all."""
    names, inside = [], [0]
    for part in parts[1:]:
        if len(inside) == 1:
            names.append(part["name"])
        else:
            inside[-1] -= 1
        inside.append(part["parts"])
        while inside[-1] == 0 and len(inside) > 1:
            inside.pop()
    return frozenset(names)


def _quote_argument(argument: str) -> str:
    """Quote the name of a macro's argument, and keep its default as it is."""
    name, assign, default = argument.partition(" := ")
    return f"{quote_name(name)}{assign}{default}"


def _copy(view: str) -> str:
    """Return the query of a view in `COPIES`."""
    source, which = COPIES[view]
    table = next(table for table in WAREHOUSE_TABLES if table.name == view)
    columns = ", ".join(f"kept.{quote_name(column.name)}" for column in table.columns)
    return f"select {columns} from {quote_name(f'lake.{source}')} as kept {which}"  # noqa: S608


def _null(column: Column) -> str:
    return f"null::{sql_type(column.type)} as {quote_name(column.name)}"


def _take(column: Column, kind: Table) -> str:
    name = quote_name(column.name)
    if column.name == kind.partition:
        return f"file.{name}"  # a cast would hide the partition from pruning
    return f"file.{name}::{sql_type(column.type)} as {name}"


def _read_files(kind: Table, files: Sequence[str], root: str) -> str:
    """Return the `read_parquet` call for a lake table's files."""
    options = "hive_partitioning = false"
    if kind.partition:
        day = quote_name(kind.partition)
        options = f"hive_partitioning = true, hive_types = {{{day}: date}}"
    names = ", ".join(map(quote_text, files))
    folder = f"coalesce(getvariable('lake_root'), {quote_text(root)})"
    return f"read_parquet(list_transform([{names}], lambda f: {folder} || '/' || f), {options})"


def _count_live(version: LakeVersion) -> pa.Table:
    """
    Count the live files of each lake table.

    Returns:
        Columns table_name, version, live_files, small_files, live_bytes.
    """
    tables = [table for table in version.tables.values() if table.version >= 0]
    rows = [
        (table.table, table.version, len(table.files), table.small_files, table.size_bytes)
        for table in tables
    ]
    schema = schema_of(pick(STORAGE, *LIVE_COLUMNS))
    return pa.Table.from_pylist(
        [dict(zip(LIVE_COLUMNS, row, strict=True)) for row in rows], schema=schema
    )


def _store(con: duckdb.DuckDBPyConnection, kind: Table, rows: list[dict[str, object]]) -> None:
    """Create a table from rows computed in Python."""
    con.register(STAGED, pa.Table.from_pylist(rows, schema=schema_of(kind.columns)))
    con.execute(f"create table {quote_name(kind.name)} as from {STAGED}")
    con.unregister(STAGED)


def _comment(con: duckdb.DuckDBPyConnection) -> None:
    """Comment every table, column and macro; raises if a described column does not exist."""
    kinds = {f"{s}.{t}": k for s, t, k in con.execute(load_query("list_tables")).fetchall()}
    for table in WAREHOUSE_TABLES:
        name = quote_name(table.name)
        con.execute(f"comment on {kinds[table.name]} {name} is {quote_text(table.grain)}")
        for column in table.columns:
            path = f"{name}.{quote_name(column.name)}"
            con.execute(f"comment on column {path} is {quote_text(column.meaning)}")
    for macro in MACROS:
        meaning = quote_text(macro.meaning)
        con.execute(f"comment on macro table {quote_name(macro.name)} is {meaning}")

"""
Replace texts in Airflow's database that quote erased pages, and leave no old copy in its files.

Only tables and columns that can hold texts of runs are read. A value of JSON becomes an empty one.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing

from include.storage.databases import kind_of, run_tool, sqlite_path

# Where Airflow 3 keeps what tasks and people wrote: questions, answers, results, notes.
HOLDERS = (
    "hitl_detail", "hitl_detail_history", "xcom", "rendered_task_instance_fields", "dag_run",
    "task_instance_note", "dag_run_note", "log", "asset_event", "callback", "trigger",
)  # fmt: skip
TEXTUAL = ("TEXT", "VARCHAR", "JSON", "JSONB", "CHARACTER VARYING", "CLOB")
GONE = "[erased]"
Rewrite = Callable[[str], str | None]


def scrub_database(url: str, rewrite: Rewrite, environ: Mapping[str, str]) -> int:
    """
    Rewrite every text in a database; return how many were changed.

    Args:
        rewrite: returns the new text, "" if nothing may be left of it, or None to keep it.
    """
    if kind_of(url) == "sqlite":
        return _scrub_sqlite(url, rewrite)
    return _scrub_postgresql(url, rewrite, environ)


def empty_value(text: str) -> str:
    """Return what replaces a text of which nothing may be left, of the same kind of JSON."""
    first = text.lstrip()[:1]
    return {"{": "{}", "[": "[]", '"': f'"{GONE}"'}.get(first, GONE)


def _scrub_sqlite(url: str, rewrite: Rewrite) -> int:
    changed = 0
    with closing(sqlite3.connect(sqlite_path(url), timeout=60)) as con:
        con.execute("pragma secure_delete = on")
        for table in HOLDERS:
            columns = con.execute(f'pragma table_info("{table}")').fetchall()
            for _, column, kind, *_ in columns:
                if not str(kind).upper().startswith(TEXTUAL):
                    continue
                rows = con.execute(f'select rowid, "{column}" from "{table}"').fetchall()  # noqa: S608
                for rowid, text in rows:
                    new = rewrite(text) if isinstance(text, str) else None
                    if new is None:
                        continue
                    statement = f'update "{table}" set "{column}" = ? where rowid = ?'  # noqa: S608
                    con.execute(statement, (new or empty_value(text), rowid))
                    changed += 1
        con.commit()
        if changed:
            con.execute("vacuum")
        con.execute("pragma wal_checkpoint(truncate)")
    return changed


def _scrub_postgresql(url: str, rewrite: Rewrite, environ: Mapping[str, str]) -> int:
    listed = ", ".join(f"'{table}'" for table in HOLDERS)
    columns = _ask(
        url,
        "select table_name, column_name, data_type from information_schema.columns "  # noqa: S608
        f"where table_schema = 'public' and table_name in ({listed}) "
        "and data_type in ('text', 'character varying', 'json', 'jsonb')",
        environ,
    )
    changed = 0
    touched: set[str] = set()
    for table, column, kind in columns:
        query = f'select ctid, "{column}"::text from "{table}" where "{column}" is not null'  # noqa: S608
        statements = []
        for ctid, text in _ask(url, query, environ):
            new = rewrite(text)
            if new is not None:
                value = (new or empty_value(text)).replace("'", "''")
                statements.append(
                    f'update "{table}" set "{column}" = \'{value}\'::{kind} '  # noqa: S608
                    f"where ctid = '{ctid}';"
                )
        if statements:
            changed += len(statements)
            touched.add(table)
            script = "set standard_conforming_strings = on;\nbegin;\n"
            run_tool("psql", url, [*QUIET], environ, script + "\n".join(statements) + "\ncommit;\n")
    for table in sorted(touched):  # an updated row leaves its old version until then
        run_tool("psql", url, [*QUIET], environ, f'vacuum full "{table}";\n')
    return changed


QUIET = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1")


def _ask(url: str, query: str, environ: Mapping[str, str]) -> list[list[str]]:
    copied = run_tool(
        "psql", url, [*QUIET], environ, f"copy ({query}) to stdout with (format csv);\n"
    )
    return list(csv.reader(io.StringIO(copied)))

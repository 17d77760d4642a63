"""
Deriving: one DuckDB pass turns stories into check columns, so that no text reaches a rule.

A suite's SQL is code under review, like a query in `include/sql/`; a story is only ever a value in
a column and cannot become part of a query.
"""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import SuiteError
from include.model import Run
from include.quality.rules import Suite

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# One thread: batches are already shared out over the machine's processes. Nothing outside: the SQL
# needs no file, no network and no Python variable.
SEALED: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def derive_checks(rows: pa.Table, suite: Suite, run: Run) -> pa.Table:
    """
    Derive a suite's check columns.

    Args:
        rows: n ≥ 0 rows with the columns that the suite's SQL names; of `suite.derive` none.
    Returns:
        n rows in the order of `rows`: `suite.check_columns`, each int64, float64 or bool.
    Raises:
        SuiteError: the SQL cannot be read or computed, hides a column of `rows`, or gives
            something else than numbers and booleans.
    """
    _check_names(rows, suite)
    numbered = rows.append_column("row_id", pa.array(range(rows.num_rows), pa.int64()))
    with duckdb.connect(":memory:", config=SEALED) as con:
        con.register("numbered", numbered)
        con.register("given", _given(suite, run))
        checks = _compute(con, suite)
    if checks.num_rows != rows.num_rows:
        counts = (rows.num_rows, checks.num_rows)
        raise SuiteError(f"{suite.name}: rows in and out", counts, "Derive one value a row.")
    return pa.table({name: _as_figure(suite, name, checks[name]) for name in suite.check_columns})


def _check_names(rows: pa.Table, suite: Suite) -> None:
    """A derived name that a table has already would silently mean the table's column."""
    taken = {"row_id", "run_started_us", *suite.gates, *rows.column_names}
    for name in suite.derive:
        if name in taken:
            raise SuiteError(f"{suite.name}: derive", name, "The name is taken: choose another.")


def _given(suite: Suite, run: Run) -> pa.Table:
    """Give the one row of constants that the SQL may name."""
    started_us = (run.started_at - EPOCH) // (datetime.resolution)
    return pa.table({"run_started_us": [started_us], **{k: [v] for k, v in suite.gates.items()}})


def _compute(con: duckdb.DuckDBPyConnection, suite: Suite) -> pa.Table:
    columns = ",\n".join(f'({sql}\n) as "{name}"' for name, sql in suite.derive.items())
    picked = ", ".join(f'"{name}"' for name in suite.check_columns)
    # S608: the SQL is the suite's own; stories are values of registered tables
    query = (
        f"select {picked} from (select numbered.row_id, {columns} from numbered, given)"  # noqa: S608
        " order by row_id"
    )
    try:
        relation = con.sql(query)
    except duckdb.Error as exc:
        raise SuiteError(f"{suite.name}: derive", str(exc), "Mend the suite's SQL.") from exc
    try:
        return relation.to_arrow_table()
    except duckdb.Error as exc:
        # what DuckDB says here quotes the value it choked on, which may be a story's text
        way_out = f"The SQL of {picked} broke on a value: guard it with case or try_cast."
        raise SuiteError(f"{suite.name}: derive", type(exc).__name__, way_out) from None


def _as_figure(suite: Suite, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a check column as bool, int64 or float64; refuse text, lists and dates."""
    kind = column.type
    if pa.types.is_floating(kind) and pc.any(pc.is_nan(column)).as_py():
        way_out = "pandas reads NaN as null, and null as not looked at: derive null or a number."
        raise SuiteError(f"{suite.name}: derive: {name}", "NaN", way_out)
    if pa.types.is_boolean(kind) or pa.types.is_int64(kind) or pa.types.is_float64(kind):
        return column
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):  # sums of integers are HUGEINT
        return column.cast(pa.float64())
    raise SuiteError(f"{suite.name}: derive: {name}", str(kind), "Derive a number or a boolean.")

"""
Derive check columns from stories in one DuckDB pass, so that no text reaches a rule.

Plain readings of a text (its length, its ends, how often a character occurs) are computed by Polars
while the text streams through: include/quality/checks/readings.py.

A suite's SQL is reviewed code, like a query in `include/warehouse/sql/`; a story is only ever a
value in a column and cannot become part of a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import SuiteError
from include.model import Run
from include.quality.checks.readings import add_readings, plan_readings
from include.quality.suites.rules import BOUNDS, EXPECTATIONS, Rule, Suite, names_in

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ROW_ID = pa.field("row_id", pa.int64())
WINDOW = re.compile(r"\bover\s*\(", re.IGNORECASE)
# One thread, because batches already run in parallel processes. No outside access, because the SQL
# needs no file, no network and no Python variable.
SEALED: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


def derive_checks(rows: pa.Table | pa.RecordBatchReader, suite: Suite, run: Run) -> pa.Table:
    """
    Derive a suite's check columns; a reader is consumed once, one record batch at a time.

    Args:
        rows: n ≥ 0 rows with the columns that the suite's SQL uses, none named as in `derive`.
    Returns:
        n rows in the order of `rows`: `suite.check_columns`, each int64, float64 or bool.
    Raises:
        SuiteError: the SQL cannot be parsed or computed, hides a column of `rows`, yields
            anything but numbers and booleans, or yields a type that a rule cannot check.
    """
    _check_names(rows.schema.names, suite)
    counted = [0]
    readings = plan_readings(suite.derive, rows.schema)
    rest = {name: sql for name, sql in suite.derive.items() if name not in readings}
    read = [name for name in suite.check_columns if name in readings]
    with duckdb.connect(":memory:", config=SEALED) as con:
        con.register("numbered", _number(rows, readings, counted))
        con.register("given", _constants(suite, run))
        checks = _compute(con, replace(suite, derive=rest), read)
    if checks.num_rows != counted[0]:
        counts = (counted[0], checks.num_rows)
        raise SuiteError(f"{suite.name}: rows in and out", counts, "Derive one value per row.")
    _check_not_constant_null(checks, suite, rows.schema.names)
    columns = {name: _as_figure(suite, name, checks[name]) for name in suite.check_columns}
    for rule in suite.rules:
        _check_kind(suite.name, rule, columns[rule.column].type)
    return pa.table(columns)


def _number(
    rows: pa.Table | pa.RecordBatchReader, readings: Mapping[str, Any], counted: list[int]
) -> pa.RecordBatchReader:
    """Give the rows with their readings and `row_id` (0, 1, …); count them in `counted[0]`."""
    reader = rows.to_reader() if isinstance(rows, pa.Table) else rows

    def number(batch: pa.RecordBatch) -> pa.RecordBatch:
        ids = np.arange(counted[0], counted[0] + batch.num_rows)
        counted[0] += batch.num_rows
        return add_readings(batch, readings).append_column(ROW_ID, pa.array(ids, ROW_ID.type))

    empty = add_readings(pa.RecordBatch.from_pylist([], reader.schema), readings).schema.append(
        ROW_ID
    )
    return pa.RecordBatchReader.from_batches(empty, map(number, reader))


def _check_names(names: Sequence[str], suite: Suite) -> None:
    """Raise `SuiteError` if a derived name is taken: it would mean the table's column."""
    taken = {"row_id", "run_started_us", *suite.gates, *names}
    for name in suite.derive:
        if name in taken:
            raise SuiteError(f"{suite.name}: derive", name, "The name is taken: choose another.")


def _check_not_constant_null(checks: pa.Table, suite: Suite, names: Sequence[str]) -> None:
    """Raise `SuiteError` if a column is null whatever the row: its rules would always pass."""
    for name in suite.check_columns:
        is_null = checks.num_rows and checks[name].null_count == checks.num_rows
        if is_null and names_in(_sql_of(suite.derive, [name])).isdisjoint(names):
            way_out = "It is null whatever the row, so its rules check nothing: fix its SQL."
            raise SuiteError(f"{suite.name}: derive: {name}", suite.derive[name], way_out)


def _check_kind(name: str, rule: Rule, kind: pa.DataType) -> None:
    """
    Raise `SuiteError` if a rule for numbers checks a boolean column, or the reverse.

    The pandas engine treats true as 1, so the rule would not mean what it says.
    """
    values, of_booleans = rule.kwargs.get("value_set"), pa.types.is_boolean(kind)
    where = f"{name}: rule {rule.id}"
    if values is None:
        if of_booleans and EXPECTATIONS[rule.expect].may >= BOUNDS:
            way_out = "booleans have no bounds: use expect_column_values_to_be_in_set, or ::int."
            raise SuiteError(where, rule.column, f"It holds {way_out}")
    elif any((type(value) is bool) is not of_booleans for value in values):
        kinds = ("booleans. Give true or false", "numbers. Give numbers")[not of_booleans]
        raise SuiteError(f"{where}: value_set", values, f"{rule.column} holds {kinds}.")


def _constants(suite: Suite, run: Run) -> pa.Table:
    """Give the one row of constants that the SQL may use."""
    started_us = (run.started_at - EPOCH) // (datetime.resolution)
    return pa.table({"run_started_us": [started_us], **{k: [v] for k, v in suite.gates.items()}})


def _compute(con: duckdb.DuckDBPyConnection, suite: Suite, read: Sequence[str]) -> pa.Table:
    """
    Compute the check columns in one pass over the rows, then those that use window functions.

    In the first pass a window would carry every body through its sort; afterwards it carries only
    the columns it names. `read` names the check columns that Polars has computed already.
    """
    available = con.table("numbered").columns
    over = [n for n in suite.check_columns if WINDOW.search(_sql_of(suite.derive, [n]))]
    plain = [n for n in suite.check_columns if n not in over]
    carried = (names_in(_sql_of(suite.derive, over)) & set(available)).union(read) - {"row_id"}
    first = _select(con, suite, plain, ["row_id", *plain, *sorted(carried)], "numbered")
    if not over:
        return first
    con.register("first_pass", first)
    # one thread keeps rows in order, but a window does not
    windows = _select(con, suite, over, ["row_id", *over], "first_pass").sort_by("row_id")
    for name in over:
        first = first.append_column(name, windows[name])
    return first


def _select(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    computed: Sequence[str],
    picked: Sequence[str],
    source: str,
) -> pa.Table:
    """Select columns of `source` and of the suite; those `computed` are not in `source` yet."""
    columns = ", ".join(f'"{name}"' for name in picked)
    stages = in_stages({n: suite.derive[n] for n in _needed(suite.derive, computed)}, source)
    # S608: the SQL is the suite's own; stories are values of registered tables
    query = f"select {columns} from {stages}"  # noqa: S608
    try:
        relation = con.sql(query)
    except duckdb.Error as exc:
        raise SuiteError(f"{suite.name}: derive", str(exc), "Fix the suite's SQL.") from exc
    try:
        return relation.to_arrow_table()
    except duckdb.Error as exc:
        # DuckDB's message quotes the value that failed, which may be a story's text
        way_out = f"The SQL of {columns} failed on a value: guard it with case or try_cast."
        raise SuiteError(f"{suite.name}: derive", type(exc).__name__, way_out) from None


def in_stages(derive: Mapping[str, str], source: str) -> str:
    """
    Give nested selects that compute the columns, each outside of those it uses.

    Within one select, DuckDB recomputes a column wherever another one uses it.
    """
    stages: list[list[str]] = []
    stage_of: dict[str, int] = {}
    for name, sql in derive.items():
        stage_of[name] = max((stage_of[n] + 1 for n in names_in(sql) if n in stage_of), default=0)
        if stage_of[name] == len(stages):
            stages.append([])
        stages[stage_of[name]].append(f'({sql}\n) as "{name}"')
    select = f"(from {source}, given)"
    for columns in stages:
        select = f"(select *, {', '.join(columns)} from {select})"  # noqa: S608
    return select


def _needed(derive: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """Give the derived columns that `columns` depend on, themselves included, in order."""
    needed = set(columns)
    for name, sql in reversed(list(derive.items())):
        if name in needed:
            needed |= names_in(sql)
    return [name for name in derive if name in needed]


def _sql_of(derive: Mapping[str, str], columns: Sequence[str]) -> str:
    """Give the SQL of `columns` and of everything they depend on."""
    return " ".join(derive[name] for name in _needed(derive, columns))


def _as_figure(suite: Suite, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a check column as bool, int64 or float64; refuse text, lists and dates."""
    kind = column.type
    if pa.types.is_floating(kind) and pc.any(pc.is_nan(column)).as_py():
        way_out = "pandas treats NaN as null, and null is not checked: derive null or a number."
        raise SuiteError(f"{suite.name}: derive: {name}", "NaN", way_out)
    if pa.types.is_boolean(kind) or pa.types.is_int64(kind) or pa.types.is_float64(kind):
        return column
    if pa.types.is_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):  # sums of integers are HUGEINT
        return column.cast(pa.float64())
    raise SuiteError(f"{suite.name}: derive: {name}", str(kind), "Derive a number or a boolean.")

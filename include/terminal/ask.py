"""Ask the warehouse at a terminal: a query, of now or of the past, and how everything stands."""

import json
import sys
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from include.harmless import harmless
from include.model import Moment
from include.settings import Settings
from include.warehouse.read import read_runs, read_status, run_query
from include.warehouse.travel import run_query_at

ROWS_SHOWN = 200  # of a query at a terminal; a pipe or --json gets all
CELL_CHARS = 80


def ask(
    settings: Settings,
    sql: str,
    console: Console,
    as_json: bool = False,
    moment: Moment | None = None,
) -> int:
    """Print a query's rows, of now or of a moment: as a table, or one JSON object a row."""
    limit = None if as_json else ROWS_SHOWN + 1
    if moment is None:
        rows = run_query(settings.warehouse, sql, limit, settings.memory_limit)
    else:
        said = f"version {moment.number}, as {moment.run_id} left it"
        said += f", at {moment.at:%Y-%m-%d %H:%M:%S} UTC"
        Console(stderr=True, soft_wrap=True).print(Text(harmless(said), style="dim"))
        memory = settings.memory_limit
        rows = run_query_at(moment.version, sql, limit, memory, settings.lake)
    if as_json:
        for row in rows.to_pylist():
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return 0
    console.print(_grid(rows.slice(0, ROWS_SHOWN)))
    if rows.num_rows > ROWS_SHOWN:
        console.print(f"the first {ROWS_SHOWN} rows; --json prints all", style="dim")
    return 0


def show_status(settings: Settings, console: Console) -> int:
    """Print what stands in lake and warehouse, and the last runs."""
    (status,) = read_status(settings.warehouse).to_pylist()
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in status.items():
        table.add_row(name.replace("_", " "), Text(_cell(value)))
    table.add_row("lake", Text(str(settings.lake)))
    table.add_row("warehouse", Text(str(settings.warehouse)))
    console.print(table)
    console.print()
    console.print(_runs(read_runs(settings.warehouse).to_pylist()))
    return 0


def _runs(rows: list[dict[str, Any]]) -> Table:
    counts = ("seen", "taken", "rejected", "skipped")
    table = Table(
        title="last runs", title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("version", justify="right", no_wrap=True)
    for name in ("landed at (UTC)", "run"):
        table.add_column(name, no_wrap=True)
    for name in ("s", *(f"files {count}" for count in counts), "stories landed", "set aside"):
        table.add_column(name, justify="right")
    for row in rows:
        files = [str(row[f"files_{count}"]) for count in counts]
        stories = [str(row["stories_landed"]), str(row["stories_quarantined"])]
        run = row["run_id"].split("__")[0]
        when = f"{row['finished_at']:%Y-%m-%d %H:%M}"
        table.add_row(str(row["version"]), when, run, f"{row['seconds']:.1f}", *files, *stories)
    return table


def _grid(rows: pa.Table) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    for field in rows.schema:
        right = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(
            harmless(field.name), justify="right" if right else "left", overflow="fold"
        )
    for row in rows.to_pylist():
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else harmless(str(value))
    return text if len(text) <= CELL_CHARS else text[: CELL_CHARS - 1] + "…"

"""Ask the warehouse at a terminal: a query, what became of a thing, how everything stands."""

import json
import sys
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from include.harmless import harmless
from include.settings import Settings
from include.warehouse.read import read_runs, read_status, run_query, trace

ROWS_SHOWN = 200  # of a query at a terminal; a pipe or --json gets all
CELL_CHARS = 80


def ask(settings: Settings, sql: str, console: Console, as_json: bool = False) -> int:
    """Print a query's rows: as a table, or one JSON object a row."""
    limit = None if as_json else ROWS_SHOWN + 1
    rows = run_query(settings.warehouse, sql, limit, settings.memory_limit)
    if as_json:
        for row in rows.to_pylist():
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return 0
    console.print(_grid(rows.slice(0, ROWS_SHOWN)))
    if rows.num_rows > ROWS_SHOWN:
        console.print(f"the first {ROWS_SHOWN} rows; --json prints all", style="dim")
    return 0


def explain(settings: Settings, what: str, console: Console) -> int:
    """Print what became of a file or a story: deliveries, stories, verdicts, rules, reasons."""
    rows = trace(settings.warehouse, what).to_pylist()
    seen = None
    for row in rows:
        if seen != (row["name"], row["ingested_at"]):
            seen = (row["name"], row["ingested_at"])
            console.print(_delivery(row))
        if row["story_id"] is not None:
            console.print(_story(row))
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
    table = Table(title="last runs", title_justify="left", box=None, pad_edge=False)
    for name in ("landed at (UTC)", "run", "s", *(f"files {c}" for c in counts)):
        table.add_column(name, justify="left" if name in ("landed at (UTC)", "run") else "right")
    table.add_column("stories landed", justify="right")
    table.add_column("quarantined", justify="right")
    for row in rows:
        files = [str(row[f"files_{count}"]) for count in counts]
        stories = [str(row["stories_landed"]), str(row["stories_quarantined"])]
        run = row["run_id"].split("__")[0]
        table.add_row(
            f"{row['finished_at']:%Y-%m-%d %H:%M}", run, f"{row['seconds']:.1f}", *files, *stories
        )
    return table


def _delivery(row: dict[str, Any]) -> Text:
    line = Text(harmless(row["name"]), style="bold")
    line.append(f"  {row['outcome']}", style="green" if row["outcome"] == "landed" else "yellow")
    if row["reason"]:
        line.append(f": {row['reason']}")
    if not row["is_current"] and row["outcome"] in ("landed", "no_story"):
        line.append("  revised since", style="yellow")
    line.append(f"\n  run {row['run_id']}, {row['ingested_at']:%Y-%m-%d %H:%M:%S} UTC", style="dim")
    line.append(f", partition ingest_day={row['ingest_day']}", style="dim")
    line.append(f"\n  page {row['page_id']}", style="dim")
    if row["splitter_version"]:
        line.append(f", splitter {row['splitter_version']}", style="dim")
        if row["book_version"]:
            line.append(f", chrome book {row['book_version']}", style="dim")
    return line


def _story(row: dict[str, Any]) -> Text:
    landed = row["verdict"] == "landed"
    line = Text(f"  {row['story_no']}  ")
    line.append(harmless(row["headline"] or "(no headline)"), style="cyan")
    line.append(f"  {row['verdict']}", style="green" if landed else "red")
    line.append(f"\n     {row['story_id']}", style="dim")
    for reason in row["reasons"] or []:
        line.append(f"\n     · {reason}", style="dim")
    if row["rules"]:
        word = "flagged by" if landed else "failed"
        line.append(f"\n     {word} {', '.join(row['rules'])}", style="yellow")
    if row["same_text_as"]:
        line.append(f"\n     same text as {row['same_text_as']}, which counts", style="yellow")
    return line


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

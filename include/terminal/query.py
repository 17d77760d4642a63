"""Ask the warehouse at a terminal: a query, of now or of the past, and how everything stands."""

import sys
from datetime import UTC, datetime, time
from typing import Any

from rich.console import Console
from rich.text import Text

from include.config.commands import format_place
from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.delta.time_travel import find_as_of, find_version
from include.model import Moment
from include.terminal.report import OUTCOMES, describe_outcomes
from include.terminal.rows import print_table, write_csv, write_json
from include.terminal.table import Column, print_fitted, print_whole
from include.text import sanitize
from include.warehouse.read import read_runs, read_status, run_query, run_query_at

ROWS_SHOWN = 200  # of a query at a terminal; a pipe, --json and --csv get all
RUNS = (
    Column("version", whole=True, right=True),
    Column("landed at (UTC)", whole=True),
    Column("kind", whole=True),
    Column("s", whole=True, right=True),
    Column("files", whole=True, right=True),
    Column("of which"),
    Column("stories", whole=True, right=True),
    Column("set aside", whole=True, right=True),
)
TENDED = ("kept_files", "orphan_files")  # they lie in the folder, where tending counts them
TABLE, JSON, CSV = "table", "json", "csv"
WAY_OUT = "Give ISO 8601, as 2026-03-01 (its end), 2026-03-01T06:30 (UTC) or …T06:30+02:00."


def ask(
    settings: Settings,
    sql: str,
    console: Console,
    form: str = TABLE,
    moment: Moment | None = None,
) -> int:
    """Print a query's rows, of now or of a moment: as a TABLE, as JSON or as CSV."""
    limit = ROWS_SHOWN + 1 if form == TABLE and console.is_terminal else None
    if moment is None:
        rows = run_query(settings.warehouse, sql, limit, settings.memory_limit)
    else:
        said = describe_moment(moment, datetime.now(UTC))
        Console(stderr=True, soft_wrap=True).print(Text(sanitize(said), style="dim"))
        memory = settings.memory_limit
        rows = run_query_at(moment.version, sql, limit, memory, settings.lake)
    if form == JSON:
        write_json(rows, sys.stdout)
    elif form == CSV:
        write_csv(rows, sys.stdout, to_eyes=console.is_terminal)
    elif not rows.num_columns:
        Console(stderr=True).print("done; it gives no rows", style="dim")
    else:
        print_table(rows.slice(0, ROWS_SHOWN) if limit else rows, console)
    if limit and rows.num_rows > ROWS_SHOWN:
        console.print(f"the first {ROWS_SHOWN} rows; a pipe, --csv and --json get all", style="dim")
    return 0


def describe_moment(moment: Moment, now: datetime) -> str:
    """Say which version answers, and when it landed; a time that is yet to come is told as such."""
    left = f"as {moment.run_id} left it at {_time(moment.landed_at)}"
    if moment.at == moment.landed_at:
        return f"version {moment.number}, {left}"
    if moment.at > now:
        return f"{_time(moment.at)} is yet to come: version {moment.number} stands now, {left}"
    return f"version {moment.number} stood at {_time(moment.at)}, {left}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def show_status(settings: Settings, console: Console) -> int:
    """Print what stands in lake and warehouse, and the last runs."""
    (status,) = read_status(settings.warehouse).to_pylist()
    places = {"lake": format_place(settings.lake), "warehouse": format_place(settings.warehouse)}
    label = max(map(len, (*status, *places)))
    for name, value in (status | places).items():
        none = "not counted yet: `tend` does" if name in TENDED else "–"
        told = none if value is None else sanitize(str(value))
        line = Text.assemble((f"{name.replace('_', ' '):{label}}  ", "dim"), told)
        console.print(line, soft_wrap=True)
    console.print()
    runs = read_runs(settings.warehouse).to_pylist()
    console.print("last runs", style="italic")
    show = print_fitted if console.is_terminal else print_whole
    show(console, RUNS, [_run(row) for row in runs])
    return 0


def _run(row: dict[str, Any]) -> list[str]:
    return [
        str(row["version"]),
        f"{row['finished_at']:%Y-%m-%d %H:%M}",
        sanitize(row["kind"]),
        f"{row['seconds']:.1f}",
        f"{row['files_seen']:,}",
        describe_outcomes({name: row[f"files_{name}"] for name in OUTCOMES}) or "–",
        f"{row['stories_landed']:,}",
        f"{row['stories_quarantined']:,}",
    ]


def find_moment(settings: Settings, version: int | None, as_of: str | None) -> Moment | None:
    """
    Find the lake of a version or of a time; None where neither was given.

    Raises:
        UsageWrong: the time cannot be read.
        NotFound, PastGone: nothing stood then, or it is not all there any more.
    """
    if version is not None:
        return find_version(settings.lake, version)
    return None if as_of is None else find_as_of(settings.lake, read_time(as_of))


def read_time(text: str) -> datetime:
    """
    Read a time; a date alone means its end, a time without zone is UTC.

    Raises:
        UsageWrong: it is neither.
    """
    try:
        told = datetime.fromisoformat(text)
        if len(text) <= len("2026-03-01") and ":" not in text:
            told = datetime.combine(told, time.max)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise UsageWrong("--as-of", text, WAY_OUT) from exc

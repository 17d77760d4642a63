"""The commands `query`, of the current or a past version, and `status`."""

import json
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
from include.terminal.rows import print_table, write_csv, write_json, write_spreadsheet
from include.terminal.table import Column, print_fitted, print_whole
from include.text import sanitize
from include.warehouse.read import read_runs, read_status, run_query, run_query_at

ROWS_SHOWN = 200  # at a terminal; a pipe, --json and --csv get all rows
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
FIRST = ("version", "last_run_id", "last_finished_at")
TENDED = ("kept_files", "orphan_files")  # null until `tend` has counted the folder's files
TABLE, JSON, CSV, SPREADSHEET = "table", "json", "csv", "spreadsheet"
WAY_OUT = "Give ISO 8601, such as 2026-03-01 (end of day), 2026-03-01T06:30 (UTC) or …T06:30+02:00."


def ask(
    settings: Settings,
    sql: str,
    console: Console,
    form: str = TABLE,
    moment: Moment | None = None,
) -> int:
    """Print a query's rows in a form, of now or of a past moment."""
    limit = ROWS_SHOWN + 1 if form == TABLE and console.is_terminal else None
    if moment is None:
        rows = run_query(settings.warehouse, sql, limit, settings.memory_limit)
    else:
        line = describe_moment(moment, datetime.now(UTC))
        Console(stderr=True, soft_wrap=True).print(Text(sanitize(line), style="dim"))
        memory = settings.memory_limit
        rows = run_query_at(moment.version, sql, limit, memory, settings.lake)
    if form == JSON:
        write_json(rows, sys.stdout)
    elif form == CSV:
        write_csv(rows, sys.stdout, to_eyes=console.is_terminal)
    elif form == SPREADSHEET:
        write_spreadsheet(rows, sys.stdout)
    elif not rows.num_columns:
        Console(stderr=True).print("done; it returns no rows", style="dim")
    else:
        print_table(rows.slice(0, ROWS_SHOWN) if limit else rows, console)
    if limit and rows.num_rows > ROWS_SHOWN:
        line = f"first {ROWS_SHOWN} rows; a pipe, --csv or --json gets all of them"
        console.print(line, style="dim")
    return 0


def describe_moment(moment: Moment, now: datetime) -> str:
    """Describe the version that answers and when it landed; note a time in the future."""
    left = f"as {moment.run_id} left it at {_time(moment.landed_at)}"
    if moment.at == moment.landed_at:
        return f"version {moment.number}, {left}"
    if moment.at > now:
        now_is = f"version {moment.number} is the newest, {left}"
        return f"{_time(moment.at)} is in the future: {now_is}"
    return f"version {moment.number} was current at {_time(moment.at)}, {left}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def show_status(settings: Settings, console: Console, as_json: bool = False) -> int:
    """Print what lake and warehouse hold, and the last runs; with `as_json`, as one object."""
    (status,) = read_status(settings.warehouse).to_pylist()
    runs = read_runs(settings.warehouse).to_pylist()
    places = {"lake": format_place(settings.lake), "warehouse": format_place(settings.warehouse)}
    if as_json:
        print(json.dumps({**places, **status, "last_runs": runs}, default=_isoformat))
        return 0
    rows = places | {name: status[name] for name in FIRST} | status
    del rows["lake_key"]  # all table versions in one line: `version` says the same
    label = max(map(len, rows))
    for name, value in rows.items():
        none = "not counted yet; `tend` counts them" if name in TENDED else "–"
        text = _time(value) if isinstance(value, datetime) else sanitize(str(value))
        text = none if value is None else text
        line = Text.assemble((f"{name.replace('_', ' '):{label}}  ", "dim"), text)
        console.print(line, soft_wrap=True)
    console.print()
    console.print("last runs", style="italic")
    show = print_fitted if console.is_terminal else print_whole
    show(console, RUNS, [_run(row) for row in runs])
    return 0


def _isoformat(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


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
    Find the lake version with a number or at a time; None if neither is given.

    Raises:
        UsageWrong: the time cannot be read.
        NotFound, PastGone: there was none, or some of its files have been removed.
    """
    if version is not None:
        return find_version(settings.lake, version)
    return None if as_of is None else find_as_of(settings.lake, read_time(as_of))


def read_time(text: str) -> datetime:
    """
    Parse a time; a date alone means the end of that day, a time without a zone is UTC.

    Raises:
        UsageWrong: it is neither.
    """
    try:
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2026-03-01") and ":" not in text:
            moment = datetime.combine(moment, time.max)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise UsageWrong("--as-of", text, WAY_OUT) from exc

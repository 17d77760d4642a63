"""
What happened in the last 24 hours: runs, questions, files, quarantine, silent outlets, restarts.

Airflow tells of runs and questions, the warehouse of files and stories, the supervisor's journal of
restarts. What cannot be asked is said.
"""

from __future__ import annotations

import platform
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from include.config.settings import ROOT, Settings
from include.errors import CopydeskError, WarehouseMissing
from include.standalone.api import AirflowApi
from include.standalone.environment import HOST, airflow_home
from include.standalone.findings import Finding, look, sick, well
from include.standalone.processes import is_supervised, read_state
from include.standalone.restarts import Restart, list_restarts
from include.text import pluralize
from include.warehouse.day import LandedDay, read_day

DAY = timedelta(hours=24)
SHOWN = 5  # lines behind a finding; `--json` has all
TIMES = 3  # of runs that failed alike
EMPTY = "nothing has been published yet"
NOTE_CHARS = 240  # of a run's note: two lines and a half at a terminal
PACKAGES = ("apache-airflow", "deltalake", "duckdb", "great-expectations", "polars", "pyarrow")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class AirflowDay:
    """
    Airflow's part of a day.

    runs: how many ended. failed: those that failed, newest first. questions: those that wait.
    newest: the state of each DAG's newest ended run.
    """

    runs: int
    failed: list[Row]
    questions: list[Row]
    newest: dict[str, str]


@dataclass(frozen=True)
class Day:
    """The last 24 hours; None for what could not be asked, with the reason in `silent`."""

    since: datetime
    airflow: AirflowDay | None
    landed: LandedDay | None
    restarts: list[Restart]
    versions: dict[str, str]
    silent: dict[str, str] = field(default_factory=dict)


def gather_day(settings: Settings, now: datetime) -> Day:
    """Ask Airflow, the warehouse and the journal; now: with a time zone."""
    since, home, silent = now - DAY, airflow_home(settings), {}
    airflow, landed, running = None, None, read_state(home)
    if running is None or not is_supervised(running):
        silent["runs"] = "Airflow is not running"
    else:
        try:
            airflow = read_airflow_day(AirflowApi(f"http://{HOST}:{running.port}", home), since)
        except (CopydeskError, FileNotFoundError) as exc:
            silent["runs"] = f"Airflow does not answer ({type(exc).__name__})"
    try:
        landed = read_day(settings.warehouse, since)
    except WarehouseMissing:
        silent["files"] = EMPTY
    except CopydeskError as exc:
        silent["files"] = str(exc)
    return Day(since, airflow, landed, list_restarts(home, since), read_versions(), silent)


def read_airflow_day(api: AirflowApi, since: datetime) -> AirflowDay:
    """Return what Airflow knows of the time since then."""
    runs = f"/api/v2/dags/~/dagRuns?end_date_gte={quote(since.isoformat())}&order_by=-end_date"
    failed = api.get(f"{runs}&state=failed&limit=100")["dag_runs"]
    newest: dict[str, str] = {}
    for dag_id in sorted({run["dag_id"] for run in failed}):
        of_dag = runs.replace("~", dag_id) + "&state=failed&state=success&limit=1"
        newest[dag_id] = api.get(of_dag)["dag_runs"][0]["state"]
    asked = "/api/v2/dags/~/dagRuns/~/hitlDetails?response_received=false&state=awaiting_input"
    questions = api.get(f"{asked}&limit=100")["hitl_details"]
    ended = api.get(f"{runs}&state=failed&state=success&limit=1")["total_entries"]
    return AirflowDay(ended, failed, questions, newest)


def read_versions() -> dict[str, str]:
    """Return the versions of Copydesk, Python and the libraries that write what is kept."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = {"copydesk": str(project["version"]), "python": platform.python_version()}
    return python | {name: version(name) for name in PACKAGES}


def report_day(day: Day) -> Iterator[Finding]:
    """Yield what a person should know of the day, in the order in which things fail."""
    if day.airflow is None:
        yield look("runs", f"unknown: {day.silent['runs']}", "")
    else:
        yield report_runs(day.airflow)
        yield report_questions(day.airflow.questions)
    if day.landed is None and day.silent["files"] == EMPTY:
        yield well("files", EMPTY)
    elif day.landed is None:
        yield look("files", f"unknown: {day.silent['files']}", "")
    else:
        yield from report_landed(day.landed)
    yield report_restarts(day.restarts)
    yield well("versions", ", ".join(f"{name} {number}" for name, number in day.versions.items()))


def report_runs(airflow: AirflowDay) -> Finding:
    """Return which runs failed; broken while the newest run of a DAG is one of them."""
    ended = pluralize(airflow.runs, "run") + " ended"
    if not airflow.failed:
        return well("runs", f"{ended}, none failed")
    details = describe_failures(airflow.failed)
    still = [dag_id for dag_id, state in airflow.newest.items() if state == "failed"]
    state = f"{ended}, {len(airflow.failed):,} failed"
    if still:
        way_out = "Do what its note says, then clear the task or trigger the DAG"
        return sick("runs", f"{state}; {', '.join(still)} has not succeeded since", way_out,
                    *_shorten(details))  # fmt: skip
    return look("runs", f"{state}; later ones succeeded", "", *_shorten(details))


def report_questions(questions: Sequence[Row]) -> Finding:
    """Return the questions that wait for a person."""
    if not questions:
        return well("questions", "none waits")
    details = [
        f"{_clock(asked['created_at'])}  {asked['task_instance']['dag_id']}: {asked['subject']}"
        for asked in questions
    ]
    wait = "waits" if len(questions) == 1 else "wait"
    state = f"{pluralize(len(questions), 'question')} {wait} for an answer"
    way_out = "Answer under Required Actions in the web interface"
    return look("questions", state, way_out, *_shorten(details))


def report_landed(landed: LandedDay) -> Iterator[Finding]:
    """Yield what became of files and stories, what waits in quarantine, who is silent."""
    outcomes: Counter[str] = Counter()
    for row in landed.files:
        outcomes[row["outcome"]] += row["files"]
    stories = landed.stories
    counts = f"{stories['stories_landed']:,} landed, {stories['stories_quarantined']:,} quarantined"
    files = pluralize(sum(outcomes.values()), "file")
    yield well("stories", f"{counts}, from {files}")
    rejected = [row for row in landed.files if row["outcome"] == "rejected"]
    if rejected:
        state = f"{pluralize(outcomes['rejected'], 'file')} rejected"
        lines = [f"{row['files']:,}  {row['reason']}" for row in rejected]
        yield look("files", state, "docs/intake.md explains each reason", *_shorten(lines))
    else:
        yield well("files", "none rejected")
    yield _report_quarantine(landed)
    if landed.silent:
        lines = [
            f"{row['outlet']}  {row['silent_days']} days, usually {row['usual_gap_days']:.0f}"
            for row in landed.silent
        ]
        state = pluralize(len(landed.silent), "outlet") + " fell silent"
        yield look("outlets", state, "Ask whoever delivers them", *_shorten(lines))
    else:
        yield well("outlets", "none fell silent")


def _report_quarantine(landed: LandedDay) -> Finding:
    waiting = landed.stories["stories_waiting"]
    if not waiting:
        return well("quarantine", "no story waits")
    lines = []
    for row in landed.quarantine:
        new = f" ({row['new_stories']:,} new)" if row["new_stories"] else ""
        lines.append(f"{row['stories']:,}  {row['rule']}{new}")
    wait = "waits" if waiting == 1 else "wait"
    state = f"{pluralize(waiting, 'story')} {wait} for a decision"
    way_out = "review_quarantine asks about them; from quality.quarantine shows them"
    return look("quarantine", state, way_out, *_shorten(lines))


def report_restarts(restarts: Sequence[Restart]) -> Finding:
    """Return which components were started again, and why."""
    if not restarts:
        return well("restarts", "none")
    lines = [f"{_clock(one.at)}  {one.component}: {one.why}" for one in reversed(restarts)]
    state = pluralize(len(restarts), "restart")
    return look("restarts", state, "Often the same one? Read its console log", *_shorten(lines))


def describe_failures(failed: Sequence[Row]) -> list[str]:
    """Return a line per DAG and note, with the times, newest first."""
    times: dict[str, list[str]] = {}
    for run in failed:
        note = " ".join(str(run.get("note") or "read its log").split())
        cut = note if len(note) <= NOTE_CHARS else note[:NOTE_CHARS].rsplit(" ", 1)[0] + " …"
        times.setdefault(f"{run['dag_id']}: {cut}", []).append(_clock(run["end_date"]))
    lines = []
    for what, at in times.items():
        more = f" and {len(at) - TIMES:,} more" if len(at) > TIMES else ""
        lines.append(f"{', '.join(at[:TIMES])}{more}  {what}")
    return lines


def _clock(instant: str) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(UTC):%H:%M}"


def _shorten(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    rest = len(every) - SHOWN
    return every if rest <= 0 else [*every[:SHOWN], f"… and {rest:,} more (--json has them)"]

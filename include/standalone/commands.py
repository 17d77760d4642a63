"""
Commands of the embedded Airflow: `python -m include.standalone.commands run|up|down|doctor`, and
`… airflow WORDS`, which runs Airflow's own command in the same environment.

Exit codes: 0 success; 1 a failure or a broken component, with the reason; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from include.config.settings import Settings, read_settings
from include.errors import CopydeskError, UsageWrong
from include.intake.inbox.listing import wait_until_settled
from include.standalone.api import USER, AirflowApi, AirflowRefused, AirflowSilent
from include.standalone.environment import airflow_environment, airflow_home
from include.standalone.launch import (
    Airflow,
    StartFailed,
    find_airflow,
    start_airflow,
    stop_airflow,
    wait_until,
)
from include.standalone.privacy import UMASK
from include.standalone.progress import DAG, explain_failure, follow_run
from include.standalone.signs import unwell_components
from include.storage.locations import Place, is_url, parse_url


def run(settings: Settings, inbox: Place, console: Console) -> int:
    """Run `ingest_pages` on a folder through Airflow, show it, and print what landed."""
    from include.terminal.report import print_run

    if isinstance(inbox, Path) and not inbox.is_dir():
        raise UsageWrong("inbox", str(inbox), "Name a folder: make run INBOX=folder.")
    began = time.monotonic()
    say = ProgressPrinter(console, began)
    console.print(f"Running {DAG} on {inbox}", highlight=False, soft_wrap=True)
    running = find_airflow(settings)
    airflow = running or start_airflow(settings, "run", say)
    try:
        started_at = 0.0 if running else time.time() - (time.monotonic() - began)
        wait_until(lambda: _is_parsed(airflow.api, started_at), airflow)
        wait_until_settled(inbox, settings.settle_s)
        run_id = airflow.api.start_run(DAG, {"inbox": str(inbox)})
        say(f"run {run_id}" + (" in the Airflow of `make up`" if running else ""))
        state = _follow(airflow.api, run_id, console)
        say(f"the run ended: {state}")
        if state != "success":
            for line in explain_failure(airflow.api, run_id):
                console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
            return 1
        print_run(settings, run_id, console)
        return 0
    finally:
        airflow.stop()
        if not running:
            say("Airflow stopped")


def _follow(api: AirflowApi, run_id: str, console: Console) -> str:
    """Follow a run; an interrupt marks it as failed, or it would block the next one."""
    try:
        return follow_run(api, run_id, console)
    except KeyboardInterrupt:
        with suppress(CopydeskError):
            api.fail_run(DAG, run_id)
        raise


def up(settings: Settings, console: Console) -> int:
    """Start all of Airflow, wait until it is healthy, and leave it running."""
    say = ProgressPrinter(console, time.monotonic())
    airflow = find_airflow(settings)
    if airflow is None:
        airflow = start_airflow(settings, "up", say)
        try:
            wait_until(lambda: not unwell_components(airflow.api.health()), airflow)
            wait_until(lambda: _is_parsed(airflow.api, since=0), airflow)
        except BaseException:
            airflow.stop()
            raise
    say("Airflow runs")
    _introduce(airflow, console)
    return 0


def down(settings: Settings, console: Console) -> int:
    """Stop what `up` started, in whatever state it is."""
    stopped = stop_airflow(settings)
    console.print("Airflow stopped; nothing is left running." if stopped else "Nothing ran.")
    return 0


def doctor(settings: Settings, console: Console, as_json: bool = False) -> int:
    """Print what works, what does not, and the last 24 hours; return 1 if anything is broken."""
    from include.standalone.day_report import gather_day, report_day
    from include.standalone.doctor import examine
    from include.standalone.doctor_sheet import print_sheet, render_json

    now = datetime.now(UTC)
    checks = examine(settings)
    day = gather_day(settings, now)
    findings = list(report_day(day))
    if as_json:
        print(render_json(checks, findings, day, now))
    else:
        print_sheet(checks, findings, now, console)
    return 0 if all(finding.is_well for finding in [*checks, *findings]) else 1


def run_airflow(settings: Settings, words: Sequence[str]) -> NoReturn:
    """
    Replace this process by Airflow's own command, in the environment of `make up`.

    Raises:
        AirflowSilent: there is no database yet.
    """
    if not (airflow_home(settings) / "airflow.db").exists():
        raise AirflowSilent("Airflow", str(airflow_home(settings)), "Start it once: `make up`.")
    command = str(Path(sys.executable).with_name("airflow"))
    environment = airflow_environment(settings, settings.port, os.environ)
    os.execve(command, [command, *words], environment)


class ProgressPrinter:
    """Prints lines with the seconds since a start."""

    def __init__(self, console: Console, began: float) -> None:
        self.console = console
        self.began = began

    def __call__(self, line: str) -> None:
        """Print one line."""
        passed = f"{time.monotonic() - self.began:5.1f} s"
        self.console.print(f"[dim]{passed}[/]  {line}", highlight=False, soft_wrap=True)


def _is_parsed(api: AirflowApi, since: float) -> bool:
    """
    Return whether Airflow has parsed the DAG's file since `since` (s since 1970) and may run it.

    Raises:
        StartFailed: its file cannot be parsed, or the DAG is paused.
    """
    broken = api.get("/api/v2/importErrors")["import_errors"]
    if broken:
        last = broken[0]["stack_trace"].strip().splitlines()[-1]
        raise StartFailed("DAG file", broken[0]["filename"], last)
    try:
        dag = api.get(f"/api/v2/dags/{DAG}")
    except AirflowRefused as exc:
        if exc.value == 404:
            return False
        raise
    if dag["is_paused"]:
        raise StartFailed("DAG", DAG, "It is paused: switch it on in the UI (make up).")
    return datetime.fromisoformat(dag["last_parsed_time"]).timestamp() >= since


def _introduce(airflow: Airflow, console: Console) -> None:
    for name, value in (
        ("open", airflow.api.base.replace("127.0.0.1", "localhost")),
        ("login", f"{USER} / {airflow.api.password()}"),
        ("inbox", f"{airflow.settings.inbox}   files dropped here land without a click"),
        ("logs", airflow_home(airflow.settings) / "console"),
        ("then", "make doctor, make down"),
    ):
        console.print(f"  {name:6} {value}", markup=False, highlight=False, soft_wrap=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _choose_inbox(requested: str | None, settings: Settings) -> Place:
    """Return the requested inbox, folders relative to the current one; else the setting's."""
    if not requested:
        return settings.inbox
    return (
        parse_url("inbox", requested)
        if is_url(requested)
        else Path(requested).expanduser().resolve()
    )


def main(arguments: Sequence[str]) -> int:
    """Parse the arguments, run one command, return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m include.standalone.commands")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "up", "down", "doctor"):
        command = commands.add_parser(name)
        command.add_argument("--home", help="folder that a run writes to")
        command.add_argument("--inbox", help="folder or URL with pages")
        if name == "doctor":
            command.add_argument("--json", action="store_true", help="print one JSON object")
    command = commands.add_parser("airflow")
    command.add_argument("--home", help="folder that a run writes to")
    command.add_argument("words", nargs=argparse.REMAINDER, help="as for Airflow's own command")
    options = parser.parse_args(arguments)
    console = Console()
    signal.signal(signal.SIGTERM, _interrupt)
    os.umask(UMASK)
    try:
        if options.command == "run":
            settings = read_settings(os.environ, home=options.home)
            return run(settings, _choose_inbox(options.inbox, settings), console)
        if options.command == "airflow":
            run_airflow(read_settings(os.environ, home=options.home), options.words)
        settings = read_settings(os.environ, home=options.home, inbox=options.inbox)
        if options.command == "doctor":
            return doctor(settings, console, options.json)
        return {"up": up, "down": down}[options.command](settings, console)
    except KeyboardInterrupt:
        console.print("stopped")
        return 1
    except CopydeskError as exc:
        console.print(str(exc), style="red", markup=False, soft_wrap=True)
        return 2 if isinstance(exc, UsageWrong) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

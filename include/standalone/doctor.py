"""
Check the embedded Airflow and say what to do about problems: the command `doctor`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.config.inboxes import list_inboxes
from include.config.settings import Settings
from include.standalone.api import AirflowApi, AirflowRefused, AirflowSilent
from include.standalone.environment import HOST, airflow_home
from include.standalone.processes import Running, is_supervised, list_members, read_state
from include.standalone.signs import unwell_components
from include.storage.locations import Store

INGEST = "ingest_pages"
LAST_RUNS = "last runs"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: whether it works, its state, and if broken, what to do."""

    is_well: bool
    thing: str
    state: str
    way_out: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Check processes, the health that Airflow reports, DAGs, runs and inboxes, in this order."""
    home = airflow_home(settings)
    running = read_state(home)
    if running is None:
        return [
            Finding(False, "Airflow", "is not running", "Start it: make up"),
            *_check_inboxes(settings, is_watched=False),
        ]
    if not is_supervised(running):
        left = len(list_members(running.session, running.born_at))
        state = f"its supervisor has died, {left} processes are left"
        gone = Finding(False, "Airflow", state, "make down, then make up")
        return [gone, *_check_inboxes(settings, is_watched=False)]
    reported = list(_check_api(running, home))
    is_watched = all(finding.is_well for finding in reported if finding.thing != LAST_RUNS)
    return [*_check_processes(running, home), *reported, *_check_inboxes(settings, is_watched)]


def _check_processes(running: Running, home: Path) -> Iterator[Finding]:
    members = set(list_members(running.session, running.born_at))
    for name, pid in running.components.items():
        well = pid in members
        state = f"runs as process {pid}" if well else "has died and is being restarted"
        yield Finding(well, name, state, f"Read its log: {home / 'console' / name}.log")


def _check_api(running: Running, home: Path) -> Iterator[Finding]:
    api = AirflowApi(f"http://{HOST}:{running.port}", home)
    try:
        unwell = unwell_components(api.health())
        way_out = "Wait a minute; if it stays, make down, then make up"
        state = ", ".join(unwell) + " not healthy" if unwell else "all components healthy"
        yield Finding(not unwell, f"health at {api.base}", state, way_out)
        broken = api.get("/api/v2/importErrors")["import_errors"]
        for error in broken:
            last = error["stack_trace"].strip().splitlines()[-1]
            yield Finding(
                False, f"DAG file {error['filename']}", last, "Fix it; Airflow reads it again"
            )
        if not broken:
            yield Finding(True, "DAG files", "all can be parsed")
        yield from weigh_dags(api.get("/api/v2/dags?limit=100")["dags"], _last_runs(api))
    except (AirflowSilent, AirflowRefused, FileNotFoundError) as exc:
        state = f"does not answer ({type(exc).__name__})"
        way_out = f"It may still be starting; else read {home / 'console' / 'api-server.log'}"
        yield Finding(False, f"API at {api.base}", state, way_out)


def weigh_dags(
    dags: Iterable[Mapping[str, Any]], last_runs: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Yield whether files are picked up, and which DAGs' last runs failed."""
    if any(dag["dag_id"] == INGEST and dag["is_paused"] for dag in dags):
        state = f"{INGEST} is paused: no file is picked up"
        yield Finding(False, "DAG", state, "Switch it on in the web interface")
    failed = [run for run in last_runs.values() if run["state"] == "failed"]
    for run in failed:
        state = f"{run['dag_id']} failed: {run['dag_run_id']}"
        yield Finding(
            False, LAST_RUNS, state, "Its note, or the line FAILED in its log, says what to do"
        )
    if not failed:
        yield Finding(True, LAST_RUNS, "none failed")


def _last_runs(api: AirflowApi) -> dict[str, Mapping[str, Any]]:
    """Return the newest run of each DAG, among the last hundred runs."""
    newest: dict[str, Mapping[str, Any]] = {}
    for run in api.get("/api/v2/dags/~/dagRuns?order_by=-run_after&limit=100")["dag_runs"]:
        newest.setdefault(run["dag_id"], run)
    return newest


def _check_inboxes(settings: Settings, is_watched: bool) -> Iterator[Finding]:
    for place in (inbox.place for inbox in list_inboxes(settings)):
        thing = f"inbox {place}"
        if not is_watched:
            yield Finding(False, thing, "it is not watched", "Fix the problems above")
        elif isinstance(place, Store):  # only Airflow's own processes can read a connection
            yield Finding(True, thing, "is polled; the task take reports whether it answers")
        else:
            is_there = place.is_dir()
            state = "is watched" if is_there else "is not a folder"
            yield Finding(is_there, thing, state, "Create it, or set COPYDESK_INBOX")

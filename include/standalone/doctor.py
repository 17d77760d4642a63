"""
Read the embedded Airflow's health and say what to do: the `doctor` of `local.py`.
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
from include.storage.locations import Store

HEALTH_NAMES = {  # in /api/v2/monitor/health, to the component's name
    "metadatabase": "the database",
    "scheduler": "scheduler",
    "triggerer": "triggerer",
    "dag_processor": "dag-processor",
}
INGEST = "ingest_pages"
LAST_RUNS = "last runs"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and if not, what to do."""

    is_well: bool
    thing: str
    told: str
    way_out: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at processes, the health that Airflow reports, DAGs, runs and inboxes, in order."""
    home = airflow_home(settings)
    running = read_state(home)
    if running is None:
        return [
            Finding(False, "Airflow", "is not running", "Start it: make up"),
            *_inboxes(settings, is_watched=False),
        ]
    if not is_supervised(running):
        left = len(list_members(running.session, running.born_at))
        told = f"its supervisor is gone, {left} processes are left"
        gone = Finding(False, "Airflow", told, "make down, then make up")
        return [gone, *_inboxes(settings, is_watched=False)]
    reported = list(_reported(running, home))
    is_watched = all(finding.is_well for finding in reported if finding.thing != LAST_RUNS)
    return [*_processes(running, home), *reported, *_inboxes(settings, is_watched)]


def unwell_components(health: Mapping[str, Any]) -> list[str]:
    """Name the components that Airflow itself does not call healthy."""
    return [
        name for key, name in HEALTH_NAMES.items() if health.get(key, {}).get("status") != "healthy"
    ]


def _processes(running: Running, home: Path) -> Iterator[Finding]:
    members = set(list_members(running.session, running.born_at))
    for name, pid in running.components.items():
        well = pid in members
        told = f"runs as process {pid}" if well else "has died and is being restarted"
        yield Finding(well, name, told, f"Its last words: {home / 'console' / name}.log")


def _reported(running: Running, home: Path) -> Iterator[Finding]:
    api = AirflowApi(f"http://{HOST}:{running.port}", home)
    try:
        unwell = unwell_components(api.health())
        way_out = "Wait a minute; if it stays, make down, then make up"
        told = ", ".join(unwell) + " not healthy" if unwell else "all components healthy"
        yield Finding(not unwell, f"health at {api.base}", told, way_out)
        broken = api.get("/api/v2/importErrors")["import_errors"]
        for error in broken:
            last = error["stack_trace"].strip().splitlines()[-1]
            yield Finding(False, f"DAG file {error['filename']}", last, "Mend it; it is read again")
        if not broken:
            yield Finding(True, "DAG files", "all can be read")
        yield from weigh_dags(api.get("/api/v2/dags?limit=100")["dags"], _last_runs(api))
    except (AirflowSilent, AirflowRefused, FileNotFoundError) as exc:
        told = f"does not answer ({type(exc).__name__})"
        way_out = f"It may still be starting; else read {home / 'console' / 'api-server.log'}"
        yield Finding(False, f"API at {api.base}", told, way_out)


def weigh_dags(
    dags: Iterable[Mapping[str, Any]], last_runs: Mapping[str, Mapping[str, Any]]
) -> Iterator[Finding]:
    """Say whether files are picked up, and which DAG's last run failed."""
    if any(dag["dag_id"] == INGEST and dag["is_paused"] for dag in dags):
        told = f"{INGEST} is paused: no file is picked up"
        yield Finding(False, "DAG", told, "Switch it on in the web interface")
    failed = [run for run in last_runs.values() if run["state"] == "failed"]
    for run in failed:
        told = f"{run['dag_id']} failed: {run['dag_run_id']}"
        yield Finding(
            False, LAST_RUNS, told, "Its note or the line FAILED in its log says what to do"
        )
    if not failed:
        yield Finding(True, LAST_RUNS, "none failed")


def _last_runs(api: AirflowApi) -> dict[str, Mapping[str, Any]]:
    """Give the newest run of each DAG, of the last hundred."""
    newest: dict[str, Mapping[str, Any]] = {}
    for run in api.get("/api/v2/dags/~/dagRuns?order_by=-run_after&limit=100")["dag_runs"]:
        newest.setdefault(run["dag_id"], run)
    return newest


def _inboxes(settings: Settings, is_watched: bool) -> Iterator[Finding]:
    for place in (inbox.place for inbox in list_inboxes(settings)):
        thing = f"inbox {place}"
        if not is_watched:
            yield Finding(False, thing, "nobody watches it", "Mend what stands above")
        elif isinstance(place, Store):  # only Airflow's own processes can look a connection up
            yield Finding(True, thing, "is polled; the task take tells whether it answers")
        else:
            is_there = place.is_dir()
            told = "is watched" if is_there else "is not a folder"
            yield Finding(is_there, thing, told, "Make it, or set COPYDESK_INBOX")

"""
Read the embedded Airflow's health and say what to do: the `doctor` of `local.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.inboxes import list_inboxes
from include.orchestration.api import AirflowApi, AirflowRefused, AirflowSilent
from include.orchestration.environment import HOST, airflow_home
from include.orchestration.processes import Running, is_supervised, list_members, read_state
from include.place import Store
from include.settings import Settings

HEALTH_NAMES = {  # in /api/v2/monitor/health, to the component's name
    "metadatabase": "the database",
    "scheduler": "scheduler",
    "triggerer": "triggerer",
    "dag_processor": "dag-processor",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and if not, what to do."""

    is_well: bool
    thing: str
    told: str
    way_out: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at the processes, the health that Airflow reports, the DAGs and the inbox, in order."""
    home = airflow_home(settings)
    running = read_state(home)
    if running is None:
        return [
            Finding(False, "Airflow", "is not running", "Start it: make up"),
            *_inboxes(settings),
        ]
    if not is_supervised(running):
        left = len(list_members(running.session, running.born_at))
        told = f"its supervisor is gone, {left} processes are left"
        return [Finding(False, "Airflow", told, "make down, then make up"), *_inboxes(settings)]
    return [*_processes(running, home), *_reported(running, home), *_inboxes(settings)]


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
    except (AirflowSilent, AirflowRefused, FileNotFoundError) as exc:
        told = f"does not answer ({type(exc).__name__})"
        way_out = f"It may still be starting; else read {home / 'console' / 'api-server.log'}"
        yield Finding(False, f"API at {api.base}", told, way_out)


def _inboxes(settings: Settings) -> Iterator[Finding]:
    for place in (inbox.place for inbox in list_inboxes(settings)):
        if isinstance(place, Store):  # only Airflow's own processes can look a connection up
            yield Finding(
                True, f"inbox {place}", "is polled; the task take tells whether it answers"
            )
            continue
        is_there = place.is_dir()
        told = "is watched" if is_there else "is not a folder"
        yield Finding(is_there, f"inbox {place}", told, "Make it, or set COPYDESK_INBOX")

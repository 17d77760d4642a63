"""
Check the embedded Airflow and the machine under it, and say what to do about problems.

`day_report` adds what happened in the last 24 hours, `doctor_sheet` prints both.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from include.config.settings import Settings
from include.standalone.api import AirflowApi, AirflowRefused, AirflowSilent
from include.standalone.environment import HOST, airflow_home
from include.standalone.findings import Finding, look, sick, well
from include.standalone.inbox_checks import check_inboxes
from include.standalone.processes import Running, is_supervised, list_members, read_state
from include.standalone.signs import read_newest_start, unwell_components
from include.standalone.watch import INGEST, LOOK_S, MOVEMENT
from include.storage.disk_space import read_space

GB = 1e9
STALE_LOOKS = 8  # a look waits for the API at most a minute (15 s, four tries)


def examine(settings: Settings) -> list[Finding]:
    """Check processes, health, DAGs, whether work moves, inboxes and disk, in this order."""
    home = airflow_home(settings)
    running = read_state(home)
    disk = check_disk(settings.home)
    if running is None:
        stopped = sick("Airflow", "is not running", "Start it: make up")
        return [stopped, *check_inboxes(settings, is_watched=False), disk]
    if not is_supervised(running):
        left = len(list_members(running.session, running.born_at))
        state = f"its supervisor has died, {left} processes are left"
        gone = sick("Airflow", state, "make down, then make up")
        return [gone, *check_inboxes(settings, is_watched=False), disk]
    reported = list(_check_api(running, home))
    work = check_movement(running, home, time.time())
    inboxes = check_inboxes(
        settings,
        is_watched=all(finding.is_well for finding in reported),
        # `make run` has no triggers: its runs list every inbox themselves
        watched_for_s=time.time() - running.born_at if running.mode == "up" else 0.0,
        newest_run=lambda: _read_newest_run(running, home),
    )
    return [*_check_processes(running, home), *reported, *work, *inboxes, disk]


def _check_processes(running: Running, home: Path) -> Iterator[Finding]:
    members = set(list_members(running.session, running.born_at))
    for name, pid in running.components.items():
        if pid in members:
            yield well(name, f"runs as process {pid}")
        else:
            log = home / "console" / f"{name}.log"
            yield sick(name, "has died and is being restarted", f"Read its log: {log}")


def _check_api(running: Running, home: Path) -> Iterator[Finding]:
    api = AirflowApi(f"http://{HOST}:{running.port}", home)
    try:
        unwell = unwell_components(api.health())
        if unwell:
            way_out = "Wait two minutes, then the supervisor restarts it; else make down, make up"
            yield sick("health", ", ".join(unwell) + " not healthy", way_out)
        else:
            yield well("health", f"all components healthy, {api.base}")
        broken = api.get("/api/v2/importErrors")["import_errors"]
        for error in broken:
            last = error["stack_trace"].strip().splitlines()[-1]
            state = f"{error['filename']}: {last}"
            yield sick("DAG files", state, "Fix it; Airflow reads it again")
        if not broken:
            yield well("DAG files", "all can be parsed")
        yield from weigh_dags(api.get("/api/v2/dags?limit=100")["dags"])
    except (AirflowSilent, AirflowRefused, FileNotFoundError) as exc:
        state = f"{api.base} does not answer ({type(exc).__name__})"
        way_out = f"It may still be starting; else read {home / 'console' / 'api-server.log'}"
        yield sick("API", state, way_out)


def weigh_dags(dags: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Yield a finding if files are not picked up."""
    if any(dag["dag_id"] == INGEST and dag["is_paused"] for dag in dags):
        state = f"{INGEST} is paused: no file is picked up"
        yield sick("DAG", state, "Switch it on in the web interface")


def check_movement(running: Running, home: Path, now: float) -> Iterator[Finding]:
    """Yield whether work moves, as the supervisor saw it at its last look; now: s since 1970."""
    try:
        movement = json.loads((home / MOVEMENT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        movement = {"looked_at": 0.0, "stuck": []}
    looked_at = max(movement["looked_at"], running.born_at)
    if now - looked_at > STALE_LOOKS * LOOK_S:
        state = f"the supervisor has not looked for {now - looked_at:.0f} s"
        yield sick("work", state, f"make down, then make up; its log: {home / 'console'}")
    elif movement["looked_at"] < running.born_at:
        yield well("work", "has not been looked at yet")
    elif not movement["stuck"]:
        yield well("work", "moves")
    for thing in movement["stuck"] if movement["looked_at"] >= running.born_at else ():
        state = f"{thing['what']} For {thing['for_s']} s"
        way_out = f"The supervisor restarts the {thing['component']} if that lasts"
        yield sick("work", state, way_out)


def _read_newest_run(running: Running, home: Path) -> float:
    """Return when the newest run started; infinity if one is queued, or the API does not answer."""
    try:
        return read_newest_start(AirflowApi(f"http://{HOST}:{running.port}", home), INGEST)
    except (AirflowSilent, AirflowRefused, FileNotFoundError):
        return math.inf


def check_disk(home: Path) -> Finding:
    """Return how full the disk of the home is."""
    disk = read_space(home)
    state = f"{disk.free / GB:,.1f} GB free of {disk.total / GB:,.1f} GB"
    if disk.is_full:
        return sick("disk", state, "Make room: a run that finds it full fails")
    if disk.is_low:
        return look("disk", state, "Make room, or lower COPYDESK_RETENTION_DAYS")
    return well("disk", state)

"""
Signs that work may not move: what ought to change soon, and whose restart helps if it does not.

A component that lives can still do nothing. An idle worker of Airflow's LocalExecutor that is
killed takes the lock of the task queue with it: no worker ever gets a task again, while scheduler
and health checks are well. So the signs are those of the work itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from include.standalone.api import AirflowApi

# A queued task holds a slot already, so a worker takes it within 1 s; within 2 s where 13
# processes wanted two cores.
QUEUED_S = 60.0
IDLE_S = 180.0  # a run in which nothing runs and nothing changes: the scheduler loops every second
UNWELL_S = 120.0  # Airflow reports a component after 30 s without a heartbeat
UNDELIVERED_S = 180.0  # six times what the trigger waits before it rings again
ACTIVE = ("queued", "running", "restarting")
WAITS = (*ACTIVE, "awaiting_input", "deferred", "up_for_retry", "up_for_reschedule")
HEALTH_NAMES = {  # in /api/v2/monitor/health, to the component's name
    "metadatabase": "the database",
    "scheduler": "scheduler",
    "triggerer": "triggerer",
    "dag_processor": "dag-processor",
}
TIMES = ("queued_when", "scheduled_when", "start_date", "end_date")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Sign:
    """
    Something that ought to change within `patience_s`.

    key: equal while nothing has changed. remedies: the components to restart, one after another,
    each if the last did not help.
    """

    key: str
    what: str
    patience_s: float
    remedies: tuple[str, ...]


def unwell_components(health: Row) -> list[str]:
    """Return the names of components that Airflow does not report as healthy."""
    return [
        name for key, name in HEALTH_NAMES.items() if health.get(key, {}).get("status") != "healthy"
    ]


SILENT = Sign("api", "The API does not answer.", UNWELL_S, ("api-server",))


def read_signs(api: AirflowApi) -> Iterator[Sign]:
    """Yield the signs that Airflow's API gives."""
    for name in unwell_components(api.health()):
        if name != "the database":
            yield Sign(f"unwell {name}", f"The {name} sends no heartbeat.", UNWELL_S, (name,))
    query = "&".join(f"state={state}" for state in ACTIVE)
    active = api.get(f"/api/v2/dags/~/dagRuns/~/taskInstances?{query}&limit=100")["task_instances"]
    yield from read_queued(active)
    if not active:
        runs = api.get("/api/v2/dags/~/dagRuns?state=queued&state=running&limit=100")["dag_runs"]
        paused = {dag["dag_id"] for dag in api.get("/api/v2/dags?paused=true&limit=100")["dags"]}
        awake = [run for run in runs if run["dag_id"] not in paused]
        own = {run["dag_run_id"]: api.get_tasks(run["dag_id"], run["dag_run_id"]) for run in awake}
        yield from read_idle(awake, own)


def read_newest_start(api: AirflowApi, dag_id: str) -> float:
    """
    Return when the newest run of a DAG started (s since 1970).

    Infinity if none can start: the DAG is paused, or a run is queued or has not ended; 0 if there
    has been no run.
    """
    if api.get(f"/api/v2/dags/{dag_id}")["is_paused"]:
        return math.inf
    runs = api.get(f"/api/v2/dags/{dag_id}/dagRuns?order_by=-run_after&limit=5")["dag_runs"]
    if any(run["state"] in ("queued", "running") for run in runs):
        return math.inf
    starts = [datetime.fromisoformat(run["start_date"]) for run in runs if run["start_date"]]
    return max((start.timestamp() for start in starts), default=0.0)


def read_queued(tasks: Sequence[Row]) -> Iterator[Sign]:
    """Yield a sign for every task that waits for a worker."""
    for task in tasks:
        if task["state"] == "queued":
            name = f"{task['dag_id']}.{task['task_id']}"
            what = f"Task {name} is queued, and no worker takes it (run {task['dag_run_id']})."
            key = f"queued {task['id']} {task['try_number']} {task['queued_when']}"
            yield Sign(key, what, QUEUED_S, ("scheduler",))


def read_idle(runs: Sequence[Row], tasks: Mapping[str, Sequence[Row]]) -> Iterator[Sign]:
    """
    Yield a sign for every unfinished run in which nothing happens, where nothing runs elsewhere.

    A run that waits for a person, for its next try or for another run of its DAG is left out.

    Args:
        tasks: the task instances by run id.
    """
    running = {run["dag_id"] for run in runs if run["state"] == "running"}
    for run in runs:
        own = tasks[run["dag_run_id"]]
        waits = any(task["state"] in WAITS for task in own)
        if waits or (run["state"] == "queued" and run["dag_id"] in running):
            continue
        changed = max((str(task[name] or "") for task in own for name in TIMES), default="")
        what = f"Nothing happens in the {run['state']} run {run['dag_run_id']} of {run['dag_id']}."
        yield Sign(f"idle {run['dag_run_id']} {changed}", what, IDLE_S, ("scheduler",))

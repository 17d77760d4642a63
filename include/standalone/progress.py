"""
Follow one run of `ingest_pages` and show the progress of its steps.

A terminal shows a table that is redrawn; other output gets one line whenever a step changes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.live import Live
from rich.table import Table

from include.standalone.api import AirflowApi

DAG = "ingest_pages"
STEPS = ("take", "edit.split", "edit.judge", "gate", "land", "publish", "check_inboxes")
POLL_S = 0.3
ENDED = ("success", "failed")
STYLES = {"failed": "red", "upstream failed": "red", "running": "cyan", "waiting": "dim"}
WORDS = {None: "waiting", "success": "done", "up_for_retry": "will be tried again"}


@dataclass(frozen=True)
class StepState:
    """The progress of one step: a count for each state of its task instances."""

    step: str
    counts: tuple[tuple[str, int], ...]

    def describe(self) -> str:
        """Return it in words: `done`, or `5 batches: 3 done, 2 running`."""
        total = sum(count for _, count in self.counts)
        if total == 1:
            return self.counts[0][0]
        return f"{total} batches: " + ", ".join(f"{count} {state}" for state, count in self.counts)


def summarise(tasks: Iterable[dict[str, Any]]) -> list[StepState]:
    """Return one `StepState` per step, in the DAG's order, from the API's task instances."""
    by_step: dict[str, Counter[str]] = {step: Counter() for step in STEPS}
    for task in tasks:
        state = task["state"]
        by_step[task["task_id"]][WORDS.get(state, state.replace("_", " ") if state else "")] += 1
    return [
        StepState(step.removeprefix("edit."), tuple(sorted(counts.items())) or (("waiting", 1),))
        for step, counts in by_step.items()
    ]


def follow_run(api: AirflowApi, run_id: str, console: Console) -> str:
    """Show the run's steps until it ends; return its final state, success or failed."""
    shown: dict[str, str] = {}
    with Live(console=console, transient=True, auto_refresh=False) as live:
        while True:
            state = api.get_run(DAG, run_id)["state"]
            steps = summarise(api.get_tasks(DAG, run_id))
            if console.is_terminal:
                live.update(draw(steps, state), refresh=True)
            else:
                _print_changes(steps, shown, console)
            if state in ENDED:
                break
            time.sleep(POLL_S)
    if console.is_terminal:
        console.print(draw(steps, state))
    return str(state)


def draw(steps: Iterable[StepState], state: str) -> Table:
    """Draw the steps as a small table."""
    table = Table("step", "state", box=None, title=f"{DAG}: {state}", title_justify="left",
                  min_width=40)  # fmt: skip
    for step in steps:
        words = step.describe()
        style = next((STYLES[name] for name, _ in step.counts if name in STYLES), "green")
        table.add_row(step.step, words, style=style)
    return table


def explain_failure(api: AirflowApi, run_id: str) -> list[str]:
    """Return one line per failed task: its name, and the error that ended its last try."""
    lines = []
    for task in api.get_tasks(DAG, run_id):
        if task["state"] == "failed":
            batch = "" if task["map_index"] < 0 else f" (batch {task['map_index']})"
            lines.append(f"{task['task_id']}{batch}: {_last_error(api, run_id, task)}")
    return lines or ["the run failed before a task did; read the scheduler's log"]


def _last_error(api: AirflowApi, run_id: str, task: dict[str, Any]) -> str:
    path = (
        f"/api/v2/dags/{DAG}/dagRuns/{quote(run_id)}/taskInstances/{task['task_id']}"
        f"/logs/{task['try_number']}?map_index={task['map_index']}&full_content=true"
    )
    errors = [
        f"{detail['exc_type']}: {detail['exc_value']}"
        for entry in api.get(path)["content"]
        if isinstance(entry, dict)
        for detail in entry.get("error_detail") or ()
    ]
    return errors[-1] if errors else "read its log in the UI (make up)"


def _print_changes(steps: Iterable[StepState], shown: dict[str, str], console: Console) -> None:
    for step in steps:
        words = step.describe()
        if words not in (shown.get(step.step), "waiting"):
            shown[step.step] = words
            console.print(f"  {step.step:8} {words}", highlight=False)

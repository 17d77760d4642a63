"""
What Airflow calls when a task failed or a run is late: one log line that tells a person what to do.

A line names DAG, run and task, never a story's text: the message of a foreign error may quote
data, so it stays in the task's own log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

from include.errors import CopydeskError, Permanent
from include.orchestration.notices import post_notice
from include.settings import read_settings

log = logging.getLogger("copydesk.alerts")


def report_failure(context: Mapping[str, Any]) -> None:
    """Log that a task failed for good, and the way out."""
    ti = context["ti"]
    log.error(
        "FAILED dag=%s run=%s task=%s map_index=%s try=%s: %s",
        ti.dag_id,
        ti.run_id,
        ti.task_id,
        ti.map_index,
        ti.try_number,
        describe_error(context.get("exception")),
    )
    url = read_settings(os.environ).notify_url
    post_notice(url, {"text": f"Copydesk: {ti.dag_id} failed at {ti.task_id}, run {ti.run_id}"})


async def report_late(context: Mapping[str, Any], deadline_s: int) -> None:
    """Log that a run passed its deadline; awaited in the triggerer, so it must not block."""
    run = context.get("dag_run") or {}
    log.error(
        "LATE dag=%s run=%s: not done %d s after it was queued. Open its grid: a task that is "
        "running may be slow, one that is queued waits for a slot or a pool.",
        _of(run, "dag_id"),
        _of(run, "run_id") or _of(run, "dag_run_id"),
        deadline_s,
    )


def describe_error(error: object) -> str:
    """Give the error in one line that quotes no data, with the way out."""
    if isinstance(error, CopydeskError):
        kind = "a person must look" if isinstance(error, Permanent) else "it may pass by itself"
        return f"{type(error).__name__} ({kind}): {error}"
    if isinstance(error, BaseException):
        return f"{type(error).__name__}. Read the task's log, then clear the task to try again."
    return "no error was handed on. Read the task's log."


def _of(run: object, name: str) -> object:
    return run.get(name) if isinstance(run, Mapping) else getattr(run, name, None)

"""
What every task of ours does beside its work: send metrics and traces, and close alerts.

Airflow calls these listeners in the process that runs the task. plugins/copydesk.py registers them.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from airflow.listeners import hookimpl

from include.config.settings import OTLP, read_settings
from include.orchestration.alerts import close_alerts
from include.telemetry import export

log = logging.getLogger("copydesk.telemetry")

TASK = "TaskRunnerMarker"  # of Airflow's components, the process that runs one task


@hookimpl
def on_starting(component: Any) -> None:
    """Begin to measure, if this process runs a task and telemetry is on."""
    if type(component).__name__ == TASK and read_settings(os.environ).telemetry == OTLP:
        export.start()


@hookimpl
def on_task_instance_success(previous_state: Any, task_instance: Any) -> None:
    """Close what an earlier run reported of this task."""
    try:
        close_alerts(task_instance.dag_id, task_instance.task_id, task_instance.run_id)
    except Exception as exc:  # of whatever class: the task has succeeded
        log.error("open alerts were not closed: %s", type(exc).__name__)


@hookimpl
def before_stopping(component: Any) -> None:
    """Send what this task measured."""
    if type(component).__name__ == TASK:
        export.finish()

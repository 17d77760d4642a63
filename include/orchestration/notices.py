"""
Notices of questions, and the callbacks that log and report failed tasks and late runs.

A notice that cannot be posted never fails a task. Notices never contain a story's text.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import BaseNotifier
from airflow.sdk.exceptions import AirflowTaskTimeout

from include.alerts.alert import Alert, Kind
from include.config.settings import read_settings
from include.errors import CopydeskError, DiskFull, Permanent, StorageRefused
from include.orchestration.alerts import AlertNotifier, make_task_alert, open_journal, report_alert
from include.orchestration.posting import post_notice
from include.orchestration.run_notes import leave_note

ENDED = ("success", "failed")
log = logging.getLogger("copydesk.alerts")


class Notice(BaseNotifier):
    """Notifies people that a question awaits an answer: its subject and link."""

    template_fields = ()

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def notify(self, context: Any) -> None:
        """Post the question's subject and link."""
        operator, ti = context["task"], context["ti"]
        link = operator.generate_link_to_ui(task_instance=ti)
        log.info("a question awaits an answer: %s, %s", operator.subject, link)
        post_notice(self.url, {"text": f"{operator.subject}: {link}", "link": link})


def report_failure(context: Mapping[str, Any]) -> None:
    """Log that a task failed finally, and what to do; leave that as its note; post a notice."""
    ti = context["ti"]
    reason = describe_error(context.get("exception"))
    # Airflow folds what callbacks log into the group "Post Execute"; this line stays outside.
    log.info("::endgroup::")
    log.error(
        "FAILED dag=%s run=%s task=%s map_index=%s try=%s: %s",
        ti.dag_id,
        ti.run_id,
        ti.task_id,
        ti.map_index,
        ti.try_number,
        reason,
    )
    log.info("::group::Post Execute")
    try:
        leave_note(f"{ti.task_id} failed: {reason}", ti)
    except Exception as exc:  # of whatever class: the notice must still be posted
        log.error("no note was left: %s", type(exc).__name__)
    alert = make_task_alert(ti.dag_id, ti.run_id, ti.task_id, context.get("exception"))
    report_alert(alert, read_settings(os.environ), context, ti.run_id)


async def report_late(context: Mapping[str, Any], deadline_s: int) -> None:
    """
    Log and report that a run missed its deadline; awaited in the triggerer, so it must not block.

    Nothing is said of a run that has ended, or that was cleared since and so queued again: its
    deadline is still the first one.
    """
    run = context.get("dag_run") or {}
    queued_at = _read_field(run, "queued_at")
    if _read_field(run, "state") in ENDED or _age_s(queued_at) < deadline_s:
        return
    dag_id = _read_field(run, "dag_id")
    run_id = _read_field(run, "run_id") or _read_field(run, "dag_run_id")
    log.error(
        "LATE dag=%s run=%s: not done %d s after it was queued. Open its grid: a task that is "
        "running may be slow, one that is queued waits for a slot or a pool.",
        dag_id,
        run_id,
        deadline_s,
    )
    text = f"{dag_id} is late: run {run_id} is not done {deadline_s} s after it was queued"
    do = "Open its grid: a running task may be slow, a queued one waits for a slot."
    alert = Alert(Kind.RUN_LATE, f"{dag_id} {run_id}", text, do)
    await _send_late(alert, context)


async def _send_late(alert: Alert, context: Mapping[str, Any]) -> None:
    """Send an alert from the triggerer; Airflow calls once per run, and again if it restarts."""
    settings = read_settings(os.environ)
    known = open_journal(settings).read()
    if any((entry.kind, entry.cause) == (alert.kind, alert.cause) for entry in known):
        return
    notifier = AlertNotifier(alert, settings)
    await notifier.async_notify(context)
    if notifier.sent:
        with suppress(DiskFull, StorageRefused):  # docker-compose's triggerer only reads the home
            open_journal(settings).report(alert, datetime.now(UTC), lambda _: True)


def describe_error(error: object) -> str:
    """Return the error and what to do in one line that quotes no data."""
    if isinstance(error, CopydeskError):
        kind = "a person must look" if isinstance(error, Permanent) else "it may pass by itself"
        return f"{type(error).__name__} ({kind}): {error}"
    if isinstance(error, AirflowTaskTimeout):
        return "it ran longer than COPYDESK_DEADLINE_S allows. Find out why, then clear the task."
    if isinstance(error, BaseException):
        return f"{type(error).__name__}. Read the task's log, then clear the task to try again."
    return "Airflow passed on no error. Read the task's log."


def _age_s(instant: object) -> float:
    """Return how long ago an instant was (s); infinite if it is unknown."""
    if not isinstance(instant, str | datetime):
        return math.inf
    then = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return (datetime.now(UTC) - then).total_seconds()


def _read_field(run: object, name: str) -> object:
    return run.get(name) if isinstance(run, Mapping) else getattr(run, name, None)

"""
Notices to people, posted as JSON to the URL of the settings, and the callbacks that log failures.

A notice that cannot be posted never fails a task. Notices never contain a story's text.
"""

from __future__ import annotations

import json
import logging
import math
import os
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import BaseNotifier
from airflow.sdk.exceptions import AirflowTaskTimeout

from include.config.settings import read_settings
from include.errors import CopydeskError, Permanent
from include.orchestration.run_notes import leave_note

log = logging.getLogger("copydesk.notices")

TIMEOUT_S = 10.0
NOWHERE = "none"
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


def post_notice(url: str, content: dict[str, str]) -> bool:
    """Post a notice; return whether it was accepted. Slack, Mattermost and Teams show `text`."""
    if url == NOWHERE:
        return False
    if not url.startswith(("https://", "http://")):
        log.error("no notice was posted: COPYDESK_NOTIFY_URL is not an http or https URL")
        return False
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(content).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):
            return True
    except OSError as exc:
        log.error("no notice was posted: %s", type(exc).__name__)  # the URL may contain a secret
        return False


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
    url = read_settings(os.environ).notify_url
    post_notice(url, {"text": f"Copydesk: {ti.dag_id} failed at {ti.task_id}, run {ti.run_id}"})


async def report_late(context: Mapping[str, Any], deadline_s: int) -> None:
    """
    Log that a run missed its deadline; awaited in the triggerer, so it must not block.

    Nothing is logged of a run that has ended, or that was cleared since and so queued again: its
    deadline is still the first one.
    """
    run = context.get("dag_run") or {}
    queued_at = _read_field(run, "queued_at")
    if _read_field(run, "state") in ENDED or _age_s(queued_at) < deadline_s:
        return
    log.error(
        "LATE dag=%s run=%s: not done %d s after it was queued. Open its grid: a task that is "
        "running may be slow, one that is queued waits for a slot or a pool.",
        _read_field(run, "dag_id"),
        _read_field(run, "run_id") or _read_field(run, "dag_run_id"),
        deadline_s,
    )


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

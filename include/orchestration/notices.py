"""
Notices: what a person should know now, posted as JSON to where the settings say.

A notice is never a reason to fail a task, and never holds a story's text.
"""

from __future__ import annotations

import json
import logging
import os
import urllib.request
from collections.abc import Mapping
from typing import Any

from airflow.sdk import BaseNotifier

from include.config.settings import read_settings
from include.errors import CopydeskError, Permanent

log = logging.getLogger("copydesk.notices")

TIMEOUT_S = 10.0
NOWHERE = "none"
log = logging.getLogger("copydesk.alerts")


class Notice(BaseNotifier):
    """Tells that a question waits: its subject, and the link to it."""

    template_fields = ()

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def notify(self, context: Any) -> None:
        """Post the question's subject and link."""
        operator, ti = context["task"], context["ti"]
        link = operator.generate_link_to_ui(task_instance=ti)
        log.info("a question waits: %s, %s", operator.subject, link)
        post_notice(self.url, {"text": f"{operator.subject}: {link}", "link": link})


def post_notice(url: str, content: dict[str, str]) -> bool:
    """Post a notice; say whether it arrived. `text` is what Slack, Mattermost and Teams show."""
    if url == NOWHERE:
        return False
    if not url.startswith(("https://", "http://")):
        log.error("no notice was posted: COPYDESK_NOTIFY_URL is no http or https address")
        return False
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(content).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):
            return True
    except OSError as exc:
        log.error("no notice was posted: %s", type(exc).__name__)  # the address may be a secret
        return False


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

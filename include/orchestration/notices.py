"""
Notices: what a person should know now, posted as JSON to where the settings say.

A notice is never a reason to fail a task, and never holds a story's text.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from typing import Any

from airflow.sdk import BaseNotifier

log = logging.getLogger("copydesk.notices")

TIMEOUT_S = 10.0
NOWHERE = "none"


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

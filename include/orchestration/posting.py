"""
Post JSON to the URL that people named for notices and alerts.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Mapping

log = logging.getLogger("copydesk.notices")

TIMEOUT_S = 10.0
NOWHERE = "none"


def post_notice(url: str, content: Mapping[str, str]) -> bool:
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

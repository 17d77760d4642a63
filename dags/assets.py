"""
What the DAGs share: assets, pool, owner, retries, timeouts and alerts. The one shared file.

Every asset URI is a location: `file://` for a folder, else the store's URL.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
)
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert

from include.config.settings import Settings, read_settings
from include.errors import Permanent, Transient
from include.orchestration import inbox_watchers, run_params
from include.orchestration.deadlines import RunQueuedAt
from include.orchestration.notices import report_failure, report_late
from include.orchestration.run_params import check_params
from include.storage.locations import address

SETTINGS = read_settings(os.environ)
CLOCK = CronTriggerTimetable(SETTINGS.clock, timezone="UTC")
NIGHT = CronTriggerTimetable(SETTINGS.night, timezone="UTC")
REVIEW = CronTriggerTimetable(SETTINGS.review, timezone="UTC")
WATCH = CronTriggerTimetable(SETTINGS.watch, timezone="UTC")

INBOX = Asset("inbox", uri=inbox_watchers.locate(SETTINGS), group="copydesk",
              watchers=inbox_watchers.make_watchers(SETTINGS))  # fmt: skip
STORIES = Asset("stories", uri=address(SETTINGS.lake, "stories"), group="copydesk")
CHROME_BOOK = Asset("chrome_book", uri=address(SETTINGS.lake, "chrome_book"), group="copydesk")
MARTS = Asset("marts", uri=address(SETTINGS.lake, "analyses"), group="copydesk")
WAREHOUSE = Asset("warehouse", uri=SETTINGS.warehouse.as_uri(), group="copydesk")

WAREHOUSE_POOL = "warehouse"  # one slot, made by standalone/prepare.py: one publisher at a time

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception=Transient,
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=10),
            reason="the cause is temporary; trying again may help",
        ),
        RetryRule(
            exception=Permanent,
            action=RetryAction.FAIL,
            reason="trying again gives the same result; a person must look",
        ),
    ]
)
# Never 0 retries: on a cold start the first task may run before the API server answers.
DEFAULT_ARGS = {
    "owner": "copydesk",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_policy": RETRY_POLICY,
    "execution_timeout": timedelta(seconds=SETTINGS.deadline_s),
    "on_failure_callback": report_failure,
}


def deadline_after(wait_s: int = 0) -> DeadlineAlert:
    """Return the alert on a late run; wait_s: the time a person may take to answer (s)."""
    late_s = SETTINGS.deadline_s + wait_s
    return DeadlineAlert(
        name="run_is_late",
        reference=RunQueuedAt(),
        interval=timedelta(seconds=late_s),
        callback=AsyncCallback(report_late, kwargs={"deadline_s": late_s}),
    )


DEADLINE = deadline_after()
DAG_ARGS: dict[str, Any] = {
    "default_args": DEFAULT_ARGS,
    "deadline": [DEADLINE],
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(seconds=2 * SETTINGS.deadline_s),
    "is_paused_upon_creation": False,
}


def settings_for(params: Mapping[str, Any]) -> Settings:
    """Return the settings of a run; its param `inbox` overrides the inbox unless it is null."""
    check_params(params, run_params.INGEST)
    return read_settings(os.environ, inbox=params["inbox"])

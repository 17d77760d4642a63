"""
# Watch desk: raise alerts on what no failed task would show

Checks the disk, whether all that landed is in the warehouse, the growth of quarantine, and silent
outlets. Sends their figures as metrics (`COPYDESK_TELEMETRY`) and each problem as an alert, once
until it is over (`COPYDESK_NOTIFY_URL`, `COPYDESK_NOTIFY_MAIL`). Changes nothing.

| step | does | reads | writes |
|---|---|---|---|
| `check` | compares the figures with their bounds, sends what is new | lake, warehouse | alerts |

**When.** Every 15 minutes (`COPYDESK_WATCH`). Manually: *Trigger*. Its log has a line `ALERT` per
new problem, also if nobody is to be told.

**When a task fails.** The lake cannot be read: its note says what to do. The next check follows.
"""

from typing import Any

import assets
from airflow.sdk import dag, get_current_context, task

from include.orchestration import alerts


@task
def check() -> Any:
    """Compare the home's figures with their bounds; send what is new, close what is over."""
    return alerts.check_home(assets.SETTINGS, get_current_context())


@dag(schedule=assets.WATCH, doc_md=__doc__, tags=["watch"], **assets.DAG_ARGS)
def watch_desk() -> None:
    """Define the one step."""
    check()


watch_desk()

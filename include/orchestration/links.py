"""
Links from tasks in Airflow's UI to the Story Desk.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from airflow.sdk import BaseOperatorLink

from include.orchestration.run_ids import join_name

DESK_PREFIX = "/copydesk"  # where plugins/copydesk.py mounts the desk
DESK_ROUTE = "copydesk"  # its route in Airflow's UI
AIRFLOW_APP = "copydesk.airflow"  # the key of Airflow's own app in the scope of a desk's request


def link_to_desk(path: str, **parameters: str) -> str:
    """Return the path, on Airflow's own server, of a desk's page inside Airflow's UI."""
    return f"/plugin/{DESK_ROUTE}{DESK_PREFIX}{path}?{urlencode(parameters)}"


def link_to_resplit(run_id: str) -> str:
    """Return the path of a re-split's page; run_id: as in the lake."""
    return link_to_desk("/lake/resplit", run=run_id)


class RunLink(BaseOperatorLink):
    """Link from a task to its run on the desk: files, checks, stories."""

    @property
    def name(self) -> str:
        """Return the label of the link."""
        return "Story Desk"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the page's path on Airflow's own server."""
        return link_to_desk("/run", dag=ti_key.dag_id, run=ti_key.run_id)


class ResplitLink(BaseOperatorLink):
    """Link from a task of a re-split to what it would change."""

    @property
    def name(self) -> str:
        """Return the label of the link."""
        return "Story Desk"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the page's path on Airflow's own server."""
        return link_to_resplit(join_name(ti_key.dag_id, ti_key.run_id))


def link_run(result: Any) -> Any:
    """Add a link to the run to the task with this result; return the result."""
    result.operator.operator_extra_links = (RunLink(),)
    return result


def link_resplit(compared: Any) -> Any:
    """Add a link to the re-split to the task with this result; return the result."""
    compared.operator.operator_extra_links = (ResplitLink(),)
    return compared

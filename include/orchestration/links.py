"""
Links on tasks in Airflow's UI.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink

from include.orchestration.run_ids import join_name
from include.pipeline.receipts import run_key

DATA_DOCS_PREFIX = "/data-docs"  # where plugins/copydesk.py mounts the pages
DESK_PREFIX = "/copydesk"  # … and the Story Desk


class DataDocsLink(BaseOperatorLink):
    """Link from the task `gate` to its run's Data Docs page, shown when the task has ended."""

    @property
    def name(self) -> str:
        """Return the label of the link."""
        return "Data Docs"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the page's path on Airflow's own server."""
        return f"{DATA_DOCS_PREFIX}/{run_key(join_name(ti_key.dag_id, ti_key.run_id))}.html"


def link_data_docs(weighed: Any) -> Any:
    """Add the link to the task with this result; return the result."""
    weighed.operator.operator_extra_links = (DataDocsLink(),)
    return weighed


class ReportLink(BaseOperatorLink):
    """Link from the task `compare` of a re-split to its report."""

    @property
    def name(self) -> str:
        """Return the label of the link."""
        return "Report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """Return the page's path on Airflow's own server."""
        return link_to_report(run_key(join_name(ti_key.dag_id, ti_key.run_id)))


def link_to_report(key: str) -> str:
    """Return the path of a re-split's report, by the run's key, on Airflow's own server."""
    return f"{DATA_DOCS_PREFIX}/resplits/{key}.html"


def link_report(compared: Any) -> Any:
    """Add the link to the task with this result; return the result."""
    compared.operator.operator_extra_links = (ReportLink(),)
    return compared

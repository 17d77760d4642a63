"""
Names of runs in the lake and in `receipts/`. Airflow's run ids are unique only within one DAG: at
midnight two schedules create the same one.

A run of `ingest_pages` keeps Airflow's id; other DAGs prefix theirs with the DAG's id.
"""

from __future__ import annotations

from airflow.sdk import get_current_context

INGEST = "ingest_pages"


def name_run() -> str:
    """Return the name of the current task's run."""
    ti = get_current_context()["ti"]
    return join_name(ti.dag_id, ti.run_id)


def join_name(dag_id: str, run_id: str) -> str:
    """Return the name of a DAG's run."""
    return run_id if dag_id == INGEST else f"{dag_id}/{run_id}"

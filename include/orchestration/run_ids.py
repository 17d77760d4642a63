"""
Names of runs in the lake and in `receipts/`. Airflow's run ids are unique within one DAG only: at
midnight two schedules make the same one.

`ingest_pages` keeps Airflow's bare id; a run of another DAG has the DAG's before it.
"""

from __future__ import annotations

from airflow.sdk import get_current_context

INGEST = "ingest_pages"


def name_run() -> str:
    """Name the run that the task at work belongs to."""
    ti = get_current_context()["ti"]
    return join_name(ti.dag_id, ti.run_id)


def join_name(dag_id: str, run_id: str) -> str:
    """Name a run of a DAG."""
    return run_id if dag_id == INGEST else f"{dag_id}/{run_id}"

"""
Map a DAG's batches over Airflow's tasks, or submit them to Spark as one job.

The job is submitted by Airflow's provider for Spark with the connection `spark_default`, in client
mode: its driver runs on the worker that submits, and its executors see the same home and lake.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from airflow.sdk import task

from include.config.settings import ROOT, Settings
from include.errors import ReceiptMissing
from include.orchestration.spark_job import DONE, read_batches

CONNECTION = "spark_default"
APPLICATION = ROOT / "include" / "orchestration" / "spark_job.py"


def map_batches(settings: Settings, job: str, batches: Any, mapped: Any) -> tuple[Any, Any]:
    """
    Work through a run's batches: `mapped` for each, or one job on Spark.

    Args:
        job: resplit or analyze. batches: the task that shared out the batches and pushed their
            receipt. mapped: a task or a group of tasks that takes a `batch`.
    Returns:
        The receipt, and the results of the batches.
    """
    receipt = batches["receipt"]
    if job not in settings.spark_job_names:
        return receipt, mapped.expand(batch=batches)
    done = list_done(job, receipt)
    _submit(job, receipt) >> done
    return receipt, done


@task
def list_done(job: str, receipt: str) -> list[str]:
    """
    Return the receipts that the job wrote, one per batch.

    Raises:
        ReceiptMissing: it wrote fewer; clear the job.
    """
    paths = [Path(batch).with_suffix(DONE[job]) for batch in read_batches(job, receipt)]
    for path in paths:
        if not path.exists():
            raise ReceiptMissing(f"receipt of {job}", str(path), "Clear the task before this one.")
    return [str(path) for path in paths]


def _submit(job: str, receipt: Any) -> Any:
    from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

    return SparkSubmitOperator(
        task_id=f"{job}_on_spark",
        conn_id=CONNECTION,
        application=str(APPLICATION),
        application_args=[job, receipt],
        name=f"copydesk-{job}",
        env_vars={"PYTHONPATH": str(ROOT)},
        doc_md="Work through all batches on Spark.",
    )

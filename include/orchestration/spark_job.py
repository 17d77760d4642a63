"""
The program that `spark-submit` runs: work through the batches of a run's receipt on the cluster.

    spark-submit … include/orchestration/spark_job.py resplit|analyze RECEIPT

It imports nothing of Airflow. Settings come from the environment of the submission.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from include.config.settings import read_settings
from include.pipeline.analysis_receipts import ChooseReceipt
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt

DONE = {"resplit": ".judged.json", "analyze": ".analyzed.json"}  # beside each batch's receipt


def read_batches(job: str, receipt: str | Path) -> tuple[Path, ...]:
    """Return the batches of a run of a job."""
    if job == "resplit":
        return read_receipt(receipt, IntakeReceipt).batches
    return read_receipt(receipt, ChooseReceipt).batches


def main(words: Sequence[str]) -> int:
    """Run a job on the cluster of the submission."""
    job, receipt = words
    settings = replace(read_settings(os.environ), spark_jobs=job, spark_url="")
    batches = read_batches(job, receipt)
    if job == "resplit":
        from include.pipeline.edit import edit_batches

        edit_batches(settings, batches)
    else:
        from include.pipeline.analysis import analyze_all

        analyze_all(settings, batches)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

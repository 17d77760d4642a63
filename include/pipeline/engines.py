"""
Which engine runs a job's batches: `COPYDESK_SPARK_JOBS` names the jobs that run on Spark.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from include.config.settings import ROOT, Settings
from include.engine.door import LOCAL, SPARK, Engine, open_engine
from include.engine.local import Here


@contextmanager
def open_for(settings: Settings, job: str, *, in_process: bool = False) -> Iterator[Engine]:
    """
    Open the engine of a job: resplit, analyze or tend.

    Args:
        in_process: with one local worker, call the steps here, which saves starting Python anew.
    Raises:
        SettingInvalid, WorkerLost: see `include.engine.spark.open_spark`.
    """
    name = SPARK if job in settings.spark_job_names else LOCAL
    if name == LOCAL and in_process and settings.workers == 1:
        yield Here()
        return
    with open_engine(name, settings.workers, settings.spark_url, ROOT) as engine:
        yield engine

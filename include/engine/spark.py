"""
The engine of a Spark cluster: each item is one partition of a frame, worked by `mapInArrow`.

Executors run the same Python environment and see the same home and lake as the driver. An item may
be worked twice (a lost executor, a straggler's second try), so steps are repeatable. Its Python
worker may be killed: Spark tries it again on another executor, and after `TRIES` gives up.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from include.engine.local import attempt
from include.engine.outcomes import Failed, map_apart
from include.engine.workers import name_step
from include.errors import CopydeskError, SettingInvalid, WorkerLost

TRIES = 3
DONE = pa.schema([("number", pa.int32()), ("outcome", pa.binary()), ("error", pa.binary())])
COLUMNS = "number int, outcome binary, error binary"
INSTALL = "Install requirements-spark.txt and Java 17 or newer, or use the engine `local`."
# One thread per task: Spark already runs a task per core.
THREADS = ("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS")
T = TypeVar("T")


class Spark:
    """A session on a cluster; `open_spark` makes it."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def map(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        """Call a step for each item, on the cluster; return results and failures in order."""
        return map_apart(partial(self._run, step), items) if items else []

    def _run(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        session = self._session
        # a frame of n rows gets this many partitions: one each
        session.conf.set("spark.sql.leafNodeDefaultParallelism", str(len(items)))
        numbers = pa.array(range(len(items)), pa.int32())
        pickled = pa.array([pickle.dumps(item) for item in items], pa.binary())
        try:
            with warnings.catch_warnings():
                # of pandas 3, which it only uses for frames of pandas
                warnings.simplefilter("ignore", FutureWarning)
                frame = session.createDataFrame(pa.table({"number": numbers, "item": pickled}))
                done = frame.mapInArrow(_worker(step), COLUMNS).toArrow()
        except (PySparkException, Py4JError) as exc:
            reason = next(iter(str(exc).splitlines()), type(exc).__name__)
            raise WorkerLost("Spark", name_step(step), f"{reason[:300]} Try again.") from exc
        outcomes: dict[int, Any] = {}
        for number, outcome, error in zip(*(done[name].to_pylist() for name in DONE.names),
                                          strict=True):  # fmt: skip
            if error is not None:
                raise pickle.loads(error)
            outcomes[number] = pickle.loads(outcome)
        return [outcomes[number] for number in range(len(items))]


def _worker(step: Callable[[Any], Any]) -> Callable[[Iterable[Any]], Iterator[pa.RecordBatch]]:
    """Return the function that executors run on a partition: `number` and `item` in, DONE out."""

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            numbers, items = batch.column(0).to_pylist(), batch.column(1).to_pylist()
            for number, item in zip(numbers, items, strict=True):
                outcome, error = None, None
                try:
                    outcome = pickle.dumps(attempt(step, pickle.loads(item)))
                except CopydeskError as exc:
                    error = pickle.dumps(exc)
                row = {"number": number, "outcome": outcome, "error": error}
                yield pa.RecordBatch.from_pylist([row], DONE)

    return work


@contextmanager
def open_spark(url: str, root: Path, name: str = "copydesk") -> Iterator[Spark]:
    """
    Open a session and stop it with the block; inside `spark-submit`, that of the submission.

    Args:
        url: of the cluster's master; empty: that of `spark-submit`. root: the project, which
            executors have at the same path.
    Raises:
        SettingInvalid: pyspark or Java is not installed.
        WorkerLost: the cluster does not answer.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as exc:
        raise SettingInvalid("engine", "spark", INSTALL) from exc
    conf = {
        "spark.task.maxFailures": TRIES,
        "spark.speculation": "true",
        "spark.speculation.multiplier": 3,
        "spark.speculation.quantile": 0.5,
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.PYTHONPATH": str(root),
        **{f"spark.executorEnv.{thread}": 1 for thread in THREADS},
    }
    builder = SparkSession.builder.appName(name)
    for key, value in conf.items():
        builder = builder.config(key, value)
    try:
        session = (builder.master(url) if url else builder).getOrCreate()
    except PySparkException as exc:
        raise SettingInvalid("engine", "spark", f"{exc} {INSTALL}") from exc
    except Exception as exc:
        raise WorkerLost(
            "Spark", url or "spark-submit", f"{type(exc).__name__}. Try again."
        ) from exc
    context = session.sparkContext
    # else `python3` of the executors' PATH, unless PYSPARK_PYTHON is set
    context.pythonExec = context.getConf().get("spark.pyspark.python", sys.executable)
    try:
        yield Spark(session)
    finally:
        session.stop()

"""
Open the engine that a setting or an option names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from include.engine.local import Local
from include.engine.outcomes import Failed
from include.engine.spark import open_spark

LOCAL, SPARK = "local", "spark"
ENGINES = (LOCAL, SPARK)
T = TypeVar("T")


class Engine(Protocol):
    """Calls a step for each of some items, somewhere."""

    def map(self, step: Callable[[Any], T], items: Sequence[Any]) -> list[T | Failed]:
        """
        Return the result of each item, in order, or why there is none.

        Args:
            step: can be pickled, and may be called twice for an item.
        Raises:
            CopydeskError: a step raised it, or every item lost its worker.
        """


@contextmanager
def open_engine(name: str, workers: int, spark_url: str, root: Path) -> Iterator[Engine]:
    """
    Open an engine for a block.

    Args:
        name: LOCAL or SPARK. workers: processes of LOCAL. spark_url, root: see `open_spark`.
    Raises:
        SettingInvalid, WorkerLost: see `open_spark`.
    """
    if name == LOCAL:
        yield Local(workers)
        return
    with open_spark(spark_url, root) as spark:
        yield spark

"""
What Copydesk measures of itself, and the functions by which steps report it.

Until `export.start` is called, every function here does nothing and OpenTelemetry is not imported.
Labels have few, fixed values: never a file, run, story, outlet or error message.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import ParamSpec, Protocol, TypeVar

from include.errors import CopydeskError

P = ParamSpec("P")
T = TypeVar("T")

STEPS = (
    "intake", "recall", "split", "judge", "gate", "land", "publish", "index",
    "compact", "gather", "learn", "vacuum",
    "choose", "analyze", "land_marts", "pair", "group",
)  # fmt: skip
FILE_OUTCOMES = ("taken", "rejected", "redelivered", "skipped", "unpacked", "waiting", "ignored")
STORY_OUTCOMES = ("landed", "quarantined")


class Kind(StrEnum):
    """How a metric is aggregated."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Metric:
    """A metric: its OpenTelemetry name, unit and meaning, and its labels with all their values."""

    name: str
    kind: Kind
    unit: str
    meaning: str
    labels: Mapping[str, tuple[str, ...]]

    def check(self, labels: Mapping[str, str]) -> None:
        """Raise `ValueError` for a label or value that is not declared."""
        if set(labels) != set(self.labels):
            raise ValueError(f"{self.name} has the labels {sorted(self.labels)}")
        for label, value in labels.items():
            if value not in self.labels[label]:
                raise ValueError(f"{self.name}: {label} is never {value!r}")


FILES = Metric(
    "copydesk.files", Kind.COUNTER, "{file}", "files of runs that landed",
    {"outcome": FILE_OUTCOMES},
)  # fmt: skip
STORIES = Metric(
    "copydesk.stories", Kind.COUNTER, "{story}", "stories of runs that landed",
    {"outcome": STORY_OUTCOMES},
)  # fmt: skip
STEP_DURATION = Metric(
    "copydesk.step.duration", Kind.HISTOGRAM, "s", "seconds that a step took",
    {"step": STEPS, "outcome": ("ok", "failed")},
)  # fmt: skip
QUERY_LAG = Metric(
    "copydesk.query.lag", Kind.HISTOGRAM, "s",
    "seconds from the arrival of a run's oldest file to its stories in the warehouse", {},
)  # fmt: skip
WAITING = Metric(
    "copydesk.quarantine.waiting", Kind.GAUGE, "{story}", "stories that wait for review", {}
)
SILENT = Metric("copydesk.outlets.silent", Kind.GAUGE, "{outlet}", "outlets that fell silent", {})
BEHIND = Metric(
    "copydesk.warehouse.behind", Kind.GAUGE, "s",
    "seconds for which the oldest landed run has not been in the warehouse; 0: none", {},
)  # fmt: skip
DISK_FREE = Metric("copydesk.disk.free", Kind.GAUGE, "By", "free bytes on the home's disk", {})
ALERTS = Metric("copydesk.alerts.open", Kind.GAUGE, "{alert}", "alerts that are not over", {})
METRICS = (
    FILES, STORIES, STEP_DURATION, QUERY_LAG, WAITING, SILENT, BEHIND, DISK_FREE, ALERTS,
)  # fmt: skip


class Exporter(Protocol):
    """What `export.start` installs here."""

    def record(self, metric: Metric, value: float, labels: Mapping[str, str]) -> None:
        """Add to a counter, set a gauge, or add a value to a histogram."""

    def span(self, name: str) -> Span:
        """Start a span, as a child of the current one."""


class Span(Protocol):
    """A part of a trace."""

    def end(self, error: str | None) -> None:
        """End it; error: the name of the class that was raised."""


_exporter: Exporter | None = None


def install(exporter: Exporter | None) -> Exporter | None:
    """Send all signals to an exporter from now on (None: to nobody); return the one before."""
    global _exporter  # one per process, like OpenTelemetry's own providers
    before, _exporter = _exporter, exporter
    return before


def is_on() -> bool:
    """Return whether somebody receives signals; what is costly to measure depends on it."""
    return _exporter is not None


def record(metric: Metric, value: float, **labels: str) -> None:
    """Report a value of a metric; raises `ValueError` for an undeclared label."""
    if _exporter is not None:
        metric.check(labels)
        _exporter.record(metric, value, labels)


def measured(step: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Measure every call of a step's function: its duration, its outcome, and a span."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            with measure(step):
                return function(*args, **kwargs)

        return call

    return wrap


@contextmanager
def measure(step: str) -> Iterator[None]:
    """Measure a block as `measured` does a function."""
    if _exporter is None:
        yield
        return
    began, span, error = time.monotonic(), _exporter.span(step), None
    try:
        yield
    except BaseException as exc:
        error = type(exc).__name__ if isinstance(exc, CopydeskError) else "Exception"
        raise
    finally:
        span.end(error)
        outcome = "failed" if error else "ok"
        record(STEP_DURATION, time.monotonic() - began, step=step, outcome=outcome)

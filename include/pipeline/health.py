"""
The state of a home in figures, for telemetry and alerts. Changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from include.alerts.journal import Journal
from include.alerts.rules import Health
from include.config.settings import Settings
from include.errors import CopydeskError
from include.storage.disk_space import read_space
from include.telemetry import signals

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_BUILDING = timedelta(hours=1)  # longer than any run lands while a warehouse is being built


def read_health(settings: Settings, now: datetime) -> Health:
    """Read the state of a home; now: with a time zone."""
    from include.warehouse import health as warehouse

    space = read_space(settings.home)
    behind_s = _measure_delay(settings, now)
    try:
        found = warehouse.read_health(settings.warehouse, now)
    except CopydeskError:  # missing, held or broken: the delay reports it
        return Health(space.free, space.is_low, behind_s)
    return Health(
        space.free, space.is_low, behind_s,
        found.waiting, found.new_waiting, found.usual_per_day, found.silent,
    )  # fmt: skip


def report_health(settings: Settings, health: Health) -> None:
    """Send a state as metrics."""
    signals.record(signals.DISK_FREE, health.free_bytes)
    signals.record(signals.BEHIND, health.behind_s)
    signals.record(signals.WAITING, health.waiting)
    signals.record(signals.SILENT, len(health.silent))
    signals.record(signals.ALERTS, len(Journal(settings.home / "alerts").read()))


def report_lag(settings: Settings, since: datetime | None, now: datetime) -> None:
    """Send the lag of the runs that were published now; since: of the publication before."""
    from include.warehouse.health import read_lag

    lag_s = read_lag(settings.warehouse, since or BEGINNING, now)
    if lag_s is not None:
        signals.record(signals.QUERY_LAG, lag_s)


def _measure_delay(settings: Settings, now: datetime) -> float:
    """Return for how long the oldest landed run has not been in the warehouse (s)."""
    from include.lake.reading.unpublished import oldest_missing
    from include.warehouse.health import built_at, known_runs

    built = built_at(settings.warehouse)
    since = BEGINNING if built is None else built - BEFORE_BUILDING
    known = frozenset[str]() if built is None else known_runs(settings.warehouse, since)
    oldest = oldest_missing(settings.lake, since, known)
    return 0.0 if oldest is None else max((now - oldest).total_seconds(), 0.0)

"""
Figures of the warehouse for telemetry and alerts: what waits, who is silent, what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from include.warehouse.published import read_snapshot
from include.warehouse.queries import load_query
from include.warehouse.read import open_warehouse


@dataclass(frozen=True)
class WarehouseHealth:
    """
    waiting: stories that wait for review. new_waiting: of these, from the last 24 hours.
    usual_per_day: stories quarantined per day in the week before. silent: outlet and silent days.
    """

    waiting: int
    new_waiting: int
    usual_per_day: float
    silent: tuple[tuple[str, int], ...]


def read_health(path: Path, now: datetime) -> WarehouseHealth:
    """
    Read the figures; now: with a time zone.

    Raises:
        WarehouseMissing, WarehouseHeld, QueryRefused: as in `open_warehouse`.
    """
    with open_warehouse(path) as con:
        row = con.execute(load_query("health"), {"now": now}).fetchone()
        silent = con.execute(load_query("silent_outlets")).fetchall()
    assert row is not None  # an aggregate
    return WarehouseHealth(
        row[0], row[1], row[2], tuple((str(outlet), int(days)) for outlet, days, *_ in silent)
    )


def built_at(path: Path) -> datetime | None:
    """Return when the published warehouse was built; None if there is none that can be read."""
    snapshot = read_snapshot(path)
    return None if snapshot is None else datetime.fromtimestamp(snapshot[3] / 1e6, UTC)


def read_lag(path: Path, since: datetime, now: datetime) -> float | None:
    """
    Return the age of the oldest file whose run was published since (s); None if there is none.

    Raises:
        WarehouseMissing, WarehouseHeld, QueryRefused: as in `open_warehouse`.
    """
    with open_warehouse(path) as con:
        row = con.execute(load_query("query_lag"), {"since": since, "now": now}).fetchone()
    return None if row is None or row[0] is None else max(float(row[0]), 0.0)


def known_runs(path: Path, since: datetime) -> frozenset[str]:
    """Return the runs that finished since and that the warehouse shows; raises as `read_lag`."""
    with open_warehouse(path) as con:
        return frozenset(
            run_id
            for (run_id,) in con.execute(load_query("known_runs"), {"since": since}).fetchall()
        )

"""
When a figure is an alert: the rules of `watch_desk`. Pure; each bound says where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from include.alerts.alert import Alert, Kind

NEW_STORIES = 20  # a day's questions (COPYDESK_REVIEW_CASES): fewer can be reviewed in one sitting
GROWTH = 2.0  # times the mean of the week before


@dataclass(frozen=True)
class Health:
    """
    The state of a home at one time.

    behind_s: since when the oldest landed run is missing in the warehouse; 0 if none is. The
    warehouse's figures are 0 or empty if it cannot be read, which `behind_s` then reports.
    """

    free_bytes: int
    is_disk_low: bool
    behind_s: float
    waiting: int = 0
    new_waiting: int = 0
    usual_per_day: float = 0.0
    silent: tuple[tuple[str, int], ...] = ()


def find_alerts(health: Health, stale_s: float) -> Iterator[Alert]:
    """Yield what is wrong; stale_s: how long a landed run may be missing in the warehouse."""
    if health.is_disk_low:
        text = f"only {health.free_bytes / 1e9:,.1f} GB are free on the disk of the home"
        yield Alert(Kind.DISK_LOW, "disk", text, "Make room before a run finds it full.")
    if health.behind_s > stale_s:
        text = f"stories that landed {health.behind_s / 60:,.0f} min ago are not in the warehouse"
        do = "Look at the task publish: it has failed, or something holds the file."
        yield Alert(Kind.WAREHOUSE_STALE, "warehouse", text, do)
    if health.new_waiting >= NEW_STORIES and health.new_waiting > GROWTH * health.usual_per_day:
        text = (
            f"{health.new_waiting:,} stories were quarantined in 24 hours and wait for review; "
            f"usual are {health.usual_per_day:,.0f} per day, {health.waiting:,} wait in all"
        )
        do = "Find the rule and the outlet behind it."
        yield Alert(Kind.QUARANTINE_GROWING, "quarantine", text, do)
    for outlet, days in health.silent:
        text = f"the outlet {outlet} has been silent for {days} days"
        yield Alert(Kind.OUTLET_SILENT, outlet, text, "Ask whoever delivers it.")

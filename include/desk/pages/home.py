"""
*This morning*: what landed, failed and waits, and what needs a person.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.charts import Chart, chart_days
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.desk.waiting import Waiting
from include.errors import WarehouseMissing
from include.warehouse.shared_reader import Row

RUNS, FILES, DAYS = 20, 20, 28
HOURS = {24: "24 hours", 168: "7 days", 720: "30 days"}
FULL = 0.9  # of the disk; above, a person should look before a run fails
FILE_PARTS = ("taken", "rejected", "redelivered", "skipped", "waiting", "ignored", "unpacked")
router = APIRouter(include_in_schema=False)


@router.get("/")
def show_home(
    request: Request,
    desk: Shared,
    user: Reader,
    waiting: Waiting,
    hours: Annotated[int, Query()] = 24,
) -> HTMLResponse:
    """Show the page."""
    hours = hours if hours in HOURS else 24
    now = datetime.now(UTC).replace(second=0, microsecond=0)  # so that answers can be kept
    since = now - timedelta(hours=hours)
    try:
        with desk.reader.read() as reading:
            (totals,) = ask(reading, "home_totals", since=since)
            values: dict[str, Any] = {
                "totals": totals,
                "runs": ask(reading, "runs", run=None, since=since, runs=RUNS),
                "rejected": ask(reading, "home_rejected", since=since, files=FILES),
                "quarantine": ask(reading, "home_quarantine", since=since),
                "silent": ask(reading, "home_silent"),
                "marts": ask(reading, "home_marts"),
                "charts": _chart(ask(reading, "home_days", days=DAYS), now),
            }
    except WarehouseMissing:
        return render(request, "empty.html", user)
    values["behind"] = max((mart["versions_behind"] for mart in values["marts"]), default=0)
    disk = shutil.disk_usage(desk.settings.home)
    return render(
        request, "home.html", user,
        hours=hours, spans=HOURS, now=now, since=since, disk=disk, disk_full=FULL,
        waiting=waiting, parts=FILE_PARTS, balances=_balances(totals), **values,
    )  # fmt: skip


def _balances(totals: Row) -> dict[str, bool]:
    """Return whether the parts add up to the whole, for files and for stories."""
    files = sum(totals[f"files_{part}"] for part in FILE_PARTS)
    stories = totals["stories_landed"] + totals["stories_quarantined"]
    return {"files": files == totals["files_seen"], "stories": stories == totals["stories_found"]}


def _chart(days: list[Row], now: datetime) -> list[Chart]:
    def chart(title: str, unit: str, name: str) -> Chart:
        values = {row["day"]: row[name] for row in days}
        return chart_days(title, unit, values, now.date(), DAYS)

    return [
        chart("Stories landed", "stories per day of ingestion", "stories"),
        chart("Stories set aside", "stories per day of ingestion", "quarantined"),
        chart("Mean confidence", "of a day's stories, 0 to 1", "confidence"),
    ]

"""
*Lake*: versions, files and re-splits.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.desk.waiting import Waiting

RUNS, RESPLITS = 30, 20
router = APIRouter(include_in_schema=False)


@router.get("/lake")
def show_lake(request: Request, desk: Shared, user: Reader, waiting: Waiting) -> HTMLResponse:
    """Show the page."""
    with desk.reader.read() as reading:
        tables = ask(reading, "lake_tables")
        runs = ask(reading, "runs", run=None, since=None, runs=RUNS)
        resplits = ask(reading, "lake_resplits", rows=RESPLITS)
    return render(
        request, "lake.html", user, tables=tables, runs=runs, resplits=resplits, waiting=waiting,
        live_bytes=sum(table["live_bytes"] or 0 for table in tables),
    )  # fmt: skip

"""
*Lake*: versions, files and re-splits; and one run with its files and broken rules.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.marked_text import diff_lines
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.errors import NotFound

INGEST = "ingest_pages"  # its runs keep Airflow's ids; those of other DAGs begin with the DAG's
RUNS, RESPLITS, CHANGES, FILES = 30, 20, 50, 200
WAY_OUT = "It has not landed: it is under way, was stopped by the gate, or found nothing new."
Text = Annotated[str, Query(max_length=500)]
router = APIRouter(include_in_schema=False)


@router.get("/lake")
def show_lake(request: Request, desk: Shared, user: Reader) -> HTMLResponse:
    """Show the page."""
    with desk.reader.read() as reading:
        tables = ask(reading, "lake_tables")
        runs = ask(reading, "runs", run=None, since=None, runs=RUNS)
        resplits = ask(reading, "lake_resplits", rows=RESPLITS)
    return render(
        request, "lake.html", user, tables=tables, runs=runs, resplits=resplits,
        live_bytes=sum(table["live_bytes"] or 0 for table in tables),
    )  # fmt: skip


@router.get("/lake/resplit")
def show_resplit(request: Request, desk: Shared, user: Reader, run: Text) -> HTMLResponse:
    """Show what a re-split changes."""
    with desk.reader.read() as reading:
        changes = ask(reading, "resplit_changes", run=run, rows=CHANGES)
    if not changes:
        raise NotFound("re-split", run, "It changed nothing, or there is none of that name.")
    return render(
        request, "resplit.html", user,
        run=run, changes=changes, most=CHANGES, diff_lines=diff_lines,
    )  # fmt: skip


@router.get("/run")
def show_run(
    request: Request, desk: Shared, user: Reader, run: Text, dag: Text = INGEST
) -> HTMLResponse:
    """Show a run, which Airflow names by its DAG and id."""
    name = run if dag == INGEST else f"{dag}/{run}"
    with desk.reader.read() as reading:
        rows = ask(reading, "runs", run=name, since=None, runs=1)
        if not rows:
            raise NotFound("run", name, WAY_OUT)
        run_id = rows[0]["run_id"]
        files = ask(reading, "run_files", run=run_id, rows=FILES)
        rules = ask(reading, "run_rules", run=run_id)
    return render(request, "run.html", user, run=rows[0], files=files, rules=rules, most=FILES)

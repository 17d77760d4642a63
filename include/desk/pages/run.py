"""
*This run*: its files, what the gate checked, and the rules that its stories and pages broke.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.errors import NotFound, WarehouseMissing
from include.pipeline.run_checks import read_checks, read_rule_notes

INGEST = "ingest_pages"  # its runs keep Airflow's ids; those of other DAGs begin with the DAG's
FILES = 200
WAY_OUT = "It is under way, found nothing new, or ended before its checks."
Text = Annotated[str, Query(max_length=500)]
router = APIRouter(include_in_schema=False)


@router.get("/run")
def show_run(
    request: Request, desk: Shared, user: Reader, run: Text, dag: Text = INGEST
) -> HTMLResponse:
    """Show a run, which Airflow names by its DAG and id; of one at the gate, its checks."""
    name = run if dag == INGEST else f"{dag}/{run}"
    notes = read_rule_notes("run")
    try:
        with desk.reader.read() as reading:
            if rows := ask(reading, "runs", run=name, since=None, runs=1):
                run_id = rows[0]["run_id"]
                files = ask(reading, "run_files", run=run_id, rows=FILES)
                rules = ask(reading, "run_rules", run=run_id)
                checks = ask(reading, "run_checks", run=run_id)
                return render(
                    request, "run.html", user, run=rows[0], files=files, rules=rules,
                    checks=checks, notes=notes, most=FILES,
                )  # fmt: skip
    except WarehouseMissing:  # the gate stopped the first run
        pass
    gated = read_checks(desk.settings, name)
    if gated is None:
        raise NotFound("run", name, WAY_OUT)
    checks = [{**row, "opened_by": None} for row in gated.rows]
    checks.sort(key=lambda check: (check["status"], check["rule_id"]))
    return render(
        request, "run_stopped.html", user,
        run_id=name, checks=checks, broken=gated.broken, notes=notes,
    )  # fmt: skip

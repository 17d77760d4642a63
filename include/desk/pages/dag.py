"""
*Stories* on a DAG in Airflow: the runs of that DAG, or the page on which its work shows.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from include.desk.access import Reader
from include.desk.rendering import base_path, render
from include.desk.state import Shared, ask
from include.errors import WarehouseMissing

RUNS = 50
KINDS = {"ingest_pages": "ingest", "review_quarantine": "review", "resplit_history": "resplit"}
ELSEWHERE = {"analyze_stories": "/events", "tend_lake": "/lake"}
NEXT = {
    "ingest_pages": ("/", "This morning"),
    "review_quarantine": ("/quality/quarantine", "The stories that wait for a person"),
    "resplit_history": ("/lake", "The re-splits that wait for an answer"),
}
router = APIRouter(include_in_schema=False)


@router.get("/dag")
def show_dag(
    request: Request, desk: Shared, user: Reader, dag: Annotated[str, Query(max_length=300)]
) -> Response:
    """Show the runs of a DAG of Copydesk; the first page for any other DAG."""
    if dag not in KINDS:
        return RedirectResponse(f"{base_path(request)}{ELSEWHERE.get(dag, '/')}", 307)
    try:
        with desk.reader.read() as reading:
            runs = ask(reading, "dag_runs", dag=dag, kind=KINDS[dag], runs=RUNS)
    except WarehouseMissing:
        return render(request, "empty.html", user)
    page: HTMLResponse = render(
        request, "dag.html", user, dag=dag, runs=runs, next=NEXT[dag], most=RUNS
    )
    return page

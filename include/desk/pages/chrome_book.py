"""
*Chrome book*: the lines that sites repeat, per outlet, which later runs keep out of stories.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from include.desk.access import Reader
from include.desk.rendering import base_path, render
from include.desk.state import Shared, ask
from include.errors import NotFound

OUTLETS, LINES = 100, 200
NO_EXAMPLE = "On the day it was last seen, no current page has it outside a story."
router = APIRouter(include_in_schema=False)


@router.get("/quality/chrome")
def show_book(
    request: Request,
    desk: Shared,
    user: Reader,
    outlet: Annotated[str | None, Query(max_length=500)] = None,
) -> HTMLResponse:
    """Show what the book knows, of one outlet (empty: of any) or of all."""
    with desk.reader.read() as reading:
        outlets = ask(reading, "chrome_outlets", rows=OUTLETS)
        lines = ask(reading, "chrome_lines", outlet=outlet, rows=LINES)
    return render(
        request, "chrome.html", user, outlets=outlets, lines=lines, outlet=outlet, most=LINES
    )


@router.get("/quality/chrome/{line_id}")
def show_example(request: Request, desk: Shared, user: Reader, line_id: str) -> RedirectResponse:
    """Redirect to a page that has the line."""
    with desk.reader.read() as reading:
        rows = ask(reading, "chrome_example", line_id=line_id)
    if not rows:
        raise NotFound("line", line_id, NO_EXAMPLE)
    page = quote(rows[0]["page_id"], safe="")
    line = rows[0]["line_no"]
    return RedirectResponse(f"{base_path(request)}/pages/{page}?line={line}#line-{line}", 303)

"""
*Page inspector*: a page as it came, with the role and reason of every line; correct it in place.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from include.desk.access import Reader, User, Writer
from include.desk.forms import FormFields, read_field
from include.desk.page_rows import LINES, count_lines, lay_out, list_characters
from include.desk.rendering import base_path, render, write_query
from include.desk.state import Desk, Shared, ask
from include.errors import NotFound, UsageWrong
from include.model import CHROME_ROLES, STORY_ROLES
from include.pipeline.corrections import correct_and_land, withdraw_and_land
from include.pipeline.inspection import Inspection, StoredPage, inspect, parse_for_page, read_stored
from include.review.corrections import Word, describe
from include.review.regrouped import describe_regrouping
from include.warehouse.shared_reader import Row

MAX_CHARS = 2_000_000  # of a page that is split while a person waits: about 2 s
CHARACTERS = 500  # listed at once
WAY_OUT = "Find it among the stories, or give its page_id as `why` prints it."
router = APIRouter(include_in_schema=False)


def read_page(desk: Desk, page_id: str) -> tuple[Row, StoredPage]:
    """
    Return what the warehouse knows of a page, and its text.

    Raises:
        NotFound: it was never split, or its bytes are gone.
    """
    with desk.reader.read() as reading:
        rows = ask(reading, "page", page_id=page_id)
        if not rows:
            raise NotFound("page", page_id, WAY_OUT)
        row = rows[0]
        row["stories"] = ask(reading, "page_stories", page_id=page_id, day=row["ingest_day"])
        row["overrides"] = ask(reading, "page_overrides", page_id=page_id)
    return row, read_stored(desk.settings, page_id, row["run_id"], row["ingest_day"])


@router.get("/pages/{page_id}")
def show_page(
    request: Request,
    desk: Shared,
    user: Reader,
    page_id: str,
    line: Annotated[int, Query(ge=1)] = 1,
    saved: Annotated[str, Query(max_length=2000)] = "",
) -> HTMLResponse:
    """Show a page as it is split now."""
    row, page = read_page(desk, page_id)
    if len(page.text) > MAX_CHARS:
        return render(request, "page_long.html", user, row=row, most=MAX_CHARS)
    inspection = inspect(desk.settings, page)
    values = _describe(row, inspection)
    return render(
        request, "page.html", user,
        rows=lay_out(page.text, inspection.pieces, line), line=line, saved=saved.split(),
        words="", note="", problem="", preview=None, **values,
    )  # fmt: skip


@router.get("/pages/{page_id}/characters")
def show_characters(
    request: Request,
    desk: Shared,
    user: Reader,
    page_id: str,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> HTMLResponse:
    """List characters of a page with their code points."""
    row, page = read_page(desk, page_id)
    stop = min(start + CHARACTERS, len(page.text) if end is None else end)
    return render(
        request, "characters.html", user,
        row=row, start=start, end=len(page.text) if end is None else end, stop=stop,
        characters=list_characters(page.text, start, stop),
    )  # fmt: skip


@router.post("/pages/{page_id}/preview")
def preview(
    request: Request, desk: Shared, user: Writer, page_id: str, form: FormFields
) -> HTMLResponse:
    """Show a page as corrections would split it; nothing is saved."""
    row, page = read_page(desk, page_id)
    if len(page.text) > MAX_CHARS:
        raise UsageWrong("page", page_id, "It is too long to correct here: use `correct`.")
    words, note = read_field(form, "corrections"), read_field(form, "note")
    current = inspect(desk.settings, page)
    problem, corrected = "", current
    try:
        unsaved = parse_for_page(page, words, _sign(user, note))
        if len(unsaved):
            corrected = inspect(desk.settings, page, unsaved, with_stories=True)
    except UsageWrong as error:
        problem = f"{error.value}: {error.way_out}"
    changes = describe_regrouping(
        row["stories"], row["stories"] if corrected is current else corrected.stories or []
    )
    return render(
        request, "page.html", user, 422 if problem else 200,
        rows=lay_out(page.text, corrected.pieces, 1, current.pieces), line=1, saved=[],
        words=words, note=note, problem=problem,
        preview=None if problem or not words else {"changes": changes},
        **_describe(row, corrected),
    )  # fmt: skip


@router.post("/pages/{page_id}/corrections")
def save(
    request: Request, desk: Shared, user: Writer, page_id: str, form: FormFields
) -> RedirectResponse:
    """Save corrections: split the page again, judge, land and publish it."""
    row, _ = read_page(desk, page_id)
    word = _sign(user, read_field(form, "note"))
    lines = read_field(form, "corrections").splitlines()
    if not any(map(str.strip, lines)):
        raise UsageWrong("corrections", "", "Write one, such as `line 12 starts`.")
    done = desk.writes.run(correct_and_land, desk.settings, lines, row["page_id"], word)
    return _back(request, page_id, " ".join(done.override_ids) or "nothing")


@router.post("/pages/{page_id}/undo")
def undo(
    request: Request, desk: Shared, user: Writer, page_id: str, form: FormFields
) -> RedirectResponse:
    """Withdraw a correction, and split the page again without it."""
    override_id = read_field(form, "override_id")
    word = _sign(user, "")
    desk.writes.run(withdraw_and_land, desk.settings, override_id, word)
    return _back(request, page_id, "undone")


def _sign(user: User, note: str) -> Word:
    return Word(user.name, datetime.now(UTC), note or None)


def _back(request: Request, page_id: str, saved: str) -> RedirectResponse:
    """Redirect to the page."""
    address = (
        f"{base_path(request)}/pages/{quote(page_id, safe='')}?{write_query({'saved': saved})}"
    )
    return RedirectResponse(address, 303)


def _describe(row: Row, inspection: Inspection) -> dict[str, Any]:
    """Return what the template needs besides the rows."""
    landed = {story["story_id"]: story["is_landed"] for story in row["stories"]}
    stories = row["stories"] if inspection.stories is None else inspection.stories
    stories = [{**story, "is_landed": landed.get(story["story_id"])} for story in stories]
    then = (row["splitter_version"], row["book_version"])
    now = (inspection.splitter_version, inspection.book_version)
    return {
        "row": row,
        "stories": stories,
        "roles": {"story": STORY_ROLES, "chrome": CHROME_ROLES},
        "overrides": [{**override, "says": describe(override)} for override in row["overrides"]],
        "lines": count_lines(inspection.page.text),
        "lines_shown": LINES,
        "versions": None if then == now else {"then": then, "now": now},
    }

"""
The JSON API: the same selection, stories and pages, for dashboards and notebooks.

Lists are read with `after`: pass the `next` of the last answer. The ETag of an answer changes
with each publication; until then the answer is 304 to a client that has it.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from include.desk.access import Reader, User
from include.desk.pages.inspector import read_page
from include.desk.pages.story import COPIES, place_of, read_story
from include.desk.selection import SelectionQuery, list_page, place_after, search_stories
from include.desk.state import Shared, ask
from include.pipeline.inspection import inspect
from include.warehouse.shared_reader import Reading

router = APIRouter(prefix="/api")
Rows = Annotated[int, Query(ge=1, le=500, description="how many stories")]


@router.get("/stories", summary="Stories of a selection, a page at a time")
@router.get("/search", summary="The same as /api/stories")
def list_stories(
    request: Request, desk: Shared, user: Reader, selection: SelectionQuery, rows: Rows = 50
) -> Response:
    """Give stories, without their texts, in the order asked for."""
    with desk.reader.read() as reading:
        etag = _make_etag(request, reading, user)
        if _holds(request, etag):
            return _not_modified(etag)
        hits = search_stories(desk, reading, selection)
        stories = list_page(reading, selection, hits, rows)
    after = place_after(stories[rows - 1]) if len(stories) > rows else None
    left_out = ("order_key", "ingest_day", "run_id")
    listed = [{n: v for n, v in story.items() if n not in left_out} for story in stories[:rows]]
    return _answer({"stories": listed, "next": after}, etag)


@router.get("/stories/{story_id}", summary="One story, landed or set aside")
def give_story(request: Request, desk: Shared, user: Reader, story_id: str) -> Response:
    """Give a story with its text, entities, quotes, copies and earlier texts."""
    with desk.reader.read() as reading:
        etag = _make_etag(request, reading, user)
        if _holds(request, etag):
            return _not_modified(etag)
        story = read_story(reading, story_id)
        of_story = place_of(story)
        story["entities"] = ask(reading, "story_named", **of_story)
        story["quotes"] = ask(reading, "story_quotes", **of_story)
        story["copies"] = ask(reading, "story_copies", story_id=story_id, rows=COPIES)
        story["earlier_texts"] = ask(reading, "story_revisions", story_id=story_id)
        return _answer(story, etag)


@router.get("/pages/{page_id}", summary="One page, every piece with its role and reason")
def give_page(desk: Shared, user: Reader, page_id: str) -> Response:
    """Give a page's text and its pieces as they are split now; offsets count characters."""
    row, page = read_page(desk, page_id)
    inspection = inspect(desk.settings, page)
    pieces = [
        {
            "line_no": piece.line_no, "start": piece.start, "end": piece.start + len(piece.text),
            "role": piece.role, "reason": piece.reason, "story_no": piece.story_no or None,
        }
        for piece in inspection.pieces
    ]  # fmt: skip
    return _answer({**row, "text": page.text, "pieces": pieces}, None)


@router.get("/runs", summary="The last runs, newest first")
def list_runs(request: Request, desk: Shared, user: Reader, rows: Rows = 50) -> Response:
    """Give runs with their counts of files and stories."""
    with desk.reader.read() as reading:
        etag = _make_etag(request, reading, user)
        if _holds(request, etag):
            return _not_modified(etag)
        runs = ask(reading, "runs", run=None, since=None, runs=rows)
        return _answer({"runs": runs}, etag)


@router.get("/openapi.json", include_in_schema=False)
def give_openapi(request: Request, user: Reader) -> JSONResponse:
    """Give the description of this API."""
    app = request.app
    return JSONResponse(
        get_openapi(title=app.title, version="1", description=app.description, routes=app.routes)
    )


def _make_etag(request: Request, reading: Reading, user: User) -> str:
    """Return a tag that changes with the publication, the address and the user."""
    seed = f"{reading.version} {request.url.query} {request.url.path} {user.name}"
    return f'"{hashlib.sha256(seed.encode()).hexdigest()[:32]}"'


def _holds(request: Request, etag: str) -> bool:
    """Return whether the client already has the answer with this tag."""
    held = [tag.strip().removeprefix("W/") for tag in
            request.headers.get("if-none-match", "").split(",")]  # fmt: skip
    return etag in held


def _not_modified(etag: str) -> Response:
    return Response(status_code=304, headers={"etag": etag})


def _answer(content: Any, etag: str | None) -> JSONResponse:
    headers = {"etag": etag} if etag else {}
    return JSONResponse(jsonable_encoder(content), headers=headers)

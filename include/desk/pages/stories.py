"""
*Stories*: search, facets, order, and the selection as CSV or JSON.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from include.desk.access import Reader
from include.desk.queries import load_query
from include.desk.rendering import render
from include.desk.selection import (
    HITS,
    Selection,
    SelectionQuery,
    bind,
    count_facets,
    list_page,
    order_of,
    place_after,
    search_stories,
)
from include.desk.state import Desk, Shared
from include.errors import UsageWrong
from include.warehouse.search.find import mark_terms
from include.warehouse.shared_reader import Row

ROWS = 50
EXPORTED = 100_000
BATCH = 1_000
SORTS = {
    "best": "best match", "newest": "newest", "oldest": "oldest", "landed": "landed last",
    "confidence": "least sure",
}  # fmt: skip
FACETS = {"outlet": "Outlet", "language": "Language", "event": "Event", "entity": "Named in it",
          "day": "Landed on", "flag": "Flagged"}  # fmt: skip
FORMULA = re.compile(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")  # what a spreadsheet calculates
router = APIRouter(include_in_schema=False)


@router.get("/stories")
def show_stories(
    request: Request, desk: Shared, user: Reader, selection: SelectionQuery
) -> HTMLResponse:
    """Show a page of the selection with its facets."""
    problem, rows, total = "", list[Row](), 0
    facets: dict[str, list[Row]] = {}
    with desk.reader.read() as reading:
        try:
            hits = search_stories(desk, reading, selection)
            rows = list_page(reading, selection, hits, ROWS)
            total, facets = count_facets(reading, bind(selection, hits))
            for row in rows:
                row["parts"] = _mark_passage(row["passage"], selection.q)
        except UsageWrong as error:
            problem = error.way_out
    return render(
        request, "stories.html", user, 422 if problem else 200,
        selection=selection, chosen=selection.parameters(), problem=problem, rows=rows[:ROWS],
        total=total,
        facets=facets, facet_names=FACETS, sorts=SORTS, order=order_of(selection), max_hits=HITS,
        next=place_after(rows[ROWS - 1]) if len(rows) > ROWS else "",
    )  # fmt: skip


@router.get("/stories.csv")
def download_csv(desk: Shared, user: Reader, selection: SelectionQuery) -> StreamingResponse:
    """Give the selection as CSV; no cell is a formula."""
    return _download(desk, selection, _write_csv, "text/csv; charset=utf-8", "stories.csv")


@router.get("/stories.json")
def download_json(desk: Shared, user: Reader, selection: SelectionQuery) -> StreamingResponse:
    """Give the selection as a JSON array."""
    return _download(desk, selection, _write_json, "application/json", "stories.json")


def _download(
    desk: Desk, selection: Selection, write: Any, media_type: str, name: str
) -> StreamingResponse:
    with desk.reader.read() as reading:
        # Here, so that an error comes before the first byte.
        values = bind(selection, search_stories(desk, reading, selection))
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(write(_export(desk, values)), headers=headers, media_type=media_type)


def _export(desk: Desk, values: dict[str, Any]) -> Iterator[Row]:
    sql = load_query("selected") + load_query("selected_export")
    with desk.reader.read() as reading:
        result = reading.con.execute(sql, {**values, "rows": EXPORTED})
        names = [column[0] for column in result.description]
        while rows := result.fetchmany(BATCH):
            yield from (dict(zip(names, row, strict=True)) for row in rows)


def _write_csv(rows: Iterator[Row]) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    is_first = True
    for row in rows:
        if is_first:
            writer.writerow(row)
            is_first = False
        writer.writerow(map(_write_cell, row.values()))
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def _write_cell(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and FORMULA.match(text) else text


def _write_json(rows: Iterator[Row]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, default=str)
        before = ",\n"
    yield "]\n" if before != "[" else "[]\n"


def _mark_passage(passage: str, query: str) -> list[tuple[str, bool]]:
    """Return a passage in parts: text, and whether the query asks for it."""
    return mark_terms(passage, query) if query else [(passage, False)]

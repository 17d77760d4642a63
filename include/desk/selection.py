"""
The selection of stories that an address asks for: words, facets, order, and place in the list.

The same parameters select in *Stories*, in its downloads and in the JSON API.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from include.desk.queries import load_query
from include.desk.state import Desk, ask
from include.errors import UsageWrong
from include.warehouse.search.find import AROUND_CHARS, cut_passage, find_rows
from include.warehouse.search.place import has_index, index_folder
from include.warehouse.shared_reader import Reading, Row

HITS = 1_000  # stories that a search gives at most; the first 20 pages
FACET_VALUES = 12
MAX_COUNTED = 200_000  # stories; entities of a larger selection are not counted
DAYS_READ = 8  # for the beginnings of stories on a page; a day's file costs 10 ms of CPU time
MAX_CHARS = 500  # of a parameter
AFTER = re.compile(r"(-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf))~([0-9a-f]{1,64})")
Sort = Literal["best", "newest", "oldest", "landed", "confidence"]
Values = Annotated[list[str] | None, Query(max_length=50)]  # how many


@dataclass(frozen=True)
class Selection:
    """Which stories an address selects, in which order; the fields are its parameters."""

    q: str = ""
    outlet: list[str] = field(default_factory=list)
    language: list[str] = field(default_factory=list)
    flag: list[str] = field(default_factory=list)
    day: list[str] = field(default_factory=list)
    entity: str = ""
    event: str = ""
    run: str = ""
    since: str = ""
    until: str = ""
    least: float = 0.0
    most: float = 1.0
    sort: str = ""
    after: str = ""

    def parameters(self) -> dict[str, Any]:
        """Return the parameters that select, for links; without the place in the list."""
        parameters = {name: getattr(self, name) for name in self.__dataclass_fields__}
        defaults = {"least": 0.0, "most": 1.0, "after": self.after}
        return {
            name: value
            for name, value in parameters.items()
            if value != [] and value != defaults.get(name, "")
        }


def read_selection(
    q: Annotated[str, Query(max_length=1000)] = "",
    outlet: Values = None,
    language: Values = None,
    flag: Values = None,
    day: Values = None,
    entity: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    event: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    run: Annotated[str, Query(max_length=MAX_CHARS)] = "",
    since: Annotated[str, Query(max_length=10)] = "",
    until: Annotated[str, Query(max_length=10)] = "",
    least: Annotated[float, Query(ge=0, le=1)] = 0.0,
    most: Annotated[float, Query(ge=0, le=1)] = 1.0,
    sort: Annotated[Sort | Literal[""], Query()] = "",
    after: Annotated[str, Query(max_length=200)] = "",
) -> Selection:
    """Read the parameters of an address."""
    return Selection(q.strip(), outlet or [], language or [], flag or [], day or [], entity,
                 event, run, since, until, least, most, sort, after)  # fmt: skip


SelectionQuery = Annotated[Selection, Depends(read_selection)]


@dataclass(frozen=True)
class SearchHits:
    """Stories that a query matches, best first: ids, scores, and texts to show; None: no query."""

    ids: list[str] | None = None
    scores: list[float] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


def search_stories(desk: Desk, reading: Reading, selection: Selection) -> SearchHits:
    """
    Find the stories of a query, in the index or, where there is none, in the texts.

    Raises:
        UsageWrong: the query does not follow the grammar.
    """
    if not selection.q:
        return SearchHits()
    folder = index_folder(desk.settings.warehouse)
    if has_index(folder):
        found = find_rows(folder, selection.q, HITS)
        texts = {row.story_id: row.body for row, _ in found}
        return SearchHits([row.story_id for row, _ in found], [score for _, score in found], texts)
    hits = ask(reading, "search_plain", q=selection.q, most=HITS)
    texts = {hit["story_id"]: hit["around"] for hit in hits}
    return SearchHits(list(texts), [float(hit["score"] or 0) for hit in hits], texts)


def bind(selection: Selection, hits: SearchHits) -> dict[str, Any]:
    """
    Return the values of `selected.sql`.

    Raises:
        UsageWrong: a day cannot be read.
    """
    return {
        "ids": hits.ids,
        "scores": hits.scores,
        "outlets": selection.outlet or None,
        "languages": selection.language or None,
        "flags": selection.flag or None,
        "days": selection.day or None,
        "entity": selection.entity or None,
        "event": selection.event or None,
        "run": selection.run or None,
        "since": _read_day("since", selection.since),
        "until": _read_day("until", selection.until),
        "least": selection.least,
        "most": selection.most,
    }


def list_page(reading: Reading, selection: Selection, hits: SearchHits, rows: int) -> list[Row]:
    """
    Return the next rows of the selection, one more than asked for if there are more.

    Each has its `passage`: the part of the body that the query matches best, or its beginning.
    """
    match = AFTER.fullmatch(selection.after) if selection.after else None
    if selection.after and match is None:
        way_out = "Take it from `next` of the page before, or leave it out."
        raise UsageWrong("after", selection.after, way_out)
    listed = reading.ask_again(
        load_query("selected") + load_query("selected_list"),
        **bind(selection, hits),
        sort=order_of(selection),
        after_key=float(match[1]) if match else None,
        after_id=match[2] if match else None,
        rows=rows + 1,
    )
    unread = _take_days([row for row in listed if row["story_id"] not in hits.texts])
    beginnings = _read_beginnings(reading, unread) if unread else {}
    for row in listed:
        text = hits.texts.get(row["story_id"])
        start = beginnings.get(row["story_id"], "")
        row["passage"] = _end_at_a_word(cut_passage(text, selection.q) if text else start)
    return listed


def _take_days(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of the first DAYS_READ days of ingestion, whose files are read for texts."""
    days = list(dict.fromkeys(row["ingest_day"] for row in rows))[:DAYS_READ]
    return [row for row in rows if row["ingest_day"] in days]


def _read_beginnings(reading: Reading, rows: Sequence[Row]) -> dict[str, str]:
    columns = {
        "stories": "story_id", "pages": "page_id", "runs": "run_id", "days": "ingest_day",
    }  # fmt: skip
    values = {name: list({row[column] for row in rows}) for name, column in columns.items()}
    return {row["story_id"]: row["beginning"] for row in ask(reading, "beginnings", **values)}


def _end_at_a_word(text: str) -> str:
    """Drop the last word of a passage, which may have been cut, unless it ends a sentence."""
    if len(text) < AROUND_CHARS or text.endswith((".", "”", "!", "?")):
        return text
    head, blank, _ = text.rpartition(" ")
    return f"{head}…" if blank else text


def count_facets(reading: Reading, values: dict[str, Any]) -> tuple[int, dict[str, list[Row]]]:
    """Count the selection, and its stories by facet and value."""
    sql = load_query("selected") + load_query("selected_facets")
    facets: dict[str, list[Row]] = {}
    for row in reading.ask_again(sql, **values, values=FACET_VALUES):
        facets.setdefault(row["facet"], []).append(row)
    total = facets.pop("total")[0]["stories"]
    if 0 < total <= MAX_COUNTED:
        for facet, name in (("entity", "selected_entities"), ("event", "selected_events")):
            sql = load_query("selected") + load_query(name)
            facets[facet] = reading.ask_again(sql, **values, values=FACET_VALUES)
    return total, facets


def order_of(selection: Selection) -> str:
    """Return the order asked for; best needs words."""
    if not selection.q and selection.sort in ("", "best"):
        return "newest"
    return selection.sort or "best"


def place_after(row: Row) -> str:
    """Return the `after` of the list that follows a row."""
    return f"{row['order_key']!r}~{row['story_id']}"


def _read_day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise UsageWrong(name, text, "Write a day as 2026-01-31.") from exc

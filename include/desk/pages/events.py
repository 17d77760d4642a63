"""
*Events*: what happened, who reported it when, and how much of that is original.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.errors import UsageWrong
from include.text import pluralize
from include.warehouse.shared_reader import Row

ROWS = 20
OUTLETS = 8  # columns of the matrix
WIDTH = 240  # of a timeline
AFTER = re.compile(r"(-?\d{1,18})~([0-9a-f]{1,64})")
router = APIRouter(include_in_schema=False)


@router.get("/events")
def show_events(
    request: Request, desk: Shared, user: Reader,
    after: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:  # fmt: skip
    """Show a page of events, newest first."""
    match = AFTER.fullmatch(after) if after else None
    if after and match is None:
        raise UsageWrong("after", after, "Leave it out to begin with the latest event.")
    place = {"before_us": int(match[1]) if match else None,
             "before_id": match[2] if match else None}  # fmt: skip
    with desk.reader.read() as reading:
        events = ask(reading, "events", **place, rows=ROWS + 1)
        shown = events[:ROWS]
        stories = ask(reading, "event", events=[event["event_id"] for event in shown])
    by_event: dict[str, list[Row]] = {}
    for story in stories:
        by_event.setdefault(story["event_id"], []).append(story)
    cards = [_card(event, by_event.get(event["event_id"], [])) for event in shown]
    last = shown[-1] if len(events) > ROWS else None
    return render(
        request, "events.html", user, cards=cards, matrix=_matrix(cards), width=WIDTH, after=after,
        next=f"{last['order_us']}~{last['event_id']}" if last else "",
    )  # fmt: skip


def _card(event: Row, stories: Sequence[Row]) -> dict[str, Any]:
    """Add to an event its stories, what they amount to, and where each is on its timeline."""
    parts = [
        (event["wire_texts"], "wire text"), (event["originals"], "original"),
    ]  # fmt: skip
    amount = " + ".join(pluralize(number, noun) for number, noun in parts if number)
    first, last = event["first_seen_at"], event["last_seen_at"]
    seconds = (last - first).total_seconds() or 1.0
    dots = [
        {
            **story,
            "x": round(6 + (WIDTH - 12) * (story["seen_at"] - first).total_seconds() / seconds, 1),
        }
        for story in stories
    ]
    return {"event": event, "stories": dots, "amount": amount, "hours": seconds / 3600}


def _matrix(cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the outlets with the most stories, and for each event what each outlet published."""
    counts: Counter[str] = Counter()
    rows = []
    for card in cards:
        relations: dict[str, str] = {}
        for story in card["stories"]:
            if story["outlet"]:
                counts[story["outlet"]] += 1
                if relations.get(story["outlet"]) != "original":
                    relations[story["outlet"]] = story["relation"]
        rows.append((card["event"], relations))
    return {"outlets": [name for name, _ in counts.most_common(OUTLETS)], "rows": rows}

"""
*Story*: the text, its fields and where each came from, copies, quotes, revisions and history.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from include.desk.access import Reader
from include.desk.marked_text import MAX_CHARS, diff_lines, mark_body
from include.desk.rendering import render
from include.desk.state import Shared, ask
from include.errors import NotFound
from include.warehouse.shared_reader import Reading, Row
from include.warehouse.why import collect_events

COPIES = 50
WAY_OUT = "It may have been revised or split differently since; search for its words."
DATE_FROM = {
    "text": "read in the text", "relative": "an age in the text, before it was fetched",
    "file": "metadata of the file", "review": "a reviewer",
}  # fmt: skip
HEADLINE_FROM = {"text": "read in the text", "file": "title in the metadata",
                 "review": "a reviewer"}  # fmt: skip
OUTLET_FROM = {
    "given": "metadata or a credit", "url": "the address of the page", "copyright": "a copyright",
    "path": "the folder of the file", "written_for": "a note in the story",
    "self": "the page's text about itself",
}  # fmt: skip
router = APIRouter(include_in_schema=False)


def read_story(reading: Reading, story_id: str) -> Row:
    """
    Return a story, landed or set aside.

    Raises:
        NotFound: no current story has that id.
    """
    places = ask(reading, "story_place", story_id=story_id)
    if not places:
        raise NotFound("story", story_id, WAY_OUT)
    query = "story" if places[0].pop("is_landed") else "story_set_aside"
    (story,) = ask(reading, query, story_id=story_id, **places[0])
    return story


def place_of(story: Row) -> dict[str, Any]:
    """Return the values with which queries find what belongs to a story."""
    keys = ("story_id", "page_id", "run_id")
    return {**{key: story[key] for key in keys}, "day": story["ingest_day"]}


@router.get("/stories/{story_id}")
def show_story(request: Request, desk: Shared, user: Reader, story_id: str) -> HTMLResponse:
    """Show the page."""
    with desk.reader.read() as reading:
        story = read_story(reading, story_id)
        of_story = place_of(story)
        quotes = ask(reading, "story_quotes", **of_story)
        mentions = ask(reading, "story_mentions", **of_story)
        values: dict[str, Any] = {
            "quotes": quotes,
            "entities": ask(reading, "story_named", **of_story),
            "copies": ask(reading, "story_copies", story_id=story_id, rows=COPIES),
            "revisions": ask(reading, "story_revisions", story_id=story_id),
            "event": next(iter(ask(reading, "story_events", story_id=story_id)), None),
            "history": [
                each
                for each in collect_events(reading.con, [story["page_id"]])
                if each["story_id"] in (story_id, None)
            ],
            "paragraphs": mark_body(story["body"], mentions, quotes),
        }
    return render(
        request, "story.html", user,
        story=story, fields=_list_fields(story), places=_list_places(story),
        cut_chars=max(len(story["body"]) - MAX_CHARS, 0), diff_lines=diff_lines, **values,
    )  # fmt: skip


def _list_fields(story: Row) -> list[tuple[str, str, str]]:
    """List the fields of a story: name, value, and where it came from."""
    published_at, precision = story["published_at"], story["published_precision"]
    pattern = {"day": "%Y-%m-%d", "hour": "%Y-%m-%d %H:00 UTC"}.get(precision, "%Y-%m-%d %H:%M UTC")
    published = published_at.strftime(pattern) if published_at else ""
    outlet = story["outlet_name"] or story["outlet"] or ""
    outlet_from = OUTLET_FROM.get(story["outlet_source"] or "", "")
    fields = [
        ("published", published, DATE_FROM.get(story["published_source"] or "", "")),
        ("outlet", outlet, outlet_from or ("read in the text or metadata" if outlet else "")),
        ("headline", story["headline"] or "", HEADLINE_FROM.get(story["headline_source"], "")),
        ("byline", story["byline"] or "", "read in the text"),
        ("dateline", story["dateline"] or "", "read in the text"),
        ("agencies", ", ".join(story["agencies"]), "credits in the text"),
        ("tags", ", ".join(story["tags"]), "next to the story"),
        ("language", story["language"], "detected from the words"),
        ("address", story["url"] or "", "metadata of the page"),
        ("words", f"{story['words']:,}", f"{story['body_chars']:,} characters"),
    ]
    return [(name, value or "unknown", source if value else "") for name, value, source in fields]


def _list_places(story: Row) -> list[tuple[str, int, int]]:
    """List where a story's parts are on its page: role, first character, one past the last."""
    parts = [
        (role, span["start"], span["end"])
        for role, name in (("headline", "headline_spans"), ("body", "body_spans"),
                           ("caption", "caption_spans"))
        for span in story[name]
    ]  # fmt: skip
    parts += [(span["role"], span["start"], span["end"]) for span in story["other_spans"]]
    return sorted(parts, key=lambda part: part[1])

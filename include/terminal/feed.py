"""Write stories as an RSS 2.0 feed. The text of a story is escaped, so it never acts as markup."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from include.errors import UsageWrong
from include.terminal.rows import Rows, read_rows

NEEDED = ("story_id", "headline", "body")
USED = (*NEEDED, "url", "outlet", "byline", "published_at", "ingested_at")
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TITLE_CHARS = 100  # of the body, where a story has no headline
WEB = ("http://", "https://")


def write_feed(rows: Rows, path: Path) -> str:
    """
    Write one item per story, in the order of the rows.

    Raises:
        UsageWrong: the rows lack a column of NEEDED.
    """
    names = rows.schema.names
    missing = [name for name in NEEDED if name not in names]
    if missing:
        way_out = f"A feed needs {', '.join(NEEDED)}; it also shows {', '.join(USED[3:])}."
        raise UsageWrong("columns of the query", ", ".join(names), way_out)
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    for tag, text in (
        ("title", "Copydesk"),
        ("link", "http://localhost:8080"),
        ("description", "Stories that landed"),
    ):
        _add(channel, tag, text)
    for row in read_rows(rows):
        _add_item(channel, dict(zip(names, row, strict=True)))
    ET.ElementTree(feed).write(path, encoding="utf-8", xml_declaration=True)
    return ""


def _add_item(channel: ET.Element, story: dict[str, Any]) -> None:
    item = ET.SubElement(channel, "item")
    body = story["body"] or ""
    _add(item, "title", story["headline"] or f"{body[:TITLE_CHARS]}…")
    if str(story.get("url")).startswith(WEB):
        _add(item, "link", story["url"])
    _add(item, "guid", story["story_id"], isPermaLink="false")
    at = story.get("published_at") or story.get("ingested_at")
    if isinstance(at, datetime):
        _add(item, "pubDate", format_datetime(at if at.tzinfo else at.replace(tzinfo=UTC)))
    for tag, name in (("author", "byline"), ("category", "outlet")):
        if story.get(name):
            _add(item, tag, story[name])
    _add(item, "description", body)


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)

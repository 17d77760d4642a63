"""Stories that hold, made of invented words, and the same stories spoiled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from include.model import Run
from include.schema import lake as lake_schema

RUN = Run("manual__2026-11-02T06:00:00+00:00", datetime(2026, 11, 2, 6, tzinfo=UTC))
SCHEMA = lake_schema.schema_of(lake_schema.STORY_PARTS)


def span(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end}


def caption(text: str, credit: str | None = None) -> dict[str, str | None]:
    return {"text": text, "credit": credit}


def story(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Give a story that breaks no rule; `changes` replace columns as they are, unchecked."""
    headline = f"Council of Vellmar counts its {number} lamps again"
    paragraphs = [
        f"The council of Vellmar sent {number + 2} men to count the lamps along the old pier.",
        f"They came back with {number} and a cold, and will go again in the spring.",
    ]
    page = "\n\n".join([headline, *paragraphs])
    starts = [page.index(paragraph) for paragraph in paragraphs]
    body = "\n\n".join(paragraphs)
    valid = {
        "story_id": f"{number:024x}",
        "page_id": f"{number:064x}",
        "source_name": f"vellmar/{number}.txt",
        "story_no": 1,
        "page_stories": 1,
        "headline": headline,
        "headline_source": "text",
        "deck": None,
        "body": body,
        "byline": None,
        "dateline": None,
        "published_at": datetime(2026, 11, 1, 18, tzinfo=UTC),
        "published_precision": "minute",
        "published_source": "text",
        "outlet": None,
        "url": None,
        "agencies": [],
        "tags": [],
        "captions": [],
        "language": "en",
        "words": len(body.split()),
        "body_chars": len(body),
        "page_chars": len(page),
        "headline_spans": [span(0, len(headline))],
        "body_spans": [
            span(start, start + len(text)) for start, text in zip(starts, paragraphs, strict=True)
        ],
        "caption_spans": [],
        "other_spans": [],
        "chrome_hits": 0,
        "confidence": 0.9,
        "reasons": ["headline above prose"],
        "text_hash": f"{number:064x}",
        "hash_version": 2,
        "splitter_version": "0",
    }
    return {**valid, **changes}


def story_of(body: str, number: int = 0, **changes: Any) -> dict[str, Any]:
    """Give a story of this body alone: no headline, one span over the whole page."""
    own = {
        "headline": None,
        "headline_spans": [],
        "body": body,
        "words": max(1, len(body.split())),
        "body_chars": len(body),
        "page_chars": len(body),
        "body_spans": [span(0, len(body))],
    }
    return story(number, **{**own, **changes})


def table(*stories: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(stories), schema=SCHEMA)


def good_stories(count: int) -> list[dict[str, Any]]:
    return [story(number) for number in range(count)]

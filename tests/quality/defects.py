"""One story a rule that breaks it, and nothing else of the suite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.quality.builders import span, story, story_of

WHOLE = story(1)
PAGE_CHARS = WHOLE["page_chars"]
HEAD, FIRST = WHOLE["headline_spans"][0], WHOLE["body_spans"][0]
LINE = "Nobody in Vellmar has seen the ferry since Tuesday, and nobody minds."
RUSSIAN = "Совет Вельмара снова пересчитал фонари на старой пристани.".encode()

# rule: stories of which the last breaks it; those before are sound
DEFECTS: dict[str, list[dict[str, Any]]] = {
    "body.length": [story_of("PROST!!!1")],
    "body.usual_length": [story_of("The pier is shut. It opens in May.")],
    "body.spans": [story(1, body_spans=WHOLE["body_spans"][::-1])],
    "body.traceable": [story(1, body_spans=WHOLE["body_spans"][:1])],
    "body.counts": [story(1, body_chars=7)],
    "body.repeats": [story_of("\n\n".join([LINE, LINE]))],
    "body.beyond_headline": [
        story_of(
            LINE,
            headline=LINE.upper(),
            headline_spans=[span(0, len(LINE))],
            body_spans=[span(len(LINE), 2 * len(LINE))],
            page_chars=2 * len(LINE),
        )
    ],
    "headline.length": [story(1, headline="Lamps " * 60)],
    "headline.shape": [story(1, headline="* * *")],
    "headline.repeated": [story(1, headline=WHOLE["body"].split("\n\n")[0])],
    "headline.spans": [story(1, headline_spans=[])],
    "caption.spans": [story(1, caption_spans=[span(PAGE_CHARS, PAGE_CHARS + 40)])],
    "spans.disjoint": [story(1, headline_spans=[HEAD, span(FIRST["start"], FIRST["start"] + 9)])],
    "story_id.unique": [story(1), story(2, story_id=WHOLE["story_id"])],
    "chrome.none": [story(1, chrome_hits=2)],
    "language.known": [story(1, language="und")],
    "published.not_ahead": [story(1, published_at=datetime(9999, 1, 1, tzinfo=UTC))],
    "published.after_press": [story(1, published_at=datetime(1604, 12, 31, tzinfo=UTC))],
    "published.sourced": [story(1, published_source=None)],
    "confidence.floor": [story(1, confidence=float("nan"))],
    "text.garbled": [story_of(RUSSIAN.decode("cp1252", "replace"))],
    "text.damaged": [story_of(LINE.replace("Tuesday", "Tu\ufffdsday"))],
    "batch.headlines": [story_of(f"{LINE} {number}", number) for number in range(20)],
}

# A floor above which a warning stands breaks the warning too: these come together.
COMPANIONS = {"body.length": {"body.usual_length"}, "text.garbled": {"text.damaged"}}

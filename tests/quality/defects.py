"""One story a rule that breaks it, and nothing else of the suite."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.quality.builders import caption, span, story, story_of

WHOLE = story(1)
PAGE_CHARS = WHOLE["page_chars"]
HEAD, FIRST = WHOLE["headline_spans"][0], WHOLE["body_spans"][0]
LINE = "Nobody in Vellmar has seen the ferry since Tuesday, and nobody minds."
SHORT = "Nobody saw the ferry on Monday."
ENGLISH = [
    f"The {n} lamps of the pier were counted again by the council, and it was the last of the "
    "walks that the town could have paid for with the money from the ferry."
    for n in ("nine", "ten", "six")
]
GERMAN = [
    f"Rat zählt {n} Lampen am Pier, Fähre bleibt im Hafen, Bürger sehen darin keinen Nutzen, "
    "Stadt zahlt trotzdem jedes Jahr dafür, sagt ein Sprecher des Rates am Montag abend."
    for n in ("neun", "zehn", "vier")
]
GREEK = [
    f"Το συμβούλιο μέτρησε {n} φανάρια στην προβλήτα, και το πλοίο έμεινε στο λιμάνι όλη τη νύχτα "
    "χωρίς κανείς να ξέρει γιατί, λέει ένας εκπρόσωπος του δήμου τη Δευτέρα το βράδυ."
    for n in ("εννέα", "δέκα", "έξι")
]
RUSSIAN = "Совет Вельмара снова пересчитал фонари на старой пристани.".encode()


def noticed(role: str) -> dict[str, Any]:
    below = span(PAGE_CHARS, PAGE_CHARS + 9) | {"role": role}
    return story(1, page_chars=PAGE_CHARS + 9, other_spans=[below])


# rule: stories of which the last breaks it; those before are sound
DEFECTS: dict[str, list[dict[str, Any]]] = {
    "body.length": [story_of("* * * — !!!")],
    "body.usual_length": [story_of("The pier is shut. It opens in May.")],
    "body.spans": [story(1, body_spans=WHOLE["body_spans"][::-1])],
    "body.traceable": [story(1, body_spans=WHOLE["body_spans"][:1])],
    "body.counts": [story(1, body_chars=7)],
    "body.links": [story_of("\n\n".join(f"Pier news of week {n}" for n in range(9)))],
    "body.caption": [story_of(f"{LINE}\n\nThe ferry", captions=[caption("The ferry")])],
    "body.outlet_habit": [
        *[story(n, outlet="Pier Post") for n in range(2, 22)],
        story_of(
            " ".join(f"{n} lamps, {n * n} steps, pole {n * 7}." for n in range(99)),
            1,
            outlet="Pier Post",
        ),
    ],
    "body.repeats": [story_of("\n\n".join([SHORT] * 3))],
    "body.twice": [story_of("\n\n".join([LINE, *ENGLISH, LINE]))],
    "body.loops": [story_of("Notice of the harbour clock. " * 9)],
    "body.beyond_headline": [
        story_of(
            LINE,
            headline=LINE.lower(),
            headline_spans=[span(0, len(LINE))],
            body_spans=[span(len(LINE), 2 * len(LINE))],
            page_chars=2 * len(LINE),
        )
    ],
    "headline.length": [story(1, headline="Lamps " * 60)],
    "headline.shape": [story(1, headline="* * *")],
    "headline.shouting": [story(1, headline="COUNCIL COUNTS ITS LAMPS")],
    "headline.cut": [story(1, headline="Council of Vellmar counts its…")],
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
    "byline.plausible": [story(1, byline="von Hafen bis Leuchtturm: im Nebel der Fähren")],
    "confidence.floor": [story(1, confidence=float("nan"))],
    "text.garbled": [story_of(RUSSIAN.decode("cp1252", "ignore"))],
    "text.lost": [story_of(LINE.replace("Tuesday", "Tu\ufffdsday"))],
    "text.controls": [story_of(LINE.replace("Tuesday", "Tues\x08day"))],
    "text.mojibake": [story_of(LINE.replace("Tuesday", "CafÃ© day"))],
    "text.cut_off": [story_of(f"{LINE[:-1]} …")],
    "text.paywalled": [noticed("paywall")],
    "text.corrected": [noticed("correction")],
    "language.mixed": [story_of("\n\n".join([*GERMAN, *ENGLISH]), language="de")],
    "script.mixed": [story_of("\n\n".join([*GREEK, *GERMAN]), language="el")],
    "batch.headlines": [story_of(f"{LINE} {number}", number) for number in range(20)],
}

# What is garbled cannot be seeded alone: text.garbled sums up, with a bound of 100 in 1,000, what
# text.lost, text.controls and text.mojibake count, whose own bounds are 1, 0 and 1. The least that
# breaks it breaks one of them.
COMPANIONS = {"text.garbled": {"text.mojibake"}}

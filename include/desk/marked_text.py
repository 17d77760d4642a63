"""
Cut a story's body into parts that are quoted, name an entity, both, or neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from include.warehouse.shared_reader import Row

MAX_CHARS = 200_000  # of a body on a page; the longest of the evaluation pages has 50,000


@dataclass(frozen=True)
class Part:
    """A part of a body. kind, entity_id, name: of the entity it names; else empty."""

    text: str
    is_quote: bool
    kind: str = ""
    entity_id: str = ""
    name: str = ""


def mark_body(body: str, mentions: Sequence[Row], quotes: Sequence[Row]) -> list[list[Part]]:
    """
    Cut a body into paragraphs of parts, in order; together they are the body's first MAX_CHARS.

    Args:
        mentions: start, end, kind, entity_id and name, in order, not overlapping.
        quotes: each with its spans.
    """
    shown = body[:MAX_CHARS]
    spans = [(span["start"], span["end"]) for quote in quotes for span in quote["spans"]]
    bounds = {0, len(shown)}
    bounds |= {at for span in spans for at in span}
    bounds |= {mention[side] for mention in mentions for side in ("start", "end")}
    edges = sorted(at for at in bounds if 0 <= at <= len(shown))
    paragraphs: list[list[Part]] = [[]]
    for start, end in pairwise(edges):
        is_quote = any(first <= start < last for first, last in spans)
        mention = next((m for m in mentions if m["start"] <= start < m["end"]), None)
        for number, text in enumerate(shown[start:end].split("\n\n")):
            if number:
                paragraphs.append([])
            if text:
                paragraphs[-1].append(_part(text, is_quote, mention))
    return [paragraph for paragraph in paragraphs if paragraph]


def _part(text: str, is_quote: bool, mention: Row | None) -> Part:
    if mention is None:
        return Part(text, is_quote)
    return Part(text, is_quote, mention["kind"], mention["entity_id"], mention["name"])


def diff_lines(diff: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a unified diff, each with what it is: added, removed, place or same."""
    kinds = {"+": "added", "-": "removed", "@": "place"}
    for line in diff.splitlines():
        yield kinds.get(line[:1], "same"), line

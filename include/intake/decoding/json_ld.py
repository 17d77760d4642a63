"""
Find the article that a page's JSON-LD describes.

Publishers break the format in ways that are all read here: line ends within a string, several
objects in one script, comments around it, and the article within a graph, a list or a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from resiliparse.parse.html import HTMLTree

SCRIPTS = 'script[type^="application/ld+json"]'
MAX_CHARS = 2**18  # longest script that is parsed
MAX_DEPTH = 6
ARTICLE = re.compile(
    r"(?:https?://schema\.org/)?"
    r"(?:News|Reportage|Blog|Live|Opinion|Review|Analysis)?\w{0,20}(?:Article|Posting)"
)
WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://\s*)?\]\]>)\s*$")
BETWEEN = re.compile(r"[\s,;]*")
INNER = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")


def find_article(tree: HTMLTree) -> dict[str, Any]:
    """Return the first article that a page's JSON-LD describes; empty if there is none."""
    for script in tree.document.query_selector_all(SCRIPTS) if tree.document else ():
        text = script.text or ""
        if len(text) <= MAX_CHARS:
            for value in _parse(WRAPPING.sub("", text)):
                article = next(_find_articles(value, MAX_DEPTH), None)
                if article:
                    return article
    return {}


def _parse(text: str) -> Iterator[Any]:
    """Iterate over the values in a script, up to where it is broken."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    while True:
        at = BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value


def _find_articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _find_articles(item, depth - 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and ARTICLE.fullmatch(kind) for kind in kinds):
            yield value
        for name in INNER:
            yield from _find_articles(value.get(name), depth - 1)

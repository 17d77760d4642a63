"""
Find the list of articles inside one JSON object, such as the answer of a news API. Pure.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import islice
from typing import Any

CHUNK_BYTES = 2**20
SAMPLE = 20  # first records that are examined; at least one must be an object
FILLER = re.compile(r"[\s,\x1e]*")  # \x1e begins each record of an RFC 7464 sequence
BOM = "\ufeff"
# Lists of articles in the answers of NewsAPI, GDELT, Event Registry, JSON Feed and of corpora.
LISTS = ("articles", "results", "items", "documents", "document", "docs", "news", "stories",
         "entries", "hits", "records", "data", "response")  # fmt: skip
LIST_START = re.compile('"(?:' + "|".join(LISTS) + r')"\s*:\s*\[')
TEXTS = (
    "text",
    "content",
    "body",
    "maintext",
    "content_text",
    "content_html",
    "paragraph",
    "paragraphs",
)
LIST_DEPTH = 3  # articles.results, response.docs, hits.hits


def find_list(record: Any, depth: int = LIST_DEPTH) -> list[Any] | None:
    """Return the list of articles that an object only wraps; None if it has a text of its own."""
    if not isinstance(record, dict) or any(isinstance(record.get(name), str) for name in TEXTS):
        return None
    for name in LISTS:
        inner = record.get(name)
        if isinstance(inner, list) and inner and all(map(_is_article, inner[:SAMPLE])):
            return inner
        if depth > 1 and (nested := find_list(inner, depth - 1)) is not None:
            return nested
    return None


def find_envelope(text: str) -> str | None:
    """
    Find the part of an answer that precedes its list of articles; `text` is the answer's beginning.

    Returns:
        The text up to the list's bracket; None if no list of articles begins in the first MiB, or
        if a text precedes it.
    """
    decoder = json.JSONDecoder(strict=False)
    for start in islice(LIST_START.finditer(text, 0, CHUNK_BYTES), SAMPLE):
        at = FILLER.match(text, start.end()).end()  # type: ignore[union-attr]
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        up_to_first = text[:end].removeprefix(BOM)
        for depth in range(1, LIST_DEPTH + 1):
            with suppress(ValueError, RecursionError):
                if find_list(json.loads(f"{up_to_first}]{'}' * depth}", strict=False)) is not None:
                    return text[: start.end() - 1]
    return None


def _is_article(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    return any(isinstance(item.get(name), (str, list)) for name in TEXTS)

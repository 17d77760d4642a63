"""
Metadata of a page: outlet, URL, title, and when it was fetched and published.

It comes from a sidecar, a record, markup or a folder, all of them untrusted. A value that does not
parse is dropped: a wrong date does more harm than none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from include.intake.decoding.times import read_time

OUTLET_CHARS, AUTHOR_CHARS, TITLE_CHARS, URL_CHARS = 200, 500, 1000, 2000
UNSEEN = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufffe\uffff]+| {2,}")
SIDECAR = ".meta.json"
SIDECAR_BYTES = 2**16
UNREADABLE_SIDECAR = "sidecar_unreadable"


@dataclass(frozen=True)
class Facts:
    """
    Metadata of a page; None where unknown. Times are UTC.

    title_source: sidecar, record, og:title, meta, json-ld, title (the element), subject, markdown.
    """

    outlet: str | None = None
    url: str | None = None
    title: str | None = None
    fetched_at: datetime | None = None
    published_at: datetime | None = None
    published_precision: str | None = None
    author: str | None = None
    title_source: str | None = None

    def over(self, other: Facts) -> Facts:
        """Return these facts, with gaps filled from the other ones."""
        merged: dict[str, Any] = {
            f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)
        }
        if self.published_at:
            merged["published_precision"] = self.published_precision
        if self.title:
            merged["title_source"] = self.title_source
        return Facts(**merged)


NO_FACTS = Facts()


def parse_facts(
    outlet: object = None,
    url: object = None,
    title: object = None,
    fetched_at: object = None,
    published_at: object = None,
    author: object = None,
    title_source: str | None = None,
) -> Facts:
    """Parse facts from values of any type; whatever does not parse becomes None."""
    fetched, _ = read_time(fetched_at) or (None, None)
    published, precision = read_time(published_at) or (None, None)
    words = read_words(title, TITLE_CHARS)
    return Facts(
        read_words(outlet, OUTLET_CHARS),
        read_url(url),
        words,
        fetched,
        published,
        precision,
        read_words(author, AUTHOR_CHARS),
        title_source if words else None,
    )


def read_words(value: object, chars: int) -> str | None:
    """Parse a name or title: one line, at most `chars` characters."""
    if not isinstance(value, str):
        return None
    return UNSEEN.sub(" ", value[: 4 * chars]).strip()[:chars].rstrip() or None


def read_url(value: object) -> str | None:
    """Parse an absolute http or https URL."""
    if not isinstance(value, str) or len(value) > URL_CHARS:
        return None
    url = value.strip().strip("<>")
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or UNSEEN.search(url):
        return None
    return None if " " in url else url


def read_sidecar(raw: bytes) -> tuple[Facts, tuple[str, ...]]:
    """Parse a sidecar; returns its facts, and a flag for its page if it is unreadable."""
    try:
        sidecar = json.loads(raw.decode("utf-8-sig")) if len(raw) <= SIDECAR_BYTES else None
    except (ValueError, RecursionError):
        sidecar = None
    if not isinstance(sidecar, dict):
        return NO_FACTS, (UNREADABLE_SIDECAR,)
    names = ("outlet", "url", "title", "fetched_at", "published_at", "author")
    return parse_facts(**{name: sidecar.get(name) for name in names}, title_source="sidecar"), ()

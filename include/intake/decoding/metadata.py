"""
What is told of a page beside its text: outlet, URL, title, when it was fetched and published.

Told by a sidecar, a record, markup or a folder; all of it hostile. What cannot be read as what it
should be is left out: a wrong date harms more than none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

OUTLET_CHARS, TITLE_CHARS, URL_CHARS = 200, 1000, 2000
UNSEEN = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufffe\uffff]+| {2,}")
ISO = re.compile(
    r"\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s*(Z|[+-]\d\d(?::?\d\d)?)?)?\s*",
    re.I | re.A,
)
FIRST_YEAR, LAST_YEAR = 1900, 2100
SECONDS_A_LIFE = range(10**8, 10**11)  # of a time given as a number: s since 1970, from 1973 on
SIDECAR = ".meta.json"
SIDECAR_BYTES = 2**16
UNREADABLE_SIDECAR = "sidecar_unreadable"


@dataclass(frozen=True)
class Facts:
    """What is told of a page; None where nothing is. Times are UTC; precision of published_at."""

    outlet: str | None = None
    url: str | None = None
    title: str | None = None
    fetched_at: datetime | None = None
    published_at: datetime | None = None
    published_precision: str | None = None

    def over(self, other: Facts) -> Facts:
        """Give these facts, and the other ones where there is none."""
        told = {f.name: getattr(self, f.name) or getattr(other, f.name) for f in fields(self)}
        if self.published_at:
            told["published_precision"] = self.published_precision
        return Facts(**told)


NO_FACTS = Facts()


def tell(
    outlet: object = None,
    url: object = None,
    title: object = None,
    fetched_at: object = None,
    published_at: object = None,
) -> Facts:
    """Read facts from whatever stands there; what is not what it should be is None."""
    fetched, published = read_time(fetched_at), read_time(published_at)
    return Facts(
        read_words(outlet, OUTLET_CHARS),
        read_url(url),
        read_words(title, TITLE_CHARS),
        fetched[0] if fetched else None,
        *(published or (None, None)),
    )


def read_words(told: object, chars: int) -> str | None:
    """Read a name or title, on one line, cut at `chars` characters."""
    if not isinstance(told, str):
        return None
    return UNSEEN.sub(" ", told[: 4 * chars]).strip()[:chars].rstrip() or None


def read_url(told: object) -> str | None:
    """Read a whole address of the web; others could be anything."""
    if not isinstance(told, str) or len(told) > URL_CHARS:
        return None
    url = told.strip().strip("<>")
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or UNSEEN.search(url):
        return None
    return None if " " in url else url


def read_time(told: object) -> tuple[datetime, str] | None:
    """
    Read a time: ISO 8601, RFC 2822, or seconds or milliseconds since 1970; with its precision.

    Where no zone is told UTC is assumed, as for dates in texts.
    """
    try:
        if isinstance(told, (int, float)) and not isinstance(told, bool):
            seconds = told if int(told) in SECONDS_A_LIFE else told / 1000
            found = (datetime.fromtimestamp(seconds, UTC), "minute")
            return found if int(seconds) in SECONDS_A_LIFE else None
        if not isinstance(told, str) or len(told) > 100:
            return None
        match = ISO.fullmatch(told)
        at, precision = _read_iso(match) if match else (parsedate_to_datetime(told), "minute")
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    return (at, precision) if FIRST_YEAR <= at.year < LAST_YEAR else None


def _read_iso(match: re.Match[str]) -> tuple[datetime, str]:
    day, hour, minute, second, zone = match.groups()
    precision = "day" if hour is None else "hour" if minute is None else "minute"
    zone = {None: "", "Z": "+00:00", "z": "+00:00"}.get(zone, zone)
    return (
        datetime.fromisoformat(f"{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"),
        precision,
    )


def read_sidecar(raw: bytes) -> tuple[Facts, tuple[str, ...]]:
    """Give what a sidecar tells, and the flag of its page where it cannot be read."""
    try:
        told = json.loads(raw.decode("utf-8-sig")) if len(raw) <= SIDECAR_BYTES else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return NO_FACTS, (UNREADABLE_SIDECAR,)
    names = ("outlet", "url", "title", "fetched_at", "published_at")
    return tell(**{name: told.get(name) for name in names}), ()

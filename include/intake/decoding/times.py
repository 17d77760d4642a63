"""
Parse the times that records, markup and headers give, in their common notations.

A value that could mean two days, such as 04/03/2026, is dropped: a wrong date does more harm than
none.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

FIRST_YEAR, LAST_YEAR = 1900, 2100
PLAUSIBLE_SECONDS = range(10**8, 10**11)  # of a numeric time: s since 1970, from 1973 on
MAX_CHARS = 100
EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d{1,6})?", re.A)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z|[+-]\d\d:?\d\d)?", re.A)
# a time of day, with its zone; the groups are hour, minute, second, am or pm, and zone
CLOCK = (
    r"(?:(?:T|,|\s|\bat\b|\||-|–|um)*\s*(\d\d?)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?)?"
    r"\s*([ap]\.?m\.?)?\s*(?:Uhr)?\s*\(?(Z|[+-]\d\d(?::?\d\d)?|[a-z]{2,5})?\)?)?"
)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)" + CLOCK, re.I | re.A)
YEAR_LAST = re.compile(r"(\d\d?)([/.-])(\d\d?)\2(\d{4})" + CLOCK, re.I | re.A)
WEEKDAY = r"(?:[^\W\d]{2,12}\.?,?\s+)?"
DAY_MONTH = re.compile(
    WEEKDAY + r"(\d\d?)(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:de\s+)?([^\W\d]{3,10})\.?,?[\s-]+"
    r"(?:de\s+)?(\d{4})" + CLOCK, re.I,
)  # fmt: skip
MONTH_DAY = re.compile(
    WEEKDAY + r"([^\W\d]{3,10})\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(\d{4})" + CLOCK, re.I
)
MONTHS = tuple(names.split() for names in (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari",
    "february feb februar février févr fevrier febrero febbraio fevereiro fev februari",
    "march mar märz mrz mars marzo março marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro",
))  # fmt: skip
ZONE_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "mez": 1,
    "cest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6,
    "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "jst": 9, "kst": 9, "hkt": 8,
    "sgt": 8, "aest": 10, "aedt": 11,
}  # fmt: skip
Day = tuple[int, int, int]


def read_time(value: object) -> tuple[datetime, str] | None:
    """
    Parse a time: ISO 8601, RFC 2822, dates in words, seconds or milliseconds since 1970.

    Returns:
        The time (UTC) and its precision: day, hour or minute; None if it is not certain. Without a
        zone UTC is assumed, as for dates in texts.
    """
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            parsed = _read_number(value)
        elif isinstance(value, str) and len(value) <= MAX_CHARS:
            parsed = _read_text(value.strip())
        else:
            parsed = None
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    if parsed is None:
        return None
    at = parsed[0].replace(tzinfo=UTC) if parsed[0].tzinfo is None else parsed[0].astimezone(UTC)
    return (at, parsed[1]) if FIRST_YEAR <= at.year < LAST_YEAR else None


def _read_number(value: float) -> tuple[datetime, str] | None:
    compact = COMPACT.fullmatch(str(value)) if isinstance(value, int) else None
    if compact and FIRST_YEAR <= int(compact[1]) < LAST_YEAR and len(compact[0]) in (8, 14):
        return _read_compact(compact)
    seconds = value if int(value) in PLAUSIBLE_SECONDS else value / 1000
    if int(seconds) not in PLAUSIBLE_SECONDS:
        return None
    return datetime.fromtimestamp(seconds, UTC), "minute"


def _read_text(text: str) -> tuple[datetime, str] | None:
    if EPOCH.fullmatch(text):
        return _read_number(float(text))
    if match := COMPACT.fullmatch(text):
        return _read_compact(match)
    if match := YEAR_FIRST.fullmatch(text):
        year, _, month, day, *clock = match.groups()
        return _combine((int(year), int(month), int(day)), clock)
    if match := YEAR_LAST.fullmatch(text):
        first, sign, second, year, *clock = match.groups()
        date = _order(int(first), int(second), int(year), is_day_first=sign == ".")
        return _combine(date, clock) if date else None
    if match := DAY_MONTH.fullmatch(text):
        day, name, year, *clock = match.groups()
        if month := _find_month(name):
            return _combine((int(year), month, int(day)), clock)
    if match := MONTH_DAY.fullmatch(text):
        name, day, year, *clock = match.groups()
        if month := _find_month(name):
            return _combine((int(year), month, int(day)), clock)
    return parsedate_to_datetime(text), "minute"


def _order(first: int, second: int, year: int, is_day_first: bool) -> Day | None:
    """Return the day of 25/03/2026 or 03/25/2026; None where both numbers could be the month."""
    if is_day_first or first > 12 or first == second:
        return year, second, first
    return (year, first, second) if second > 12 else None


def _find_month(name: str) -> int | None:
    lower = name.lower()
    return next((number for number, names in enumerate(MONTHS, 1) if lower in names), None)


def _read_compact(match: re.Match[str]) -> tuple[datetime, str] | None:
    year, month, day, hour, minute, second, zone = match.groups()
    return _combine((int(year), int(month), int(day)), [hour, minute, second, None, zone])


def _combine(day: Day, clock: list[str | None]) -> tuple[datetime, str] | None:
    """Put a day and a time of day together; None if its zone is not known."""
    hour, minute, second, half, zone = clock
    at = datetime(*day)
    if hour is None:
        return at, "day"
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + 12 * (half[0] in "pP")
    elif hours == 24 and int(minute or 0) == int(second or 0) == 0:  # the end of the day
        hours, at = 0, at + timedelta(days=1)
    at = at.replace(hour=hours, minute=int(minute or 0), second=int(second or 0))
    offset = _read_zone(zone)
    if offset is None:
        return None
    return at.replace(tzinfo=timezone(offset)), "minute" if minute else "hour"


def _read_zone(zone: str | None) -> timedelta | None:
    if not zone:
        return timedelta(0)
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
        return -offset if zone[0] == "-" else offset
    hours = ZONE_HOURS.get(zone.lower())
    return None if hours is None else timedelta(hours=hours)

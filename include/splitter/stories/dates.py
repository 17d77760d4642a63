"""
Parse dates as pages write them: in digits, or with a month's name (story's language, English).

A wrong date does more harm than a missing one. A relative age («2 hours ago») is not a date, nor is
a day without a year. «03/04/2026» is parsed only if the page or the language settles which is the
day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from include.months import name_month

YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
DAY = r"(?<!\d)(?P<d>\d{1,2})(?!\d)"
NAME = r"(?P<n>[^\s\d,،|/()\[\]:–—-]{2,20})"
OF = r"(?:\s?(?:de|del|di|of)\s)?"
ORDINAL = r"(?:\s?(?:st|nd|rd|th)\b|er|º|\.)?"
SHORT_YEAR = r"(?P<yy>\d\d)(?![\d.])"
PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<!\d){YEAR}\s?(?:[-/.]\s?|[年년]\s?)(?P<m>\d{{1,2}})(?:[-/.]|[月월])\s?(?P<d>\d{{1,2}})(?!\d)",
        rf"(?<![\d.]){DAY}\.\s?(?P<m>\d{{1,2}})\.\s?{YEAR}",
        rf"(?<![\d/-])(?P<one>\d{{1,2}})(?P<sign>[-/])(?P<two>\d{{1,2}})(?P=sign){YEAR}",
        rf"{DAY}\s+tháng\s+(?P<m>\d{{1,2}})(?:,|\snăm)?\s+{YEAR}",
        rf"{DAY}{ORDINAL}[\s-]*{OF}{NAME}[,،]?[\s-]*{OF}(?P<y>(?:19|20|25)\d\d)(?!\d)",
        rf"{NAME}\s*{DAY}{ORDINAL}\s?[,،]?\s+{YEAR}",
        rf"(?<!\d){YEAR}\.?\s+(?:m\.\s|gada\s)?(?:{DAY}\.\s)?{NAME}(?:\s+(?P<d2>\d{{1,2}})(?!\d))?",
        rf"(?<![\d.]){DAY}\.(?P<m>0?[1-9]|1[0-2])\.{SHORT_YEAR}",
        rf"(?<![\d/-])(?P<one>\d{{1,2}})/(?P<two>\d{{1,2}})/{SHORT_YEAR}(?!/)",
    )
)
CENTURY = 70  # two-digit years from this on are 19..; the labelled pages begin in 1995
MAY_HOLD = (  # Rust syntax; matches every line that has a date
    r"(?:19|20|25)\d\d|[١٢۱۲१२]\d{3}|\d[./]\d{1,2}[./]\d\d"
)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)
CLOCK = re.compile(
    r"(?<![\d.,:])(?P<h>[01]?\d|2[0-3])"
    r"(?:[:.](?P<min>[0-5]\d)(?::[0-5]\d)?|h(?P<min2>[0-5]\d)?(?![a-z])|(?=\s?(?:[AaPp]\.?\s?[Mm]|Uhr)\b))"
    r"(?![\d:]|\.\d)\s?(?P<half>[AaPp](?=\.?\s?[Mm](?![a-z])))?(?:\.?\s?[Mm]\b\.?)?(?:\s?Uhr)?"
    r"\s{0,2}\(?(?P<zone>[A-Z]{1,5}(?![A-Za-z]))?(?P<offset>[+-]\d\d:?\d\d)?"
)
EDGE_FIGURES = re.compile(r"\d{4}|\d[./]\d")  # a quick test: most headlines have none
EDGE_OPEN = re.compile(r"[)\]]?\s*(?:[-–—:|\[(]|$)")  # behind a date that opens a headline
EDGE_SHUT = re.compile(r"(?:[(\[]|\s{2,}|\t)\s*$")  # ahead of one that ends it
EDGE_REST = re.compile(r"[)\]]?(?:\s{2,}|\t|$)(?:\S+\s*){0,3}")
AFTER, BEFORE = 25, 25  # characters searched around a date for a time of day
ZONES = {  # hours ahead of UTC; IST, CST, BST and others are ambiguous and left out
    "Z": 0, "UTC": 0, "GMT": 0, "WAT": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "SAST": 2,
    "EET": 2, "EEST": 3, "EAT": 3, "MSK": 3, "WIB": 7, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9,
    "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7,
}  # fmt: skip
MIXED = {"en", "fil", "und"}  # languages whose pages write 3/4 both ways
BUDDHIST = 543  # years the Thai calendar is ahead


@dataclass(frozen=True)
class DateMatch:
    """A date in a line: the time, its precision (minute, hour, day), and offsets in the line."""

    at: datetime
    precision: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def read_dates(
    line: str, language: str = "und", day_first: bool | None = None
) -> tuple[DateMatch, ...]:
    """
    Parse every complete date of a line, in order, with the time of day beside it if any.

    Args:
        language: the story's, ISO 639-1; month names are looked up in it, then in English.
        day_first: whether the page writes the day first, if another of its dates shows that.
    Returns:
        Times in UTC; a missing or ambiguous time zone counts as UTC.
    """
    line = line.translate(DIGITS)
    days = sorted(_find_days(line, language, day_first), key=lambda day: day[1:])
    dates: list[DateMatch] = []
    for number, (day, start, end) in enumerate(days):
        since = dates[-1].end if dates else 0
        if start < since:
            continue
        until = days[number + 1][1] if number + 1 < len(days) else len(line)
        at, precision = _add_time(day, line[max(since, start - BEFORE) : start], line[end:until])
        dates.append(DateMatch(at, precision, start, end))
    return tuple(dates)


def read_edge_date(headline: str, language: str, day_first: bool | None) -> DateMatch | None:
    """
    Read the date at an edge of a headline: «26.12.1999 - Bell returned».

    At the end it must be in brackets or set off by blanks, «Bell returned (29.11.99)», so that the
    day of an event («Vote on 3 April 2026») is not read as the story's date.
    """
    dates = read_dates(headline, language, day_first) if EDGE_FIGURES.search(headline) else ()
    if len(dates) != 1:
        return None
    ahead, behind = headline[: dates[0].start], headline[dates[0].end :]
    opens = not ahead.strip(" \t([") and EDGE_OPEN.match(behind)
    ends = EDGE_SHUT.search(ahead) and EDGE_REST.fullmatch(behind)
    return dates[0] if opens or ends else None


def find_order(lines: Iterable[str]) -> bool | None:
    """Return whether a page writes the day first, judging by dates with a part over 12."""
    votes = set()
    for line in lines:
        for match in PATTERNS[2].finditer(line):
            one, two = int(match["one"]), int(match["two"])
            if (one > 12) != (two > 12):
                votes.add(one > 12)
    return votes.pop() if len(votes) == 1 else None


def _find_days(
    line: str, language: str, day_first: bool | None
) -> Iterator[tuple[datetime, int, int]]:
    for pattern in PATTERNS:
        for match in pattern.finditer(line):
            day = _read_day(match.groupdict(), language, day_first)
            if day:
                yield day, match.start(), match.end()


def _read_day(
    parts: dict[str, str | None], language: str, day_first: bool | None
) -> datetime | None:
    year, day = int(parts.get("y") or 0), int(parts.get("d") or parts.get("d2") or 0)
    if parts.get("yy"):
        short = int(parts["yy"] or 0)
        year = short + (1900 if short >= CENTURY else 2000)
    if parts.get("one"):
        one, two = int(parts["one"] or 0), int(parts["two"] or 0)
        month, day = _order_day_month(one, two, language, day_first)
    elif parts.get("n"):
        month = name_month(parts["n"] or "", language)
    else:
        month = int(parts["m"] or 0)
    if year > 2400:
        year = year - BUDDHIST if language == "th" else 0
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:  # no such day
        return None


def _order_day_month(one: int, two: int, language: str, day_first: bool | None) -> tuple[int, int]:
    """Give month and day of a numeric date; (0, 0) if it is ambiguous."""
    if one > 12 or two > 12 or one == two:
        return (two, one) if one > 12 else (one, two)
    if day_first is None and language in MIXED:
        return 0, 0
    return (one, two) if day_first is False else (two, one)


def _add_time(day: datetime, before: str, after: str) -> tuple[datetime, str]:
    """Add the time of day right after a date, or right before it."""
    match = CLOCK.search(after[:AFTER])
    if match is None:
        ahead = [m for m in CLOCK.finditer(before) if len(before) - m.end() <= 5]
        match = ahead[-1] if ahead else None
    if match is None:
        return day, "day"
    hour, minute = int(match["h"]), match["min"] or match["min2"]
    if match["half"]:
        hour = hour % 12 + 12 * (match["half"].lower() == "p")
    ahead_of = _read_zone(match["zone"], match["offset"])
    at = day.replace(hour=hour, minute=int(minute or 0)) - ahead_of
    return at, "minute" if minute else "hour"


def _read_zone(zone: str | None, offset: str | None) -> timedelta:
    if offset:
        sign = -1 if offset[0] == "-" else 1
        return sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timedelta(hours=ZONES.get(zone or "", 0))

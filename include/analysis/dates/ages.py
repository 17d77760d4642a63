"""
Read the age that a site prints with a story: «a day ago», «vor 2 Stunden».

The phrases of each language are those of CLDR, by way of Babel; `ages.toml` adds what sites
write instead of the number one, and abbreviations.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_timedelta

from include.analysis.dates.periods import move
from include.months import read_months

Unit = Literal["minute", "hour", "day", "week", "month", "year"]
UNITS: dict[Unit, timedelta] = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
CALENDAR: dict[Unit, str] = {"month": "M", "year": "Y"}
COUNTS = (1, 2, 3, 5, 21)  # have all plural forms of the languages of months.toml
EXTRA_FORMS = Path(__file__).with_suffix(".toml")
LANGUAGES = (*read_months(), "ja", "ko", "zh", "zh_Hant")
NUMBER = re.compile(r"\d+")
NEVER = 10_000.0  # threshold by which Babel would use a larger unit
LONGEST_LINE = 80  # characters; longer lines are sentences
LONGEST_AGE = 100  # years
NOW = re.compile(
    r"(?:just now|moments ago|seconds ago|gerade eben|à l['’]instant|ahora|adesso|agora|zojuist"
    r"|только что|刚刚|방금)", re.I,
)  # fmt: skip
UPDATED = re.compile(  # such an age is not that of publication
    r"updat|modif|edit|aktualisiert|stand\b|mis à jour|actualiz|atualiz|aggiornat|bijgewerkt"
    r"|обновл|aktualiz|uppdater|oppdatert|päivitetty|frissítve|更新", re.I,
)  # fmt: skip


@dataclass(frozen=True)
class Age:
    """An age on a page. precision: its unit. published_at: rounded down to the precision."""

    text: str
    published_at: datetime
    precision: str


def read_age(line: str, fetched_at: datetime) -> Age | None:
    """
    Find an age in a line; count it back from when the page was fetched (UTC).

    Returns:
        None if the line is long, has no age, or says when the story was updated.
    """
    if len(line) > LONGEST_LINE or UPDATED.search(line):
        return None
    if match := NOW.search(line):
        return Age(match.group(), fetched_at.replace(second=0, microsecond=0), "minute")
    for unit, pattern in _patterns():
        if match := pattern.search(line):
            number = NUMBER.search(match.group())
            at = _count_back(fetched_at, unit, int(number.group()) if number else 1)
            return Age(match.group(), at, unit) if at else None
    return None


def _count_back(fetched_at: datetime, unit: Unit, count: int) -> datetime | None:
    if UNITS[unit] * count > timedelta(days=366 * LONGEST_AGE):
        return None
    if unit in CALENDAR:
        day = move(fetched_at.date(), CALENDAR[unit], -count)
        return datetime(day.year, day.month, day.day, tzinfo=fetched_at.tzinfo)
    at = (fetched_at - UNITS[unit] * count).replace(second=0, microsecond=0)
    if unit == "minute":
        return at
    return at.replace(minute=0) if unit == "hour" else at.replace(hour=0, minute=0)


@cache
def _patterns() -> tuple[tuple[Unit, re.Pattern[str]], ...]:
    """Give one pattern per unit, which finds a phrase of any language."""
    extra_forms = tomllib.loads(EXTRA_FORMS.read_text(encoding="utf-8"))
    patterns = []
    for unit in UNITS:
        phrases = sorted({phrase for code in LANGUAGES for phrase in _phrases(code, unit)})
        forms = "|".join([*sorted(phrases, key=len, reverse=True), *extra_forms[unit]])
        patterns.append((unit, re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.I)))
    return tuple(patterns)


def _phrases(language: str, unit: Unit) -> Iterator[str]:
    """Yield the forms of «3 days ago» of a language as patterns."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return
    for count in COUNTS:
        for width in ("long", "short"):
            try:
                phrase = format_timedelta(
                    -count * UNITS[unit], granularity=unit, threshold=NEVER, add_direction=True,
                    format=width, locale=locale,
                )  # fmt: skip
            except KeyError:  # a language without phrases for the past
                return
            before, number, after = phrase.partition(str(count))
            if number and (before + after).strip(" -"):
                yield rf"{_spaced(before)}\d{{1,3}}{_spaced(after)}"


def _spaced(text: str) -> str:
    """Return a pattern for a text that accepts any blank for a blank, and no full stop for one."""
    return re.sub(r"(?:\\?\s)+", r"\\s?", re.escape(text)).replace(r"\.", r"\.?")

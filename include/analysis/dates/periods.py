"""
Periods of the calendar: their ISO 8601 names, as TIMEX3 extends them, and the days they hold.

`2026`, `2026-03`, `2026-03-04`, `2026-W10`, `2026-W10-WE` (weekend), `2026-Q1`, `2026-SP` (SP, SU,
FA, WI: the seasons of the northern hemisphere, by whole months), `202` (decade), `20` (century).
"""

import re
from calendar import monthrange
from datetime import date, timedelta

VALUE = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d\d)(?P<end>-WE)?|Q(?P<quarter>\d)|(?P<season>SP|SU|FA|WI)"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T.*)?)?))?"
)
SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # first month; winter ends in the next year
Days = tuple[date, date]


def days_of(value: str) -> Days | None:
    """Give the first and last day of a period; None if it names none, or none that exists."""
    try:
        if value.isdigit() and len(value) < 4:
            years = 10 ** (4 - len(value))
            return date(int(value) * years, 1, 1), date(int(value) * years + years - 1, 12, 31)
        match = VALUE.fullmatch(value)
        return _days(match) if match else None
    except ValueError:
        return None


def _days(match: re.Match[str]) -> Days:
    year = int(match["year"])
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        first = monday + timedelta(days=5) if match["end"] else monday
        return first, monday + timedelta(days=6)
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day
    if match["month"]:
        return _months(year, int(match["month"]), 1)
    if match["quarter"]:
        return _months(year, 3 * int(match["quarter"]) - 2, 3)
    if match["season"]:
        return _months(year, SEASONS[match["season"]], 3)
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, month: int, count: int) -> Days:
    last = month + count - 2
    end_year, end_month = year + last // 12, last % 12 + 1
    return date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1])


def name_week(day: date) -> str:
    """Name the ISO week of a day: 2026-W10."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def name_period(day: date, unit: str) -> str:
    """Name the day, week (W), month, quarter or year around a day."""
    if unit == "D":
        return day.isoformat()
    if unit == "W":
        return name_week(day)
    if unit == "M":
        return f"{day.year:04}-{day.month:02}"
    if unit == "Q":
        return f"{day.year:04}-Q{(day.month + 2) // 3}"
    return f"{day.year:04}"


def move(day: date, unit: str, count: int) -> date:
    """
    Move a day by whole days, weeks, months, quarters or years; the day of the month may shrink.

    Raises:
        ValueError, OverflowError: there is no such year.
    """
    if unit in ("D", "W"):
        return day + timedelta(days=count * (7 if unit == "W" else 1))
    months = count * {"M": 1, "Q": 3, "Y": 12}[unit]
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, monthrange(max(1, year), month)[1]))

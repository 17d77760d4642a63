"""
Say which day or period a matched expression names, as TIMEX3 values.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from include.analysis.dates.lengths import adjective, count_of, duration, recurring, vague
from include.analysis.dates.meaning import (
    DATE,
    PUBLISHED,
    TEXT,
    TIME,
    UNRESOLVED,
    YEARS,
    Context,
    Meaning,
    Values,
)
from include.analysis.dates.periods import days_of, move, name_period, name_week

AGAINST = 2.0  # a day on the less likely side of the story's date counts as so many


def calendar(v: Values, context: Context) -> Meaning | None:
    """Resolve a day, month, quarter or season, with or without its year."""
    tail = _clock(v)
    if v.get("yy"):
        year: int | None = int(v["yy"]) + (1900 if int(v["yy"]) >= 70 else 2000)
    else:
        year = int(v["y"]) if v.get("y") else None
    form = _form(v)
    if form is None:
        return clock(v, context)
    if year is not None:
        return _dated(form.format(year), tail, TEXT)
    if context.anchor is None:
        return _dated(form.format("XXXX"), tail, UNRESOLVED)
    if v.get("year_shift"):
        moved = context.anchor.year + _year_shift(v["year_shift"])
        return _dated(form.format(moved), tail, PUBLISHED)
    years = range(context.anchor.year - 2, context.anchor.year + 3)
    named = [form.format(year) for year in years]
    chosen = _choose([value for value in named if days_of(value)], context, v.get("shift"))
    return _dated(chosen, tail, PUBLISHED) if chosen else None


def _form(v: Values) -> str | None:
    """Give the value with a gap for the year."""
    month = v.get("m") or v.get("month") or v.get("long_month")
    if month:
        day = f"-{int(v['d']):02}" if v.get("d") else ""
        return f"{{:04}}-{int(month):02}{day}" if int(month) <= 12 else None
    if v.get("ordinal"):
        return f"{{:04}}-Q{v['ordinal']}"
    if v.get("season"):
        return f"{{:04}}-{v['season']}"
    return None


def _year_shift(words: str) -> int:
    low = words.lower()
    if any(word in low for word in ("last", "ago", "earlier", "letzt", "vergang", "vorig")):
        return -1
    return 1 if any(word in low for word in ("next", "nächst", "kommend")) else 0


def _choose(values: list[str], context: Context, shift: int | None) -> str | None:
    """Choose one of the same period in several years, in order."""
    anchor = context.anchor or date.min
    spans = [(value, *(days_of(value) or (anchor, anchor))) for value in values]
    if shift == -1:
        return next((value for value, _, last in reversed(spans) if last < anchor), None)
    if shift == 1:
        return next((value for value, first, _ in spans if first > anchor), None)
    after = 1.0 if context.leans > 0 else AGAINST
    before = AGAINST if context.leans > 0 else 1.0

    def distance(span: tuple[str, date, date]) -> float:
        _, first, last = span
        days = (first - anchor).days * after, (anchor - last).days * before
        return max(0.0, *days)

    return min(spans, key=distance)[0] if spans else None


def year(v: Values, context: Context) -> Meaning:
    """Resolve a year in digits."""
    return Meaning(DATE, v["y"], TEXT)


def decade(v: Values, context: Context) -> Meaning:
    """Resolve a decade: 1990s, the nineties."""
    if v.get("decade"):
        return Meaning(DATE, v["decade"], TEXT)
    ten = int(v.get("tens") or v["ten"])
    this_year = context.anchor.year if context.anchor else 2000
    years = 20 if this_year >= 2000 + 10 * ten + 10 and ten < 3 else 19
    return Meaning(DATE, f"{years}{ten}", TEXT)


def century(v: Values, context: Context) -> Meaning:
    """Resolve a century: the 19th century is 18."""
    number = v.get("century") or int(v["century_no"]) - 1
    return Meaning(DATE, f"{number:02}", TEXT)


def weekday(v: Values, context: Context) -> Meaning | None:
    """Resolve a day of the week: the last one, unless the sentence speaks of the future."""
    tail = _clock(v)
    if context.anchor is None:
        return Meaning(TIME if tail else DATE, None, UNRESOLVED)
    ahead = (v["weekday"] - context.anchor.isoweekday()) % 7
    shift = v.get("shift")
    if shift == 1:
        day = context.anchor + timedelta(days=ahead or 7)
    elif shift == -1:
        day = context.anchor - timedelta(days=7 - ahead)
    elif ahead == 0 or context.leans > 0 or (shift == 0 and context.leans == 0):
        day = context.anchor + timedelta(days=ahead)
    else:
        day = context.anchor - timedelta(days=7 - ahead)
    return _dated(day.isoformat(), tail, PUBLISHED)


def weekend(v: Values, context: Context) -> Meaning:
    """Resolve a weekend: the nearest; the last one if both are as near."""
    if context.anchor is None:
        return Meaning(DATE, None, UNRESOLVED)
    shift = v.get("shift")
    is_late = context.anchor.isoweekday() >= 5 or context.leans > 0
    weeks = shift if shift is not None and shift else 0 if is_late or shift == 0 else -1
    return Meaning(DATE, name_week(context.anchor + timedelta(weeks=weeks)) + "-WE", PUBLISHED)


def shift(v: Values, context: Context) -> Meaning | None:
    """Resolve a period by its distance from the story's own: yesterday, last year."""
    unit, tail = v.get("long") or v["unit"], _clock(v)
    if context.anchor is None:
        return Meaning(TIME if tail else DATE, None, UNRESOLVED)
    if unit in YEARS:
        value = f"{context.anchor.year:04}"[: 3 if unit == "Y10" else 2]
        return Meaning(DATE, f"{int(value) + v['shift']}", PUBLISHED)
    return _dated(name_period(move(context.anchor, unit, v["shift"]), unit), tail, PUBLISHED)


def ago(v: Values, context: Context) -> Meaning | None:
    """Resolve a distance into the past: three weeks ago."""
    if context.anchor is None:
        return Meaning(DATE, None, UNRESOLVED)
    unit, count = v["long"], count_of(v)
    if count is None:
        return None
    years = YEARS.get(unit)
    steps = int(count * (years or 1))
    day = move(context.anchor, "Y" if years else unit, -steps)
    if unit == "Y" and steps == 1 and context.quarter:
        return same_quarter(v, context)
    return Meaning(DATE, name_period(day, "Y" if years else unit), PUBLISHED)


def same_quarter(v: Values, context: Context) -> Meaning | None:
    """Resolve «a year earlier»: of the quarter that the text named last, else of the year."""
    if v.get("ordinal"):
        return calendar({**v, "year_shift": "last"}, context)
    if context.quarter and context.quarter[:4].isdigit():
        return Meaning(DATE, f"{int(context.quarter[:4]) - 1:04}{context.quarter[4:]}", PUBLISHED)
    if context.anchor is None:
        return Meaning(DATE, None, UNRESOLVED)
    return Meaning(DATE, f"{context.anchor.year - 1:04}", PUBLISHED)


def this_quarter(v: Values, context: Context) -> Meaning | None:
    """Resolve «the quarter»: the one that the text named last, else the last whole one."""
    if context.quarter:
        return Meaning(DATE, context.quarter, PUBLISHED)
    if context.anchor is None:
        return Meaning(DATE, None, UNRESOLVED)
    return Meaning(DATE, name_period(move(context.anchor, "Q", -1), "Q"), PUBLISHED)


def clock(v: Values, context: Context) -> Meaning | None:
    """Resolve a time of day without a day: that of the day named before, else the story's."""
    tail = _clock(v)
    if context.day:
        return _dated(context.day, tail, PUBLISHED)
    if context.anchor is None:
        return Meaning(TIME, tail or None, UNRESOLVED)
    return _dated(context.anchor.isoformat(), tail, PUBLISHED)


def slashes(v: Values, context: Context) -> Meaning | None:
    """Resolve 25/03/2026; None where both numbers could be the month."""
    one, two = int(v["one"]), int(v["two"])
    if (one > 12) == (two > 12) and one != two:
        return None
    day, month_no = (one, two) if one > 12 else (two, one)
    return _dated(f"{v['y']}-{month_no:02}-{day:02}", "", TEXT)


def reference(v: Values, context: Context) -> Meaning:
    """Give PRESENT_REF, PAST_REF or FUTURE_REF: now, recently, soon."""
    return Meaning(DATE, v["value"], TEXT)


def _clock(v: Values) -> str:
    """Give the time of day as it follows a day's value: TMO, T15:30; empty if there is none."""
    part = v.get("part") or v.get("part2")
    if part:
        return part if part.startswith("T") else f"T{part}"
    if v.get("h") is None:
        return ""
    hour = int(v["h"])
    if v.get("half") is not None:
        hour = hour % 12 + v["half"]
    return f"T{hour:02}:{v.get('min') or '00'}" if hour <= 24 else ""


def _dated(value: str, tail: str, source: str) -> Meaning | None:
    if source != UNRESOLVED and days_of(value) is None:
        return None
    return Meaning(TIME if tail else DATE, value + tail, source)


RESOLVERS: Mapping[str, Callable[[Values, Context], Meaning | None]] = {
    "calendar": calendar, "year": year, "decade": decade, "century": century,
    "weekday": weekday, "weekend": weekend, "shift": shift, "ago": ago, "clock": clock,
    "same_quarter": same_quarter, "this_quarter": this_quarter, "slashes": slashes,
    "duration": duration, "adjective": adjective, "vague": vague, "set": recurring,
    "ref": reference,
}  # fmt: skip

"""
Durations and intervals: two years, for weeks, every Monday.
"""

from include.analysis.dates.meaning import DURATION, SET, TEXT, Context, Meaning, Values

MULTIPLES = {"W2": ("W", 2), "Y10": ("Y", 10), "Y100": ("Y", 100)}


def duration(v: Values, context: Context) -> Meaning | None:
    """Give a length of time: P2Y, PT30M."""
    count = count_of(v)
    return None if count is None else Meaning(DURATION, _length(count, v["unit"]), TEXT)


def adjective(v: Values, context: Context) -> Meaning | None:
    """Give the length in a German adjective: zweijährig."""
    return duration({**v, "unit": v["adjective"]}, context)


def vague(v: Values, context: Context) -> Meaning:
    """Give a length of unknown number: PXY."""
    return Meaning(DURATION, _length("X", v["many"]), TEXT)


def recurring(v: Values, context: Context) -> Meaning | None:
    """Give how often something happens: every two days is P2D."""
    if v.get("weekday"):
        return Meaning(SET, f"XXXX-WXX-{v['weekday']}", TEXT)
    count = count_of(v) if v.get("n") else 1
    return None if count is None else Meaning(SET, _length(count, v["unit"]), TEXT)


def _length(count: float | str, unit: str) -> str:
    if unit in MULTIPLES:
        unit, units = MULTIPLES[unit]
        count = count if isinstance(count, str) else count * units
    number = f"{count:g}" if isinstance(count, float) else str(count)
    if unit in ("H", "m", "s"):
        return f"PT{number}{unit.upper()}"
    return f"P{number}{unit}"


def count_of(v: Values) -> float | None:
    """Give the number of units; None if there is none."""
    count: float | None = v.get("n")
    return count + v["plus"] if count is not None and v.get("plus") else count

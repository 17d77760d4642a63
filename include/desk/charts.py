"""
Lay out small charts, which templates/charts.html draws as SVG.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 360, 132  # of the drawing (units of its own; it scales with the page)
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 22
STEPS = (1, 2, 4, 6, 8, 10)  # half of each is a round number too
TICKS = 3


@dataclass(frozen=True)
class Bar:
    """One day's bar; value: None if nothing is known of the day."""

    x: float
    y: float
    width: float
    height: float
    day: date
    value: float | None
    text: str


@dataclass(frozen=True)
class Tick:
    """A value of the vertical axis, or a day of the other; position: where it is drawn."""

    position: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart of a value per day. summary: for those who cannot see it."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    days: tuple[Tick, ...]
    summary: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def chart_days(
    title: str, unit: str, values: dict[date, float | None], last: date, days: int
) -> Chart:
    """Lay out the values of the days up to the last; a day without a value has no bar."""
    shown_days = [last - timedelta(days=back) for back in reversed(range(days))]
    values_shown = [value for day in shown_days if (value := values.get(day)) is not None]
    top = _round_up(max(values_shown, default=0.0))
    step = (WIDTH - LEFT - RIGHT) / days
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for index, day in enumerate(shown_days):
        value = values.get(day)
        height = 0.0 if value is None else room * value / top
        text = "nothing" if value is None else _format(value, top)
        x = LEFT + index * step + step * 0.1
        bar = Bar(round(x, 2), round(HEIGHT - BOTTOM - height, 2), round(step * 0.8, 2),
                  round(height, 2), day, value, text)  # fmt: skip
        bars.append(bar)
    ticks = [
        Tick(round(HEIGHT - BOTTOM - room * part / (TICKS - 1), 2),
             _format(top * part / (TICKS - 1), top))
        for part in range(TICKS)
    ]  # fmt: skip
    labelled = sorted({0, days // 2, days - 1})
    marks = [
        Tick(round(LEFT + (index + 0.5) * step, 2), f"{shown_days[index]:%d %b}")
        for index in labelled
    ]
    newest = next((b for b in reversed(bars) if b.value is not None), None)
    latest = f"; last {newest.text} on {newest.day:%Y-%m-%d}" if newest else "; no value"
    summary = f"{title} per day, {shown_days[0]:%Y-%m-%d} to {last:%Y-%m-%d}, {unit}{latest}"
    return Chart(title, unit, tuple(bars), tuple(ticks), tuple(marks), summary)


def sparkline(values: Sequence[float | None], width: int = 90, height: int = 22) -> str:
    """Return the points of a line through the known values, for `polyline`."""
    points = [(index, value) for index, value in enumerate(values) if value is not None]
    top = max((value for _, value in points), default=0.0) or 1.0
    across = max(len(values) - 1, 1)
    return " ".join(
        f"{2 + (width - 4) * index / across:.1f},{height - 2 - (height - 4) * value / top:.1f}"
        for index, value in points
    )


def _round_up(value: float) -> float:
    """Return the next round number, so that the axis has round ticks."""
    if value <= 0:
        return 1.0
    size = math.pow(10, math.floor(math.log10(value)))
    return next(step * size for step in STEPS if step * size >= value * (1 - 1e-9))


def _format(value: float, top: float) -> str:
    return f"{value:,.0f}" if top >= TICKS and value == int(value) else f"{value:,.3g}"

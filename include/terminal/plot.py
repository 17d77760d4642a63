"""The command `plot`: draw a series over time, in the width of the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import plotext
import pyarrow as pa
from rich.console import Console
from rich.text import Text

from include.config.settings import Settings
from include.errors import UsageWrong
from include.text import sanitize, shorten
from include.warehouse.series import WITH_TERM, read_series

TITLES = {
    "stories": "stories",
    "word": "stories with {}",
    "entity": "stories that name {}",
    "quarantine": "stories in quarantine",
    "confidence": "mean confidence",
}
PART_DAYS = {"day": 1, "week": 7, "month": 31}  # at most
ROWS = 18  # of a plot, with its title and axis
NARROWEST = 40  # columns
FRAME = 8  # columns for the labels and the frame
TICK = 13  # columns for a day on the axis
TERM_CHARS = 40
COLOUR = "cyan"  # of the line
MOST_LEVELS = 5
DENSITY = 2  # a character of braille has two columns of dots
Point = tuple[date, float | None]


def run_plot(
    settings: Settings,
    console: Console,
    series: str,
    term: str | None = None,
    outlet: str | None = None,
    since: str | None = None,
    by: str | None = None,
) -> int:
    """
    Draw a series; without colour unless the console is a terminal.

    Raises:
        UsageWrong: a word or entity is missing, or one too many; the day is none.
        NotFound: no entity has the name.
    """
    if (series in WITH_TERM) != bool(term):
        way_out = "Give one." if series in WITH_TERM else f"`plot {series}` takes none."
        raise UsageWrong("word or entity", term or "", way_out)
    rows = read_series(
        settings.warehouse, series, term, outlet, _read_day(since), settings.memory_limit
    )
    width = max(NARROWEST, console.width)
    part = by or choose_part(rows, DENSITY * (width - FRAME))
    points = gather(rows, part)
    if not points:
        Console(stderr=True).print(Text("no stories to plot", style="dim"))
        return 0
    title = TITLES[series].format(f"“{shorten(sanitize(term or ''), TERM_CHARS)}”")
    is_share = rows["whole"].null_count == 0
    unit = ", %" if is_share and series != "confidence" else ""
    where = f", {shorten(sanitize(outlet), TERM_CHARS)}" if outlet else ""
    if unit:
        points = [(day, None if value is None else 100 * value) for day, value in points]
    drawn = draw(points, f"{title} per {part}{unit}{where}", width, is_share)
    text = drawn if console.color_system else plotext.uncolorize(drawn)
    lines = [line.rstrip() for line in text.split("\n")]
    console.file.write("\n".join(lines).rstrip("\n") + "\n")
    return 0


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as exc:
        raise UsageWrong("since", text, "Give a day, such as 2026-01-31.") from exc


def choose_part(rows: pa.Table, most: int) -> str:
    """Choose the finest of day, week and month of which at most so many fit the series."""
    days = rows["day"].to_pylist()
    if not days:
        return "day"
    span = (days[-1] - days[0]).days + 1
    fitting = (part for part, each in PART_DAYS.items() if span / each <= most)
    return next(fitting, "month")


def gather(rows: pa.Table, part: str) -> list[Point]:
    """
    Sum the days of each part, from the first to the last.

    Returns:
        A point per day, week (its Monday) or month (its first); a count is 0 where there are no
        stories, a share None.
    """
    sums: dict[date, list[float]] = {}
    for row in rows.to_pylist():
        summed = sums.setdefault(_start(row["day"], part), [0.0, 0.0])
        summed[0] += row["part"]
        summed[1] += row["whole"] or 0.0
    is_share = rows["whole"].null_count == 0
    points: list[Point] = []
    at = min(sums, default=None)
    while at is not None and at <= max(sums):
        value, whole = sums.get(at, (None, 0.0))
        if is_share:
            value = value / whole if value is not None and whole else None
        points.append((at, value if is_share else value or 0.0))
        at = _start(at + timedelta(days=PART_DAYS[part]), part)
    return points


def _start(day: date, part: str) -> date:
    if part == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if part == "week" else day


def draw(points: Sequence[Point], title: str, width: int, is_share: bool) -> str:
    """Draw points as lines of text of this width; lines join neighbours that have a value."""
    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")  # the default theme has a white background
    figure.plot_size(width, ROWS)
    for run in _runs(points):
        marker = plotext.marker("braille" if len(run) > 1 else "•", COLOUR)
        signal = figure.signal([at for at, _ in run], [value for _, value in run], marker=marker)
        if len(run) > 1:
            signal.lines()
        figure.draw(signal)
    levels = find_levels([value for _, value in points if value is not None], is_share)
    figure.ruler("y").lim(0, levels[-1])
    figure.ruler("y").ticks(levels, [f"{level:g}" for level in levels])
    step = max(1, -(-len(points) * TICK // (width - FRAME)))
    ticks = list(range(0, len(points), step))
    figure.ruler("x").ticks(ticks, [points[at][0].isoformat() for at in ticks])
    figure.title(title)
    return str(figure.build().string())


def find_levels(values: Sequence[float], is_share: bool) -> list[float]:
    """Give round numbers for the axis, from 0 to the first that no value exceeds; some five."""
    top = max(values, default=0.0) or 1.0
    power = 10.0 ** math.floor(math.log10(top))
    steps = (power * factor for factor in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0))
    least = 0.0 if is_share else 1.0  # no fractions of stories
    step = next(step for step in steps if step >= least and top / step <= MOST_LEVELS)
    count = math.ceil(round(top / step, 6))
    return [round(step * number, 6) for number in range(count + 1)]


def _runs(points: Sequence[Point]) -> list[list[tuple[int, float]]]:
    """Cut the points where a value is missing."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, (_, value) in enumerate(points):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]

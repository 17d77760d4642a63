"""The options of the command `plot`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from rich.console import Console

from include.config.settings import Settings

SERIES = ("stories", "word", "entity", "quarantine", "confidence")
PARTS = ("day", "week", "month")


def add_plot(add: Callable[[str, object, str], argparse.ArgumentParser]) -> None:
    """Add the command `plot` to the parser."""
    plot = add("plot", _plot, "draw stories, attention or quality over time")
    plot.add_argument(
        "series",
        choices=SERIES,
        help="stories: how many; word, entity: share of stories that have it; quarantine: share of "
        "stories set aside; confidence: mean of the splitter's",
    )
    plot.add_argument("term", nargs="?", metavar="TERM", help="the word, or the entity's name")
    plot.add_argument("--outlet", metavar="NAME", help="only stories of this outlet")
    plot.add_argument("--since", metavar="DAY", help="from this day on, such as 2026-01-31")
    plot.add_argument("--by", choices=PARTS, help="default: as fine as fits the terminal")


def _plot(settings: Settings, arguments: argparse.Namespace) -> int:
    from include.terminal.plot import run_plot

    return run_plot(
        settings,
        Console(highlight=False),
        arguments.series,
        arguments.term,
        outlet=arguments.outlet,
        since=arguments.since,
        by=arguments.by,
    )

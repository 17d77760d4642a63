"""
Fit a table into a width: figures are never cut, texts give way.

Widths are cells of a terminal. Where not even the figures have room, the table is wider than asked
for, and the terminal breaks its lines: nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

GAP = 2  # between columns
NARROWEST = 8  # that a text gives way to


@dataclass(frozen=True)
class Column:
    """A column to be fitted. whole: never broken, as figures, times and ids are not."""

    name: str
    whole: bool = False
    right: bool = False


def fit_widths(natural: Sequence[int], whole: Sequence[bool], room: int) -> list[int]:
    """
    Give each column its width: the widest texts give way first, and all of them as far as the next.

    Args:
        natural: what each would take. room: for all columns, gaps left out.
    Returns:
        As many widths; their sum is above `room` only where whole columns and NARROWEST need it.
    """
    widths = list(natural)
    while (over := sum(widths) - room) > 0:
        bends = [at for at, width in enumerate(widths) if not whole[at] and width > NARROWEST]
        if not bends:
            break
        widest = max(widths[at] for at in bends)
        tops = [at for at in bends if widths[at] == widest]
        below = max([NARROWEST, *(widths[at] for at in bends if widths[at] < widest)])
        each, left = divmod(min(over, (widest - below) * len(tops)), len(tops))
        for place, at in enumerate(tops):
            widths[at] -= each + (place < left)
    return widths


def width_of(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> tuple[list[int], int]:
    """Give the width that each column would take, and the least that the table needs."""
    natural = [
        max([cell_len(column.name), *(cell_len(row[at]) for row in rows)])
        for at, column in enumerate(columns)
    ]
    least = fit_widths(natural, [column.whole for column in columns], 0)
    return natural, sum(least) + GAP * (len(columns) - 1)


def print_fitted(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    title: str | None = None,
    header_style: str = "dim",
) -> None:
    """Print rows of harmless cells as a table that is as wide as the console, or as it must be."""
    natural, _ = width_of(columns, rows)
    room = console.width - GAP * (len(columns) - 1)
    widths = fit_widths(natural, [column.whole for column in columns], room)
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        padding=(0, GAP, 0, 0), header_style=header_style,
    )  # fmt: skip
    table.width = sum(widths) + GAP * (len(columns) - 1)
    for column, width in zip(columns, widths, strict=True):
        side: Literal["left", "right"] = "right" if column.right else "left"
        table.add_column(
            column.name, justify=side, width=width, no_wrap=column.whole, overflow="fold"
        )
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table, crop=False)

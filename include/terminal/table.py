"""
Fit a table into a width: text columns shrink, numbers are never truncated.

Widths are in terminal cells. If not even the numbers fit, the table is wider than asked for and
the terminal wraps its lines.
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
NARROWEST = 8  # to which a text column shrinks


@dataclass(frozen=True)
class Column:
    """A column. whole: never shrunk (numbers, times, ids)."""

    name: str
    whole: bool = False
    right: bool = False


def fit_widths(natural: Sequence[int], whole: Sequence[bool], room: int) -> list[int]:
    """
    Return the width of each column; the widest text columns shrink first, down to the next widest.

    Args:
        natural: the width each would take. room: for all columns, without gaps.
    Returns:
        As many widths; their sum exceeds `room` only if whole columns and NARROWEST require it.
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


def find_least(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int:
    """Return the least width that a table needs, with its text columns at NARROWEST."""
    least = fit_widths(_measure(columns, rows), [column.whole for column in columns], 0)
    return sum(least) + GAP * (len(columns) - 1)


def print_whole(console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of sanitized cells, one line each, at their natural width."""
    widths = _measure(columns, rows)
    for row in ([column.name for column in columns], *rows):
        cells = []
        for cell, column, width in zip(row, columns, widths, strict=True):
            blank = " " * (width - cell_len(cell))
            cells.append(blank + cell if column.right else cell + blank)
        console.file.write((" " * GAP).join(cells).rstrip() + "\n")


def print_fitted(
    console: Console,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    title: str | None = None,
    header_style: str = "dim",
) -> None:
    """Print rows of sanitized cells as a table that fits the console if it can."""
    gaps = GAP * (len(columns) - 1)
    whole = [column.whole for column in columns]
    widths = fit_widths(_measure(columns, rows), whole, console.width - gaps)
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False,
        padding=(0, GAP, 0, 0), header_style=header_style,
    )  # fmt: skip
    table.width = sum(widths) + gaps
    for column, width in zip(columns, widths, strict=True):
        side: Literal["left", "right"] = "right" if column.right else "left"
        table.add_column(
            column.name, justify=side, width=width, no_wrap=column.whole, overflow="fold"
        )
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table, crop=False)


def _measure(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the natural width of each column."""
    return [
        max([cell_len(column.name), *(cell_len(row[at]) for row in rows)])
        for at, column in enumerate(columns)
    ]

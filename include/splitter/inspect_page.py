"""
One page looked at closely: its lines by number, and what the splitter makes of each.
"""

from dataclasses import dataclass

import polars as pl

from include.splitter.chrome_book.book import ChromeBook
from include.splitter.lines.lines import find_lines
from include.splitter.overrides import Overrides
from include.splitter.split import name_pieces


@dataclass(frozen=True)
class Piece:
    """
    A line of a page or a part of one: line from 1, first character, role, text.

    hit: a list of chrome phrases knows it.
    """

    line_no: int
    start: int
    role: str
    text: str
    hit: bool


def number_lines(text: str) -> dict[int, str]:
    """Give the text of every line that is not blank, trimmed, by its number from 1."""
    return dict(find_lines(_frame(text)).select("line_no", "text").iter_rows())


def shows_line(text: str, pattern: str) -> bool:
    """Say whether a pattern of an override finds a line of a page."""
    lines = find_lines(_frame(text))["text"]
    return bool(lines.str.contains(pattern).any())


def name_page(page_id: str, text: str, book: ChromeBook, overrides: Overrides) -> list[Piece]:
    """Give every piece of a page, in order, as the splitter names it."""
    page = _frame(text).with_columns(page_id=pl.lit(page_id))
    pieces, _ = name_pieces(page, book, overrides=overrides)
    names = ("line_no", "start", "role", "text", "hit")
    return [Piece(*row) for row in pieces.select(names).iter_rows()]


def _frame(text: str) -> pl.DataFrame:
    return pl.DataFrame({"page": [0], "text": [text]}, schema_overrides={"page": pl.UInt32})

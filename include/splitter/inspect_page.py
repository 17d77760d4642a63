"""
Inspect one page: its lines by number, and the role the splitter gives each.
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
    A line or part of one: line number from 1, offset of its first character, role, text.

    hit: it matches a list of chrome phrases.
    """

    line_no: int
    start: int
    role: str
    text: str
    hit: bool


def number_lines(text: str) -> dict[int, str]:
    """Map line numbers (from 1) to the trimmed text of every line that is not blank."""
    return dict(find_lines(_frame(text)).select("line_no", "text").iter_rows())


def shows_line(text: str, pattern: str) -> bool:
    """Return whether an override's pattern matches any line of a page."""
    lines = find_lines(_frame(text))["text"]
    return bool(lines.str.contains(pattern).any())


def name_page(page_id: str, text: str, book: ChromeBook, overrides: Overrides) -> list[Piece]:
    """Give every piece of a page with its role, in page order."""
    page = _frame(text).with_columns(page_id=pl.lit(page_id))
    pieces, _ = name_pieces(page, book, overrides=overrides)
    names = ("line_no", "start", "role", "text", "hit")
    return [Piece(*row) for row in pieces.select(names).iter_rows()]


def _frame(text: str) -> pl.DataFrame:
    return pl.DataFrame({"page": [0], "text": [text]}, schema_overrides={"page": pl.UInt32})

"""
Inspect one page: its lines by number, and the role the splitter gives each.
"""

from dataclasses import dataclass

import polars as pl

from include.splitter.chrome_book.book import ChromeBook
from include.splitter.lines.lines import find_lines
from include.splitter.overrides import Overrides
from include.splitter.split import name_pieces
from include.splitter.stories.assemble import BODY, PARTS


@dataclass(frozen=True)
class Piece:
    """
    A line or part of one: line number from 1, offset of its first character, role, text.

    hit: it matches a list of chrome phrases. reason: for the role. story_no: the story it is part
    of, from 1; 0: none.
    """

    line_no: int
    start: int
    role: str
    text: str
    hit: bool
    reason: str = ""
    story_no: int = 0


def number_lines(text: str) -> dict[int, str]:
    """Map line numbers (from 1) to the trimmed text of every line that is not blank."""
    return dict(find_lines(_frame(text)).select("line_no", "text").iter_rows())


def shows_line(text: str, pattern: str) -> bool:
    """Return whether an override's pattern matches any line of a page."""
    lines = find_lines(_frame(text))["text"]
    return bool(lines.str.contains(pattern).any())


def name_page(
    page_id: str, text: str, book: ChromeBook, overrides: Overrides, outlet: str | None = None
) -> list[Piece]:
    """Give every piece of a page with its role, in page order; outlet: by its metadata."""
    page = _frame(text).with_columns(page_id=pl.lit(page_id), outlet=pl.lit(outlet, pl.String))
    pieces, _ = name_pieces(page, book, overrides=overrides)
    with_body = pieces.filter((pl.col("story") >= 0) & pl.col("role").is_in(BODY))["story"]
    numbers = {story: no for no, story in enumerate(with_body.unique(maintain_order=True), 1)}
    is_part = pl.col("role").is_in(PARTS)
    number = pl.col("story").replace_strict(numbers, default=0, return_dtype=pl.Int64)
    numbered = pieces.with_columns(story_no=pl.when(is_part).then(number).otherwise(0))
    is_left_out = is_part & (pl.col("story_no") == 0)  # a part of no story lands as chrome
    named = numbered.with_columns(role=pl.when(is_left_out).then(pl.lit("other")).otherwise("role"))
    names = ("line_no", "start", "role", "text", "hit", "reason", "story_no")
    return [Piece(*row) for row in named.select(names).iter_rows()]


def _frame(text: str) -> pl.DataFrame:
    return pl.DataFrame({"page": [0], "text": [text]}, schema_overrides={"page": pl.UInt32})

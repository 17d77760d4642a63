"""
Read one page of the lake with the role and reason of every line, with the corrections in force or
with unsaved ones too. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from include.config.settings import Settings
from include.errors import NotFound
from include.intake.decoding.page import reread_text
from include.lake.decisions.chrome_book import read_book
from include.lake.decisions.decisions import read_overrides
from include.lake.reading.recall import read_recalled
from include.pipeline.review import parse_corrections
from include.review.corrections import Page, Word
from include.splitter.chrome_book.book import open_book
from include.splitter.inspect_page import Piece, name_page, number_lines
from include.splitter.overrides import open_overrides
from include.splitter.split import SPLITTER_VERSION, split_pages


@dataclass(frozen=True)
class StoredPage:
    """A page's bytes in the lake, decoded. rows: one row of `BATCH_PAGES`, with its text."""

    page_id: str
    name: str
    text: str
    rows: pa.Table


@dataclass(frozen=True)
class Inspection:
    """
    A page as it is split by the current splitter, chrome book and corrections.

    stories: rows of `STORY_PARTS`, by story_no; None if they were not asked for.
    """

    page: StoredPage
    pieces: Sequence[Piece]
    stories: list[dict[str, Any]] | None
    splitter_version: str
    book_version: int


def read_stored(settings: Settings, page_id: str, run_id: str, day: date) -> StoredPage:
    """
    Read a page's text from the bytes in the lake; run_id: the run that split it, day: of the run.

    Raises:
        NotFound: the lake does not hold its bytes.
    """
    tables = read_recalled(settings.lake, day, [(page_id, run_id)], reread_text)
    rows = next(tables, None)
    if rows is None or rows["text"][0].as_py() is None:
        raise NotFound("text of page", page_id, "The lake no longer holds its bytes.")
    return StoredPage(page_id, rows["name"][0].as_py(), rows["text"][0].as_py(), rows)


def parse_for_page(page: StoredPage, corrections: str, word: Word) -> pa.Table:
    """
    Parse corrections of a page; rows of `OVERRIDES`.

    Raises:
        UsageWrong: a correction cannot be parsed, or names no line of the page.
    """
    lines = number_lines(page.text)
    return parse_corrections(corrections, [Page(page.page_id, page.name, lines)], word)


def inspect(
    settings: Settings,
    page: StoredPage,
    unsaved: pa.Table | None = None,
    with_stories: bool = False,
) -> Inspection:
    """
    Split a page as it would be split now.

    Args:
        unsaved: overrides that are not in the lake.
        with_stories: give its stories too, which splits the page a second time.
    """
    book = read_book(settings.lake)
    rows = read_overrides(settings.lake)
    overrides = open_overrides(rows if unsaved is None else pa.concat_tables([rows, unsaved]))
    chrome = open_book(book.lines)
    outlet = page.rows["outlet"][0].as_py()
    pieces = name_page(page.page_id, page.text, chrome, overrides, outlet)
    stories = None
    if with_stories:
        stories = split_pages(page.rows, chrome, overrides=overrides).stories.to_pylist()
    return Inspection(page, pieces, stories, SPLITTER_VERSION, book.version)

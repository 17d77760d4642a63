"""Show a page of the lake line by line, with the role of each and why."""

from typing import Any

from rich.console import Console

from include.intake.page import reread_text
from include.lake.book import read_book
from include.lake.decisions import read_overrides
from include.lake.recall import read_recalled
from include.settings import Settings
from include.stories.book import open_book
from include.stories.overrides import open_overrides
from include.stories.split import SPLITTER_VERSION
from include.terminal.show import show_text
from include.warehouse.why import find_last_split


def show_page_lines(
    settings: Settings, deliveries: list[dict[str, Any]], page_id: str, console: Console
) -> None:
    """
    Print every line of a page from the bytes that the lake keeps; none where it was not split.

    Roles and reasons are those of today's splitter, book and corrections; a page that others have
    split is told to be so.
    """
    row = find_last_split([row for row in deliveries if row["page_id"] == page_id])
    if row is None:
        return
    book = read_book(settings.lake)
    key = [(page_id, row["run_id"])]
    tables = read_recalled(settings.lake, row["ingest_day"], key, reread_text)
    for page in (page for table in tables for page in table.to_pylist()):
        overrides = open_overrides(read_overrides(settings.lake))
        show_text(page, console, open_book(book.lines), overrides)
    then = (row["splitter_version"], row["book_version"] or 0)
    if then != (SPLITTER_VERSION, book.version):
        console.print(
            f"as splitter {SPLITTER_VERSION} with chrome book {book.version} reads it today; "
            f"the lake's rows are of splitter {then[0]}, book {then[1]}",
            style="yellow", markup=False, highlight=False,
        )  # fmt: skip
    console.print()

"""
The chrome book in the lake: read whole, replaced whole, one commit a version.

Its number is that of the table's commit; 0 is the book before the first, without a line. Older ones
stay reachable by time travel until they are vacuumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.exceptions import DeltaError

from include.errors import BookUnreadable
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import create_tables, has_table, open_table, replace_rows, table_path
from include.model import BOOK_RULE
from include.schema.lake import CHROME_BOOK
from include.storage.frames import write_frame
from include.storage.locations import Root

BASIS_KEY = "copydesk_basis"
STAMPS = ("book_version", "rule_version", "built_at")


@dataclass(frozen=True)
class StoredBook:
    """A book as the lake has it. lines: columns of `columns.CHROME_BOOK`."""

    version: int
    lines: pa.Table


def read_book(root: Root) -> StoredBook:
    """
    Read the newest book; version 0 without a line where there is none yet.

    Raises:
        BookUnreadable: its files are broken, or a newer Copydesk wrote it.
    """
    if not has_table(root, CHROME_BOOK):
        return StoredBook(0, CHROME_BOOK.schema().empty_table())
    try:
        table = open_table(root, CHROME_BOOK)
        lines = table.to_pyarrow_table(columns=CHROME_BOOK.schema().names)
        book = StoredBook(table.version(), lines.cast(CHROME_BOOK.schema()))
    except (DeltaError, OSError, KeyError, pa.ArrowException) as exc:
        raise _unreadable(root, "Its files are broken") from exc
    if (pc.max(lines["rule_version"]).as_py() or 0) > BOOK_RULE:
        raise _unreadable(root, "A newer Copydesk wrote it: update this one")
    return book


def pin_book(root: Root, folder: Path) -> int:
    """
    Write the newest book to `book.arrow` in a run's folder; give its version.

    All batches of the run are split with it, and again when one is split again.

    Raises:
        BookUnreadable: as `read_book` does.
    """
    book = read_book(root)
    write_frame(folder / "book.arrow", book.lines)
    return book.version


def write_book(root: Root, lines: pa.Table, basis: str, now: datetime) -> tuple[int, bool]:
    """
    Make lines the newest book, in one commit under the lake's lock; nothing if it stands already.

    Args:
        lines: columns of `columns.CHROME_BOOK` but STAMPS.
        basis: names what they were learnt from; by the same rule it gives the same book.
    Returns:
        The newest book's version, and whether it is new.
    Raises:
        LakeLocked: a run is landing.
    """
    with hold_lake(root):
        create_tables(root)
        table = open_table(root, CHROME_BOOK)
        basis = f"rule {BOOK_RULE}, {basis}"
        if table.history(1)[0].get(BASIS_KEY) == basis:
            return table.version(), False
        version = table.version() + 1
        stamps = dict(zip(STAMPS, (version, BOOK_RULE, now), strict=True))
        for name, value in stamps.items():
            kind = CHROME_BOOK.schema().field(name).type
            lines = lines.append_column(name, pa.repeat(pa.scalar(value, kind), len(lines)))
        rows = lines.select(CHROME_BOOK.schema().names).cast(CHROME_BOOK.schema())
        replace_rows(root, CHROME_BOOK, rows, {BASIS_KEY: basis})
        return version, True


def _unreadable(root: Root, what: str) -> BookUnreadable:
    way_out = (
        f"{what}, or move that folder away: pages are split without a book until "
        "`python -m include tend` has learnt it again."
    )
    return BookUnreadable("chrome book", table_path(root, CHROME_BOOK), way_out)

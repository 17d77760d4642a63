"""
The chrome book in the lake: read whole and replaced whole, one commit per version.

A book's version is the number of its commit; version 0 is the empty book before the first commit.
Older versions stay reachable by time travel until they are vacuumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.errors import BookUnreadable, LakeDamaged
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
    """A book as stored in the lake. lines: columns of `CHROME_BOOK`."""

    version: int
    lines: pa.Table


def read_book(root: Root) -> StoredBook:
    """
    Read the newest book; version 0 with no lines if there is none yet.

    Raises:
        BookUnreadable: its files are broken, or a newer Copydesk wrote it.
    """
    if not has_table(root, CHROME_BOOK):
        return StoredBook(0, CHROME_BOOK.schema().empty_table())
    try:
        table = open_table(root, CHROME_BOOK)
        lines = table.to_pyarrow_table(columns=CHROME_BOOK.schema().names)
        book = StoredBook(_version_of(lines, table.version()), lines.cast(CHROME_BOOK.schema()))
    except (LakeDamaged, KeyError, pa.ArrowException) as exc:
        raise _unreadable(root, "Its files are broken; restore them from a backup") from exc
    if (pc.max(lines["rule_version"]).as_py() or 0) > BOOK_RULE:
        raise _unreadable(root, "A newer Copydesk wrote it; update this one")
    return book


def pin_book(root: Root, folder: Path) -> int:
    """
    Write the newest book to `book.arrow` in a run's folder and return its version.

    Every batch of the run is split with this copy, also when a batch is retried.

    Raises:
        BookUnreadable: as `read_book` does.
    """
    book = read_book(root)
    write_frame(folder / "book.arrow", book.lines)
    return book.version


def write_book(root: Root, lines: pa.Table, basis: str, now: datetime) -> tuple[int, bool]:
    """
    Commit lines as the newest book, under the lake's lock; do nothing if it is already current.

    Args:
        lines: columns of `CHROME_BOOK` except STAMPS.
        basis: identifies the input the lines were learnt from; the same basis under the same rule
            gives the same book.
    Returns:
        The newest book's version, and whether it is new.
    Raises:
        LakeLocked: a run is landing.
    """
    with hold_lake(root):
        create_tables(root)
        table = open_table(root, CHROME_BOOK)
        basis = f"rule {BOOK_RULE}, {basis}"
        books = (commit for commit in table.history() if BASIS_KEY in commit)  # not fences
        if next(books, {BASIS_KEY: None})[BASIS_KEY] == basis:
            stored = table.to_pyarrow_table(columns=["book_version"])
            return _version_of(stored, table.version()), False
        version = table.version() + 1
        stamps = dict(zip(STAMPS, (version, BOOK_RULE, now), strict=True))
        for name, value in stamps.items():
            kind = CHROME_BOOK.schema().field(name).type
            lines = lines.append_column(name, pa.repeat(pa.scalar(value, kind), len(lines)))
        rows = lines.select(CHROME_BOOK.schema().names).cast(CHROME_BOOK.schema())
        replace_rows(root, CHROME_BOOK, rows, {BASIS_KEY: basis})
        return version, True


def _version_of(lines: pa.Table, table_version: int) -> int:
    """Return a book's version: a fence (`lake.delta.lease`) is a commit too, but not a new book."""
    stamped = pc.max(lines["book_version"]).as_py() if lines.num_rows else None
    return table_version if stamped is None else int(stamped)


def _unreadable(root: Root, cause: str) -> BookUnreadable:
    way_out = (
        f"{cause}. Or move that folder away: pages are then split without a book until "
        "`python -m include tend` has learnt a new one."
    )
    return BookUnreadable("chrome book", table_path(root, CHROME_BOOK), way_out)

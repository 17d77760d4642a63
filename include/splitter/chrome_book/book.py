"""
Look lines up in the chrome book: lines that sites repeat page after page.

A run reads one book at its start; the lines of a batch are looked up all at once. `learn` builds
the book from landed pages.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa

from include.splitter.line_arrays import Bools, Ints, Keys, keys_within
from include.splitter.lines.keys import read_letters

DASH = r"^[-–—]\s+"  # before an outlet's name in an aggregator's block


@dataclass(frozen=True)
class ChromeBook:
    """
    Lines that belong to no story. Arrays of k entries, ordered by key.

    keys: of a line and its outlet, or of a line alone if it applies to all outlets. pages: the
    number of pages each was seen on.
    """

    keys: Keys
    pages: Ints


@dataclass(frozen=True)
class Appearance:
    """
    What a book knows about n lines.

    pages: on how many pages it saw each; 0 if not in the book. here: the entry is the outlet's own.
    """

    pages: Ints
    here: Bools


EMPTY_BOOK = ChromeBook(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def open_book(lines: pa.Table) -> ChromeBook:
    """
    Make a book ready for look-ups.

    Args:
        lines: columns outlet (null: whole corpus), text and pages. The book stores text and is
            hashed here, so that keys always match those of the running splitter.
    """
    rows = pl.DataFrame(lines.select(["outlet", "text", "pages"]))
    keys = keys_within(_key_lines(rows["text"]), key_outlets(rows["outlet"]))
    pages = rows["pages"].to_numpy().astype(np.int64)
    order = np.lexsort((-pages, keys))
    keys, first = np.unique(keys[order], return_index=True)  # of two spellings, the more frequent
    return ChromeBook(keys, pages[order][first])


def look_up(
    book: ChromeBook,
    looked: pl.DataFrame,
    names_outlet: Bools,
    page_outlets: pl.DataFrame | None = None,
) -> Appearance:
    """
    Look up every line of a batch: as a line of its page's outlet first, then of any outlet.

    Args:
        looked: n lines, columns page, text and key. names_outlet: n; lines that name an outlet.
        page_outlets: page and outlet, for pages delivered with one; it takes precedence over
            the outlet a page names.
    """
    if not len(book.keys):
        return Appearance(np.zeros(len(looked), dtype=np.int64), np.zeros(len(looked), dtype=bool))
    key, outlet = looked["key"].to_numpy(), _page_outlets(looked, names_outlet, page_outlets)
    anywhere = _find(book, key)
    own = np.where(outlet > 0, _find(book, keys_within(key, outlet)), 0)
    return Appearance(np.where(own > 0, own, anywhere), own > 0)


def _page_outlets(
    looked: pl.DataFrame, names_outlet: Bools, page_outlets: pl.DataFrame | None
) -> Keys:
    """Give each line its page's outlet key: the delivered one, or the only one named; else 0."""
    named = looked.select("page", "text").filter(names_outlet)
    names = named.select("page", name=key_outlets(named["text"].str.replace(DASH, "")))
    outlet_of_page = names.unique().filter(pl.len().over("page") == 1)
    if page_outlets is not None and len(page_outlets):
        known_outlets = page_outlets.select(
            "page", name=key_outlets(page_outlets["outlet"].str.replace(DASH, ""))
        )
        outlet_of_page = pl.concat(
            [
                known_outlets.cast(outlet_of_page.schema),
                outlet_of_page.join(known_outlets, on="page", how="anti"),
            ]
        )
    pages = looked.select("page").join(outlet_of_page, on="page", how="left", maintain_order="left")
    return pages["name"].fill_null(0).to_numpy()


def _find(book: ChromeBook, keys: Keys) -> Ints:
    """Give the page count of each key; 0 if the book does not have it."""
    at = np.minimum(np.searchsorted(book.keys, keys), len(book.keys) - 1)
    return np.where(book.keys[at] == keys, book.pages[at], 0)


def _key_lines(texts: pl.Series) -> Keys:
    return read_letters(texts)["key"].to_numpy()


def key_outlets(names: pl.Series) -> Keys:
    """Hash outlet names, ignoring case and white space; 0 for null."""
    return np.where(names.is_null().to_numpy(), 0, _key_lines(names.fill_null("")))

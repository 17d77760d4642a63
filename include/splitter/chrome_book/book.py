"""
The chrome book in use: lines that sites repeat page after page, and on how many they were seen.

A run reads one book at its start; the lines of a batch are looked up all at once. How a book is
learnt from landed pages stands in `learn`.
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
    Lines that are no story's. Arrays of k entries, in order of the keys.

    keys: of the line and its outlet together, of the line alone where it holds for all outlets.
    pages: on how many pages each was seen.
    """

    keys: Keys
    pages: Ints


@dataclass(frozen=True)
class Appearance:
    """
    What a book knows of n lines.

    pages: on how many pages it saw each; 0: not in the book. here: these are of the line's outlet.
    """

    pages: Ints
    here: Bools


EMPTY_BOOK = ChromeBook(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64))


def open_book(lines: pa.Table) -> ChromeBook:
    """
    Make a book ready for look-ups.

    Args:
        lines: columns outlet (null: whole corpus), text and pages. The text itself is kept and
            hashed here, so that it always meets the key of the splitter that reads it.
    """
    rows = pl.DataFrame(lines.select(["outlet", "text", "pages"]))
    keys = keys_within(_key_lines(rows["text"]), key_outlets(rows["outlet"]))
    pages = rows["pages"].to_numpy().astype(np.int64)
    order = np.lexsort((-pages, keys))
    keys, first = np.unique(keys[order], return_index=True)  # two spellings: the more frequent
    return ChromeBook(keys, pages[order][first])


def look_up(
    book: ChromeBook,
    looked: pl.DataFrame,
    names_outlet: Bools,
    page_outlets: pl.DataFrame | None = None,
) -> Appearance:
    """
    Look every line of a batch up: as a line of its page's outlet first, then of any.

    Args:
        looked: n lines, columns page, text and key. names_outlet: n; lines that name an outlet.
        page_outlets: page and outlet, of pages that came with one; it counts
            before what a page names.
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
    """Give each line the key of its page's outlet: the given, or the only one it names; else 0."""
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
    """Give the pages that stand beside each key; 0 where the book does not have it."""
    at = np.minimum(np.searchsorted(book.keys, keys), len(book.keys) - 1)
    return np.where(book.keys[at] == keys, book.pages[at], 0)


def _key_lines(texts: pl.Series) -> Keys:
    return read_letters(texts)["key"].to_numpy()


def key_outlets(names: pl.Series) -> Keys:
    """Give the key of each outlet's name, however it is spelt in case and blanks; 0 for null."""
    return np.where(names.is_null().to_numpy(), 0, _key_lines(names.fill_null("")))

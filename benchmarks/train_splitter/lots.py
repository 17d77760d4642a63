"""Labelled lines in the arrays that training takes: whole pages at a time."""

from dataclasses import dataclass

import numpy as np

from include.splitter.boundaries.cut_points import Points
from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.segments import Segments
from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import keys_within, page_bounds
from include.splitter.model.line_classifier import Reading


@dataclass(frozen=True)
class Lot:
    """
    n labelled lines of whole pages, numbered from 0.

    matrix: n × d features. page, size: n. kind: n, index into CLASSES. start: n bools.
    gold_story: n, the gold story's number on its page, -1 for none. weight: how much the lot counts
    in training. One per page: page_rows, from `describe_page_kinds`; group, equal if the publisher
    or text is; counts, the page's weight when the forest of pages is fitted.
    """

    matrix: np.ndarray
    page: np.ndarray
    size: np.ndarray
    kind: np.ndarray
    start: np.ndarray
    gold_story: np.ndarray
    words: Words
    weight: float
    page_rows: np.ndarray
    group: np.ndarray
    counts: np.ndarray

    @property
    def pages(self) -> int:
        """Count the pages."""
        return int(self.page[-1]) + 1 if len(self.page) else 0

    @property
    def stories(self) -> np.ndarray:
        """Count each page's stories."""
        most = np.full(self.pages, -1)
        np.maximum.at(most, self.page, self.gold_story)
        return most + 1

    @property
    def first(self) -> np.ndarray:
        """Give each line the first line of its page."""
        return page_bounds(self.page)[0]

    @property
    def last(self) -> np.ndarray:
        """Give each line the last line of its page."""
        return page_bounds(self.page)[1]


@dataclass(frozen=True)
class ReadLot:
    """
    A lot, and its lines as classified by networks that have not seen its pages.

    part: each page's fold. page_readings: one row per page, from `describe_page_readings`.
    """

    lot: Lot
    reading: Reading
    part: np.ndarray
    page_readings: np.ndarray


@dataclass(frozen=True)
class PlannedLot:
    """A lot as it was read: its lines of body, its scores as starts, and every plan for it."""

    lot: Lot
    reading: Reading
    body: np.ndarray
    scores: np.ndarray
    plans: list[Decision]


@dataclass(frozen=True)
class SegmentedLot:
    """A lot, the points and segments its pages are cut into, and which segments are one story."""

    lot: Lot
    points: Points
    segments: Segments
    right: np.ndarray
    part: np.ndarray


def pick_pages(lot: Lot, pages: np.ndarray) -> Lot:
    """Give the lot of some of its pages, numbered anew; `pages`: their numbers, or a mask."""
    mask = np.isin(lot.page, np.flatnonzero(pages) if pages.dtype == bool else pages)
    page = lot.page[mask]
    fresh = np.cumsum(np.r_[True, page[1:] != page[:-1]][: len(page)]) - 1
    number = np.cumsum(mask) - 1
    kept = mask[lot.words.line]
    own = pages if pages.dtype == bool else np.sort(pages)
    return Lot(
        lot.matrix[mask], fresh, lot.size[mask], lot.kind[mask], lot.start[mask],
        lot.gold_story[mask],
        Words(
            lot.words.key[kept], number[lot.words.line[kept]], lot.words.site[kept],
            lot.words.word[kept],
        ),
        lot.weight, lot.page_rows[own], lot.group[own], lot.counts[own],
    )  # fmt: skip


def join_lots(lots: list[Lot]) -> Lot:
    """Give several lots of one weight as one; pages are numbered on, groups stay as they are."""
    pages = np.cumsum([0, *(lot.pages for lot in lots)])
    lines = np.cumsum([0, *(len(lot.page) for lot in lots)])

    def join(part: str) -> np.ndarray:
        return np.concatenate([getattr(lot, part) for lot in lots])

    page = np.concatenate([lot.page + at for lot, at in zip(lots, pages, strict=False)])
    line = np.concatenate([lot.words.line + at for lot, at in zip(lots, lines, strict=False)])
    word, site = (
        np.concatenate([getattr(lot.words, part) for lot in lots]) for part in ("word", "site")
    )
    key = keys_within(word, page[line])
    order = np.argsort(key, kind="stable")
    return Lot(
        join("matrix"), page, join("size"), join("kind"), join("start"), join("gold_story"),
        Words(key[order], line[order], site[order], word[order]), lots[0].weight,
        join("page_rows"), join("group"), join("counts"),
    )  # fmt: skip

"""
Find the lines that name a story's writer: beside its date, below a lone «By», in a feed, or below
the story.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import Any

import polars as pl

from include.given_names import read_given_names
from include.splitter.stories.bylines import (
    has_title,
    is_name,
    read_names,
    without_degrees,
    without_reading_time,
)
from include.splitter.stories.places import FOOT, Place, story_of

LINE_CHARS = 160  # longer lines are not bylines or datelines
SEARCHED_LINES = 500  # before and after a name, for another mention; bounded to keep time linear
OPEN = ("other", "deck", "subhead", "navigation", "promo", "widget", "share", "credit")
Row = dict[str, Any]
SIGN_ALONE = (  # the name stands on the next line
    r"(?i)^\W*(?:(?:\w+ )?by|von|par|por|di|av|af|door|author|autor(?:in)?|auteur|autore"
    r"|autora|texte?|texto|about the (?:author|writer)|über (?:den autor|die autorin)|autoren)\W*$"
)
LABELLED = (  # «Text: Ida Marrow»
    r"(?:^|[\s|•·(])(?i:author|autor(?:in)?|auteur|autore|autora|redakteur(?:in)?|texte?|texto|testo"
    r"|tekst|текст|автор|words|story|written by|reporting by|by|von|par|por)\s?[:：]?\s\p{Lu}"
)
FEED = re.compile(  # «Fri, 25 Sep 2015 14:26:40 +0000», «2016-03-15T02:49:01+11:00»
    r"\s*(?:[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]{1,4})"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\s*"
)
FEED_STAMPS = 3  # stamps above a line from which a line that is no name counts as an author
FEED_CHARS = 40  # longest such line
FEED_ROLES = (*OPEN, "byline", "list", "tags", "headline")
UNSIGNED = (*OPEN, "byline")
NOT_NAMES = ("body", "list", "headline", "table", "correction", "paywall")
BULLETS = " •*-–—"
RECURS = 3  # fewest lines of a page with the same name, if they sign its entries


@dataclass(frozen=True)
class Texts:
    """The pieces of a lot as lists; a frame would be sliced for each date, at half the time."""

    page: list[int]
    role: list[str]
    text: list[str]


@dataclass(frozen=True)
class Sign:
    """A piece that dates or signs a story: its index, the story, and its new role."""

    at: int
    story: int
    role: str


@dataclass(frozen=True)
class Dated:
    """
    The lines of a page that date or sign a story, by piece index.

    kinds: dateline or sign. stories: the story of each. taken: pieces that have a new role already.
    """

    kinds: dict[int, str]
    stories: dict[int, int]
    taken: set[int]


def find_recurring(numbered: pl.DataFrame) -> pl.Series:
    """
    Find the lines that hold a name and nothing else, RECURS times or more on their page.

    Labels of sections look the same, so none of a name's words may occur in lower case on the page.

    Args:
        numbered: columns i, page, text, role.
    """
    text = pl.col("text")
    shaped = text.str.contains(r"^\p{Lu}[^\d\s]+(?:\s[^\d\s]+){1,3}$")
    plain = numbered.filter(
        pl.col("role").is_in(OPEN) & (text.str.len_chars() <= FEED_CHARS) & shaped
    )
    often = plain.filter(pl.len().over("page", "text") >= RECURS)
    often = often.filter(pl.Series(map(is_name, often["text"]), dtype=pl.Boolean))
    if often.is_empty():
        return often["i"]
    pages = numbered.filter(pl.col("page").is_in(often["page"].unique().implode()))
    words = pages.group_by("page").agg(text.str.join(" "))
    by_page = {page: set(whole.split()) for page, whole in words.iter_rows()}
    named = [
        by_page[page].isdisjoint(line.lower().split())
        for page, line in often.select("page", "text").iter_rows()
    ]
    return often["i"].filter(pl.Series(named, dtype=pl.Boolean))


def _recurring_names(near: list[Row], places: list[Place]) -> list[Sign]:
    """Give the names that recur between a page's entries to the entries below them."""
    name_rows = [row for row in near if row["role"] in OPEN and is_name(row["text"])]
    times = Counter(row["text"] for row in name_rows)
    return [
        Sign(row["i"], place.story, "byline")
        for row in name_rows
        if times[row["text"]] >= RECURS and (place := story_of(row["i"], places, below=False))
    ]


def find_names(
    pieces: Texts, near: list[Row], dated: Dated, places: list[Place], named: set[int]
) -> list[Sign]:
    """
    Find a page's bylines, one per story that has none.

    Args:
        near: lines near stories that may sign or date. named: stories that have a byline.
    """
    signs: list[Sign] = []
    named = set(named)
    for bylines in (
        _feed_names(pieces, near, dated.stories),
        _names_beside(pieces, dated, named),
        _recurring_names(near, places),
        _names_below(pieces, near, places),
    ):
        new = [sign for sign in bylines if sign.story not in named]
        named |= {sign.story for sign in new}
        signs += new
    return signs


def _feed_names(pieces: Texts, near: list[Row], stories: dict[int, int]) -> list[Sign]:
    """
    Find the authors of a feed's entries: the line directly below an entry's timestamp.

    A person's name always counts; another short line, only below FEED_STAMPS timestamps or more.
    """
    below: dict[int, str] = {}
    for row in near:
        at, page = row["i"], row["page"]
        if not FEED.fullmatch(row["text"]) or at + 1 >= len(pieces.page) or at not in stories:
            continue
        is_near = pieces.page[at + 1] == page and pieces.role[at + 1] in FEED_ROLES
        if is_near and len(pieces.text[at + 1]) <= FEED_CHARS:
            below[at + 1] = pieces.text[at + 1]
    times = Counter(below.values())
    return [
        Sign(at, stories[at - 1], "byline")
        for at, line in below.items()
        if is_name(line) or times[line] >= FEED_STAMPS
    ]


def _names_below(pieces: Texts, near: list[Row], places: list[Place]) -> list[Sign]:
    """Find the names directly below stories, labelled or below a lone «By»."""
    signs = []
    for row in near:
        place = story_of(row["i"], places, below=True)
        if place is None or row["i"] > place.last + FOOT // 2:
            continue
        at = row["i"]
        if re.match(SIGN_ALONE, row["text"]):
            at = _name_beside(pieces, at, "sign")
        elif read_names(row["text"], frozenset()) is None or row["role"] not in UNSIGNED:
            at = None
        if at is not None:
            signs.append(Sign(at, place.story, "byline"))
    return signs


def _names_beside(pieces: Texts, dated: Dated, named: set[int]) -> list[Sign]:
    """Find names beside dates and lone «By»s, one per story that has no byline yet."""
    signs, named = [], set(named)
    for at, story in dated.stories.items():
        name = None if story in named else _name_beside(pieces, at, dated.kinds[at])
        if name is not None and name not in dated.taken:
            named.add(story)
            signs.append(Sign(name, story, "byline"))
    return signs


def _name_beside(pieces: Texts, at: int, kind: str) -> int | None:
    """Find the piece beside a date, or below a lone «By», that names a person."""
    steps = (1,) if kind == "sign" else (-1, 1, -2, 2)
    for here in (at + step for step in steps):
        if not 0 <= here < len(pieces.page) or pieces.page[here] != pieces.page[at]:
            continue
        role, text = pieces.role[here], pieces.text[here]
        has_other_role = role in NOT_NAMES if kind == "sign" else role not in OPEN
        if has_other_role or len(text) > LINE_CHARS:
            continue
        if kind == "sign":
            is_person = is_name(without_degrees(text))
        else:
            is_person = _is_confirmed_name(pieces, here, text)
        if is_person:
            return here
    return None


def _is_confirmed_name(pieces: Texts, at: int, text: str) -> bool:
    """
    Return whether a line names a person: it has «By» or a title, begins with a common given name,
    or the name recurs nearby.
    """
    bare = without_reading_time(text).strip()
    if read_names(bare, frozenset(), is_name=has_title(bare)) is not None:
        return True
    if not is_name(bare):
        return False
    if bare.split()[0].casefold() in read_given_names():
        return True
    if at + 1 < len(pieces.text) and has_title(f" {pieces.text[at + 1]}"):
        return True
    page = pieces.page[at]
    low = bisect_left(pieces.page, page, max(0, at - SEARCHED_LINES), at)
    high = bisect_right(pieces.page, page, at, min(at + SEARCHED_LINES, len(pieces.page)))
    near = (text for text in pieces.text[low:high] if bare in text)
    return sum(text.lstrip(BULLETS).startswith(bare) for text in near) > 1

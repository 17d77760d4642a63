"""
Find the lines that sign and date a story.

Runs after stories are cut and moves no headline, paragraph or boundary. A line near a story's head
that holds a date and little else becomes its dateline, whatever role it had before.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from include.splitter.roles.reasons import REASONS
from include.splitter.stories.bylines import (
    has_title,
    is_name,
    label_before,
    read_names,
    without_reading_time,
)
from include.splitter.stories.dates import CLOCK, MAY_HOLD, read_dates
from include.splitter.stories.places import Place, place_stories

LINE_CHARS = 160  # longer lines are not bylines or datelines
LEFT_LETTERS = 24  # a dateline may hold besides date and time: «December 21, 2023 report»
REACH = 5  # lines between a date and the headline below it
FOOT = 8  # lines between a story and its date, on pages that put dates below stories
WITNESS = 500  # lines searched around a name for another mention; bounded to keep time linear
OPEN = ("other", "deck", "subhead", "navigation", "promo", "widget", "share", "credit")
Row = dict[str, Any]
SIGN_ALONE = r"(?i)^\W*(?:by|von|par|por|di|av|af|door)\W*$"


@dataclass(frozen=True)
class Sign:
    """A piece that dates or signs a story: its index, the story, and its new role."""

    at: int
    story: int
    role: str


def sign_stories(pieces: pl.DataFrame) -> pl.DataFrame:
    """
    Attach datelines and bylines to their stories.

    Args:
        pieces: columns as `cut_pieces` gives them, in page order.
    Returns:
        The same rows, with role, reason and story of those lines updated.
    """
    short = pl.col("text").str.len_chars() <= LINE_CHARS
    fits = pl.col("role").is_in([*OPEN, "dateline", "byline"]) & short
    fits &= pl.col("reason") != REASONS["review"]  # never overrule a person
    speaks = pl.col("text").str.contains(f"{MAY_HOLD}|{SIGN_ALONE}")
    numbered = pieces.with_row_index("i")
    places = place_stories(numbered)
    candidates = numbered.filter(fits & speaks).select("i", "page", "text", "role", "story")
    signs = [
        sign
        for page, rows in groupby(candidates.iter_rows(named=True), key=itemgetter("page"))
        if page in places
        for sign in _sign_page(pieces, list(rows), places[page])
    ]
    if not signs:
        return pieces
    at = pl.Series([sign.at for sign in signs], dtype=pl.UInt32)
    roles = [sign.role for sign in signs]
    stories = pl.Series([sign.story for sign in signs], dtype=pieces["story"].dtype)
    return pieces.with_columns(
        pieces["role"].scatter(at, pl.Series(roles)),
        pieces["reason"].scatter(at, pl.Series([REASONS[role] for role in roles])),
        pieces["story"].scatter(at, stories),
    )


def _sign_page(pieces: pl.DataFrame, rows: list[Row], places: list[Place]) -> list[Sign]:
    """Find a page's signs: dates first, then the names beside them."""
    near = [
        row for row in rows if any(_story_of(row["i"], places, below) for below in (False, True))
    ]
    kinds = {row["i"]: kind for row in near if (kind := _kind(row))}
    below = _dates_below([at for at, kind in kinds.items() if kind == "dateline"], places)
    stories = {at: place.story for at in kinds if (place := _story_of(at, places, below))}
    dates = [
        Sign(row["i"], story, row["role"] if row["role"] == "byline" else "dateline")
        for row in near
        if kinds.get(row["i"]) == "dateline" and (story := stories.get(row["i"])) is not None
        if story != row["story"] or row["role"] in OPEN
    ]
    named = {row["story"] for row in near if row["role"] == "byline"}
    return dates + _name_signs(pieces, kinds, stories, named, {sign.at for sign in dates})


def _name_signs(
    pieces: pl.DataFrame, kinds: dict[int, str], stories: dict[int, int], named: set[int],
    taken: set[int],
) -> list[Sign]:  # fmt: skip
    """Find names beside dates and lone «By»s, one per story that has no byline yet."""
    signs, named = [], set(named)
    for at, story in stories.items():
        name = None if story in named else _name_beside(pieces, at, kinds[at])
        if name is not None and name not in taken:
            named.add(story)
            signs.append(Sign(name, story, "byline"))
    return signs


def _kind(row: Row) -> str | None:
    """Classify a line by its words: dateline (a date and little else), sign («By»), or None."""
    if not any(letter.isdecimal() for letter in row["text"]):
        return "sign"
    dates = read_dates(row["text"])
    if not dates:
        return None
    already_signs = row["role"] in ("dateline", "byline")
    return "dateline" if already_signs or is_date_line(row["text"]) else None


def is_date_line(line: str) -> bool:
    """Return whether a line is a dateline: it says «published», or holds little but a date."""
    dates = read_dates(line)
    if not dates:
        return False
    if label_before(line[: dates[0].start]):
        return True
    rest = CLOCK.sub(" ", without_reading_time(without_dates(line)))
    return sum(letter.isalpha() for letter in rest) <= LEFT_LETTERS


def without_dates(line: str) -> str:
    """Replace each date, with the time of day beside it, by a bar."""
    for date in reversed(read_dates(line)):
        line = f"{line[: date.start]} | {line[date.end :]}"
    return line


def _dates_below(dated: list[int], places: list[Place]) -> bool:
    """Return whether a page dates stories below them: none above the first, one below the last."""
    first, last = places[0], places[-1]
    above = any(at < first.opened for at in dated)
    under = any(last.last < at <= last.last + FOOT for at in dated)
    return len(places) > 1 and not above and under


def _story_of(at: int, places: list[Place], below: bool) -> Place | None:
    """Give the story that a date at this index belongs to, or None."""
    next_ = bisect_left(places, at, key=lambda place: place.opened)
    place = places[next_] if next_ < len(places) else None
    above = places[next_ - 1] if next_ else None
    if below:
        return above if above and above.last < at <= above.last + FOOT else None
    if place is None or (above and at <= above.last):
        return None
    return place if place.head - at <= REACH else None


def _name_beside(pieces: pl.DataFrame, at: int, kind: str) -> int | None:
    """Find the piece beside a date, or below a lone «By», that names a person."""
    steps = (1,) if kind == "sign" else (-1, 1, -2, 2)
    begin = max(0, at - 2)
    beside = pieces.slice(begin, at + 4 - begin).select("page", "role", "text").rows()
    page = beside[at - begin][0]
    for step in steps:
        here = at - begin + step
        if not 0 <= here < len(beside) or beside[here][0] != page:
            continue
        role, text = beside[here][1:]
        if role not in OPEN or len(text) > LINE_CHARS:
            continue
        below = beside[here + 1][2] if here + 1 < len(beside) else ""
        if is_name(text) if kind == "sign" else _is_known_name(pieces, begin + here, text, below):
            return begin + here
    return None


def _is_known_name(pieces: pl.DataFrame, at: int, text: str, below: str) -> bool:
    """Return whether a line names a person: it has «By» or a title, or the name recurs nearby."""
    bare = without_reading_time(text).strip()
    if read_names(bare, frozenset(), is_name=has_title(bare)) is not None:
        return True
    if not is_name(bare):
        return False
    if has_title(f" {below}"):
        return True
    around = pieces.slice(max(0, at - WITNESS), 2 * WITNESS).filter(
        pl.col("page") == pieces["page"][at]
    )
    heads = around["text"].str.strip_chars_start(" •*-–—")
    return int(heads.str.starts_with(bare).sum()) > 1

"""
Find the lines that sign and date a story.

Runs after stories are cut and moves no headline, paragraph or boundary. A line near a story's head
that holds a date and little else becomes its dateline, whatever role it had before.
"""

import re
from itertools import groupby
from operator import itemgetter

import polars as pl

from include.splitter.lines.patterns import contains
from include.splitter.roles.reasons import REASONS
from include.splitter.stories.bylines import label_before, without_reading_time
from include.splitter.stories.dates import CLOCK, MAY_HOLD, read_dates
from include.splitter.stories.places import FOOT, Place, place_stories, story_of
from include.splitter.stories.signed_names import (
    LABELLED,
    LINE_CHARS,
    OPEN,
    SIGN_ALONE,
    Dated,
    Row,
    Sign,
    Texts,
    find_names,
    find_recurring,
)

LEFT_LETTERS = 24  # a dateline may hold besides date and time: «December 21, 2023 report»


def sign_stories(pieces: pl.DataFrame) -> pl.DataFrame:
    """
    Attach datelines and bylines to their stories.

    Args:
        pieces: columns as `cut_pieces` gives them, in page order.
    Returns:
        The same rows, with role, reason and story of those lines updated.
    """
    numbered = pieces.with_row_index("i")
    places = place_stories(numbered)
    short = numbered.select("i", "page", "text", "role", "story").filter(
        (pieces["text"].str.len_chars() <= LINE_CHARS)
        & pieces["role"].is_in([*OPEN, "dateline", "byline", "body"])
        & (pieces["reason"] != REASONS["review"])  # never overrule a person
    )
    fits = (short["role"] != "body") | contains(short["text"], SIGN_ALONE)
    speaks = contains(short["text"], f"{MAY_HOLD}|{SIGN_ALONE}|{LABELLED}")
    recurs = short["i"].is_in(find_recurring(numbered).implode())
    candidates = short.filter(fits & (speaks | recurs) & short["page"].is_in(list(places)))
    if candidates.is_empty():
        return pieces
    texts = Texts(*(pieces[name].to_list() for name in ("page", "role", "text")))
    signs = [
        sign
        for page, rows in groupby(candidates.iter_rows(named=True), key=itemgetter("page"))
        for sign in _sign_page(texts, list(rows), places[page])
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


def _sign_page(pieces: Texts, rows: list[Row], places: list[Place]) -> list[Sign]:
    """Find a page's signs: dates first, then the names beside them."""
    near = [
        row for row in rows if any(story_of(row["i"], places, below) for below in (False, True))
    ]
    kinds = {row["i"]: kind for row in near if (kind := _kind(row))}
    below = _dates_below([at for at, kind in kinds.items() if kind == "dateline"], places)
    stories = {at: place.story for at in kinds if (place := story_of(at, places, below))}
    dates = [
        Sign(row["i"], story, row["role"] if row["role"] == "byline" else "dateline")
        for row in near
        if kinds.get(row["i"]) == "dateline" and (story := stories.get(row["i"])) is not None
        if story != row["story"] or row["role"] in OPEN
    ]
    named = {row["story"] for row in near if row["role"] == "byline"}
    taken = {sign.at for sign in dates}
    return dates + find_names(pieces, near, Dated(kinds, stories, taken), places, named)


def _kind(row: Row) -> str | None:
    """Classify a line by its words: dateline (a date and little else), sign («By»), or None."""
    if re.match(SIGN_ALONE, row["text"]):
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

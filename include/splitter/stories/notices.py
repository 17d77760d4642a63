"""
Attach notices to the stories they are about: paywalls, links to the rest, corrections, contacts,
author boxes.

Runs after stories are cut and moves no headline, paragraph or boundary. A notice that is attached
becomes part of its story, where the rules on stories read it; any other stays chrome.
"""

from bisect import bisect_right
from itertools import groupby
from operator import itemgetter

import polars as pl

from include.splitter.roles.reasons import REASONS
from include.splitter.stories.dates import MAY_HOLD
from include.splitter.stories.places import Place, place_stories

BELOW = {  # most lines between a story's last line and its notice, by role
    "paywall": 6,
    "correction": 8,
    "dateline": 8,
    "read_more": 2,
    "contact": 8,
    "author": 4,
}
# most lines between a notice and its story's first line below it
ABOVE = {"paywall": 3, "correction": 3, "dateline": 3, "read_more": 0, "contact": 0, "author": 3}
KINDS = {
    REASONS["paywall"]: "paywall",
    REASONS["correction"]: "correction",
    REASONS["more"]: "read_more",
    REASONS["first"]: "dateline",
    REASONS["contact"]: "contact",
    REASONS["author"]: "author",
}


def attach_notices(pieces: pl.DataFrame) -> pl.DataFrame:
    """
    Give each notice the story that it is about, and the role that says what it is.

    A notice is about the story it stands in, else the one just above it, else the one just below.

    Args:
        pieces: columns as `cut_pieces` gives them, in page order.
    """
    numbered = pieces.with_row_index("i")
    notices = numbered.filter(pl.col("reason").is_in(list(KINDS)))
    dates = (pl.col("reason") != REASONS["first"]) | pl.col("text").str.contains(MAY_HOLD)
    notices = notices.filter(dates)
    if notices.is_empty():
        return pieces
    pages = notices["page"].unique()
    places = place_stories(numbered.filter(pl.col("page").is_in(pages.implode())))
    attached = [
        (at, kind, story)
        for page, rows in groupby(notices.select("page", "i", "reason").iter_rows(), itemgetter(0))
        for _, at, reason in rows
        if (kind := KINDS[reason])
        and (story := _story_of(at, kind, places.get(page, []))) is not None
    ]
    at = pl.Series([row[0] for row in attached], dtype=pl.UInt32)
    roles = pl.Series([row[1] for row in attached], dtype=pl.String)
    stories = pl.Series([row[2] for row in attached], dtype=pieces["story"].dtype)
    return pieces.with_columns(
        pieces["role"].scatter(at, roles), pieces["story"].scatter(at, stories)
    )


def _story_of(at: int, kind: str, places: list[Place]) -> int | None:
    """Give the story that a notice at this index is about, or None."""
    next_ = bisect_right(places, at, key=lambda place: place.head)
    above = places[next_ - 1] if next_ else None
    below = places[next_] if next_ < len(places) else None
    if above and at - above.last <= BELOW[kind] and (kind != "read_more" or at > above.last):
        return above.story
    if below and below.head - at <= ABOVE[kind]:
        return below.story
    return None

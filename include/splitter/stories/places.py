"""
Locate the stories of a page among its pieces, for what is attached to them once they are cut.
"""

from bisect import bisect_left
from dataclasses import dataclass

import polars as pl

from include.splitter.stories.assemble import BODY, PARTS

REACH = 5  # lines between a date and the headline below it
FOOT = 8  # lines between a story and its date, on pages that put dates below stories
OPENERS = 2  # paragraphs that may precede the date: a deck classified as body


@dataclass(frozen=True)
class Place:
    """A story's piece indices: first part, first body, body after OPENERS paragraphs, last body."""

    story: int
    head: int
    body: int
    opened: int
    last: int


def place_stories(numbered: pl.DataFrame) -> dict[int, list[Place]]:
    """Map each page to its stories that have a body, in page order."""
    is_body = pl.col("role").is_in(BODY)
    body = pl.col("i").filter(is_body)
    spans = (
        numbered.filter((pl.col("story") >= 0) & pl.col("role").is_in(PARTS))
        .group_by("page", "story", maintain_order=True)
        .agg(
            head=pl.col("i").first(),
            body=body.first(),
            opened=body.gather(pl.min_horizontal(OPENERS, body.len() - 1)).first(),
            last=body.last(),
        )
        .filter(pl.col("body").is_not_null())
        .sort("body")
    )
    places: dict[int, list[Place]] = {}
    for page, *place in spans.iter_rows():
        places.setdefault(page, []).append(Place(*place))
    return places


def story_of(at: int, places: list[Place], below: bool) -> Place | None:
    """Give the story that a date at this index belongs to, or None; `below`: dates stand below."""
    next_ = bisect_left(places, at, key=lambda place: place.opened)
    place = places[next_] if next_ < len(places) else None
    above = places[next_ - 1] if next_ else None
    if below:
        return above if above and above.last < at <= above.last + FOOT else None
    if place is None or (above and at <= above.last):
        return None
    return place if place.head - at <= REACH else None

"""
Locate the stories of a page among its pieces, for what is attached to them once they are cut.
"""

from dataclasses import dataclass

import polars as pl

from include.splitter.stories.assemble import BODY, PARTS

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

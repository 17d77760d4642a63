"""Whole pages are described in whole numbers, each by its own lines only."""

import numpy as np
import polars as pl

from include.splitter.features.cohesion import find_words
from include.splitter.features.features import describe_lines
from include.splitter.features.page_kind import EVEN, add_page_scores, describe_page_kinds
from include.splitter.features.page_words import Sections, share_words
from include.splitter.line_arrays import find_ground
from include.splitter.lines.appearance import describe_appearance
from include.splitter.lines.inline_chrome import find_inline
from include.splitter.lines.lines import find_lines
from include.splitter.roles.roles import name_roles
from include.splitter.roles.start_signs import weigh_lines

TOWNS = ("harbour", "chapel", "orchard", "viaduct")
BRIEFS = "\n\n".join(
    f"News from the {town}\n\n12 March 2026\n\nThe {town} was closed on Monday. A spokesman of the "
    f"{town} said that the {town} would open again when the weather is better."
    for town in TOWNS
)
ARTICLE = "\n\n".join(
    f"What the council says of part {part}\n\nThe council wants to close the harbour, and the "
    "council has asked the harbour's owners for their plans. The owners have not answered it yet."
    for part in range(4)
)


def describe(*texts: str) -> np.ndarray:
    """Give one row per page."""
    pages = pl.DataFrame(
        {"page": range(len(texts)), "text": list(texts)},
        schema={"page": pl.UInt32, "text": pl.String},
    )
    looked = describe_appearance(find_lines(pages))
    roles = name_roles(looked, find_inline(looked).appeals)
    ground = find_ground(looked["page"].to_numpy())
    evidence = weigh_lines(looked, roles, ground.page, ground.first, ground.last)
    words = find_words(looked)
    table = describe_lines(looked, roles, evidence, ground, words)
    return describe_page_kinds(looked, roles, table, words, ground)


def test_a_page_is_described_alike_alone_and_in_a_batch() -> None:
    together = describe(BRIEFS, "One line.", ARTICLE)
    alone = np.vstack([describe(text) for text in (BRIEFS, "One line.", ARTICLE)])
    assert together.dtype == np.int64
    assert together.tolist() == alone.tolist()


def test_no_page_has_no_row() -> None:
    assert len(describe()) == 0


def test_a_score_becomes_quarters_around_even_odds() -> None:
    page = np.array([0, 0, 1, 2])
    column = add_page_scores({}, np.array([0, 4096, -(10**6)]), page)["several"]
    assert column.tolist() == [EVEN, EVEN, EVEN + 4, 0]


def test_sections_of_one_article_share_more_words_than_briefs() -> None:
    def share_above(text: str) -> int:
        lines = text.split("\n\n")
        looked = pl.DataFrame(
            {"page": np.zeros(len(lines), np.uint32), "text": lines},
        ).with_columns(size=pl.col("text").str.len_chars())
        per = len(lines) // 4
        of = np.arange(len(lines)) // per
        chars = np.bincount(of, looked["size"].to_numpy()).astype(np.int64)
        first = np.arange(4) == 0
        cut = Sections(of, np.zeros(4, np.int64), chars, chars, np.ones(4, bool), first)
        shares = share_words(find_words(looked), np.ones(len(lines), bool), cut, 1)
        return int(shares[0][0])

    assert share_above(ARTICLE) > share_above(BRIEFS)

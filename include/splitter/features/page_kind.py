"""
Describe whole pages, so that one article with sub-headings can be told from several stories.

A section runs from one heading that has text below it to the next. There is one row of whole
numbers per page. Nothing is decided here; the forest `page` scores the rows.
"""

import numpy as np
import polars as pl

from include.splitter.features.cohesion import Words
from include.splitter.features.page_words import PARTS, Sections, share_words, total_of_page
from include.splitter.line_arrays import (
    SHARES,
    Bools,
    Ground,
    Ints,
    Table,
    after,
    before,
    in_steps,
    run_ids,
)
from include.splitter.lines.patterns import contains
from include.splitter.model.forest import VALUE_STEPS
from include.splitter.roles.reasons import ROLE
from include.splitter.roles.roles import Roles

LONG = 200  # fewest characters of a section that may be a story
EVEN = 32  # the feature's value at even odds
LEAD_CHARS = 60  # of a paragraph's opening, searched for a date or a label
DATED = r"^\W{0,3}(\p{L}{2,10},?\s)?\d{1,2}[./ :-]"
LABELLED = r"^[^.!?]{3,40}:\s"
BETWEEN = ("byline", "dateline", "credit", "caption", "tags")  # roles between heading and text
COUNTED = ("byline", "dateline", "credit", "caption", "related", "comment", "tags")
OF_HEADS = (
    "size", "words", "asks", "numbered", "listed", "titled", "capitals", "quote", "colon", "digits",
    "echo_below", "echo_above", "echo_page", "alike_near", "alike_far", "like_lead_near",
    "like_lead_far", "parted_up", "excess", "gap", "gap_below", "heads_alike", "ends",
)  # fmt: skip
OF_TEXT = (
    "size", "words", "echo_last", "echo_next", "echo_page", "listed", "dated", "timed", "numbered",
    "quote", "gap", "digits", "inner", "url", "excess", "parted_up", "ends", "titled",
)  # fmt: skip
HIGHEST = ("parted_masked", "parted_shaped", "copies", "listing")


def describe_page_kinds(
    looked: pl.DataFrame, roles: Roles, table: Table, words: Words, ground: Ground
) -> Ints:
    """
    Describe every page.

    Args:
        looked: n lines, columns of `describe_appearance`. table: as `describe_lines` returns it.
    Returns:
        One row per page, the pages numbered from 0.
    """
    if not len(looked):
        return np.zeros((0, 1), dtype=np.int64)
    text = roles.prose | roles.spoken
    between = np.isin(roles.role, [ROLE[name] for name in BETWEEN])
    head = find_headings(roles.head_like, roles.prose, text, between, ground)
    cut = cut_sections(head, text, roles.size, ground)
    at, inside = np.flatnonzero(head), np.flatnonzero(text)
    of_head, of_text = ground.page[at], ground.page[inside]
    pages = int(ground.page[-1]) + 1
    columns = [
        *_count_lines(roles, text, head, ground, pages),
        *measure_sections(cut, pages),
        *(mean_of_page(table[name][at], of_head, pages) for name in OF_HEADS),
        _spread(looked["words"].to_numpy()[at].astype(np.int64), of_head, pages),
        *(mean_of_page(table[name][inside], of_text, pages) for name in OF_TEXT),
        *(_highest(table[name], ground.page, pages) for name in HIGHEST),
        *_describe_surroundings(roles, text, head, cut, ground, pages),
        *_describe_openings(looked, inside, of_text, pages),
        *share_words(words, text | head, cut, pages),
        *_describe_title(looked, head, ground, pages),
    ]
    return np.stack(columns, axis=1)


def add_page_scores(table: Table, scores: Ints, page: Ints) -> Table:
    """Add the score of each line's page as a feature: log odds (4096ths) in quarters, 0 to 64."""
    quarters = np.clip(scores * 4 // VALUE_STEPS + EVEN, 0, 2 * EVEN)
    return {**table, "several": quarters[page].astype(np.int16)}


def find_headings(
    head_like: Bools, prose: Bools, text: Bools, between: Bools, ground: Ground
) -> Bools:  # fmt: skip
    """
    Find the heading-like lines directly above text, or one line of a role of BETWEEN above it.

    Args:
        n bools each. text: lines of text; between: lines with a role of BETWEEN.
    """
    below, under = after(text, ground.last), after(text, ground.last, 2)
    return head_like & ~prose & (below | (after(between, ground.last) & under))


def cut_sections(head: Bools, text: Bools, size: Ints, ground: Ground) -> Sections:
    """Cut pages at their headings; text: the lines that a section's length counts."""
    of = run_ids(head | (ground.ids == ground.first))
    count = int(of[-1]) + 1
    page = np.zeros(count, dtype=np.int64)
    page[of] = ground.page
    headed = np.zeros(count, dtype=bool)
    headed[of[head]] = True
    rank = np.cumsum(headed)
    since = np.r_[0, rank][np.searchsorted(page, page)]
    chars = np.bincount(of, np.where(text, size, 0), count).astype(np.int64)
    lines = np.bincount(of, text, count).astype(np.int64)
    return Sections(of, page, chars, lines, headed, headed & (rank - since == 1))


def mean_of_page(values: np.ndarray, page: Ints, pages: int) -> Ints:
    """Give each page's mean in 512ths; 0 where there is nothing."""
    count = np.maximum(np.bincount(page, minlength=pages), 1)
    return total_of_page(values.astype(np.int64), page, pages) * PARTS // count


def _spread(values: Ints, page: Ints, pages: int) -> Ints:
    """Give each page's variance over its squared mean, in 512ths."""
    count = np.maximum(np.bincount(page, minlength=pages), 1)
    total, squares = total_of_page(values, page, pages), total_of_page(values * values, page, pages)
    return (squares * count - total * total) * PARTS // np.maximum(total * total, 1)


def _highest(values: np.ndarray, page: Ints, pages: int) -> Ints:
    """Give each page's highest value, at least 0."""
    best = np.zeros(pages, dtype=np.int64)
    np.maximum.at(best, page, values.astype(np.int64))
    return best


def _count_lines(roles: Roles, text: Bools, head: Bools, ground: Ground, pages: int) -> list[Ints]:
    """Count lines, headings, text and its characters, and the lines of some roles."""
    page = ground.page
    lines, prose = np.bincount(page, minlength=pages), total_of_page(text, page, pages)
    named = (total_of_page(roles.role == ROLE[name], page, pages) for name in COUNTED)
    return [
        in_steps(lines), in_steps(total_of_page(head, page, pages)), in_steps(prose),
        in_steps(total_of_page(np.where(text, roles.size, 0), page, pages)),
        prose * PARTS // np.maximum(lines, 1), *named, total_of_page(roles.stamped, page, pages),
    ]  # fmt: skip


def measure_sections(cut: Sections, pages: int) -> list[Ints]:
    """Measure how long sections are, how alike in length, and the first and last among them."""
    headed = cut.headed
    page, chars, lines = cut.page[headed], cut.chars[headed], cut.lines[headed]
    count = np.maximum(np.bincount(page, minlength=pages), 1)
    total = np.maximum(total_of_page(chars, page, pages), 1)
    whole = np.maximum(total_of_page(cut.chars, cut.page, pages), 1)
    final = np.r_[page[1:] != page[:-1], True][: len(page)]
    first = cut.opening[headed]

    def against_mean(mask: Bools) -> Ints:
        own = total_of_page(np.where(mask, chars, 0), page, pages)
        return np.minimum(own * count * SHARES // total, 1 << 20)

    return [
        in_steps(total // count), _spread(chars, page, pages),
        _spread(in_steps(chars), page, pages), mean_of_page(lines, page, pages),
        mean_of_page(lines == 1, page, pages), mean_of_page(chars >= LONG, page, pages),
        against_mean(first), against_mean(final),
        total_of_page(np.where(first, lines, 0), page, pages),
        total_of_page(np.where(headed, 0, cut.chars), cut.page, pages) * PARTS // whole,
        _highest(cut.chars, cut.page, pages) * PARTS // whole,
    ]  # fmt: skip


def _describe_surroundings(
    roles: Roles, text: Bools, head: Bools, cut: Sections, ground: Ground, pages: int
) -> list[Ints]:  # fmt: skip
    """Give the shares of headings near, and sections with, a byline, a date, a caption or links."""
    columns = []
    later = cut.headed & ~cut.opening
    page, of_head = cut.page[later], ground.page[head]
    for names in (("byline",), ("dateline",), ("caption",), ("related", "comment")):
        mask = np.isin(roles.role, [ROLE[name] for name in names])
        near = mask | after(mask, ground.last)
        above = ~text
        for step in (1, 2, 3):
            near |= before(mask, ground.first, step).astype(bool) & above
            above &= before(~text, ground.first, step).astype(bool)
        has = np.bincount(cut.of, mask, len(cut.page)) > 0
        columns += [mean_of_page(near[head], of_head, pages), mean_of_page(has[later], page, pages)]
    return columns


def _describe_openings(looked: pl.DataFrame, inside: Ints, of_text: Ints, pages: int) -> list[Ints]:
    """Give the shares of paragraphs that open with a date, and with a label."""
    opening = looked["text"].gather(inside).str.head(LEAD_CHARS)
    masks = (contains(opening, pattern).to_numpy() for pattern in (DATED, LABELLED))
    return [mean_of_page(mask, of_text, pages) for mask in masks]


def _describe_title(looked: pl.DataFrame, head: Bools, ground: Ground, pages: int) -> list[Ints]:
    """Describe the first heading of each page: its size, figures and question mark."""
    at = np.flatnonzero(head)
    page = ground.page[at]
    at = at[np.r_[True, page[1:] != page[:-1]][: len(at)]]
    columns = []
    for values in (looked["size"], looked["digits"] * SHARES, looked["asks"]):
        own = np.zeros(pages, dtype=np.int64)
        own[ground.page[at]] = values.to_numpy()[at].astype(np.int64)
        columns.append(own)
    return columns

"""
Weigh the evidence that a story starts on a line, by signs that work in every language.

Signs are a repeated headline, an aggregator's block, more blank lines than between the page's
paragraphs, a byline or date, and enough prose below. The classifier takes them as features;
`boundaries` acts on one of them directly.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.splitter.line_arrays import Bools, Ints, after, before, last_where, next_where
from include.splitter.roles.reasons import ROLE
from include.splitter.roles.remaining import REACH
from include.splitter.roles.roles import LIST_RUN, Roles

START_AT = 2.0  # points that start a story; the weights below were set on the seeds' layouts
MANY_GAPS = 9  # counts of blank lines are capped here
LONG = 9  # index in SIGNS of «three paragraphs or more below»

SIGNS = (
    ("first prose of the page", 2.0),
    ("its headline stands twice, with only pictures between", 3.0),
    ("an aggregator's block names the outlet", 3.0),
    ("a time of day stands right above it, as in a live blog", 2.0),
    ("more blank lines before it than between paragraphs", 1.0),
    ("a byline or date stands by the headline", 1.0),
    ("a picture stands by the headline", 0.5),
    ("the page's talk had ended before it", 1.0),
    ("two paragraphs or more below", 0.5),
    ("three paragraphs or more below", 0.5),
    ("at most one paragraph below", -1.5),
)


@dataclass(frozen=True)
class Evidence:
    """
    What the rules find on n lines.

    excess: n; blank lines above the line beyond what is usual on its page. signs: n × len(SIGNS);
    those that hold if the line is a headline. points: n; in half points. heads: k lines on which
    the rules alone would start a story.
    """

    excess: Ints
    signs: Bools
    points: Ints
    heads: Ints


def weigh_lines(
    looked: pl.DataFrame, roles: Roles, page: Ints, first: Ints, last: Ints
) -> Evidence:
    """Give the evidence for a start on each line; `first` and `last` as in `page_bounds`."""
    excess = _excess_gap(looked, roles, page, first)
    stop = roles.closes | (roles.head_like & (excess >= 1))
    signs = _signs(roles, first, last, excess, stop)
    points = signs @ np.array([weight for _, weight in SIGNS])
    heads = _choose_starts(roles, first, last, points, signs)
    return Evidence(excess, signs, np.rint(2 * points).astype(np.int64), heads)


def _excess_gap(looked: pl.DataFrame, roles: Roles, page: Ints, first: Ints) -> Ints:
    """Count blank lines above each line beyond what is usual between its page's paragraphs."""
    gap = np.minimum(looked["gap"].to_numpy().astype(np.int64), MANY_GAPS)
    within = roles.prose & before(roles.prose, first) & ~roles.joined
    counts = np.zeros((page[-1] + 1 if len(page) else 0, MANY_GAPS + 1), dtype=np.int64)
    np.add.at(counts, (page[within], gap[within]), 1)
    usual = np.maximum(counts.argmax(axis=1), 1)  # the most frequent gap, at least 1
    return np.where(np.arange(len(page)) > first, gap - usual[page], 0)


def _signs(roles: Roles, first: Ints, last: Ints, excess: Ints, stop: Bools) -> Bools:
    """Give which SIGNS hold for each line if it is a headline: n × len(SIGNS)."""
    ids = np.arange(len(first))
    paragraphs_before = np.r_[0, np.cumsum(roles.prose & ~roles.joined)]
    next_stop = next_where(np.r_[stop[1:], False] if len(stop) else stop, last)
    until = np.where(next_stop >= 0, next_stop + 1, last + 1)
    below = paragraphs_before[np.minimum(until, last + 1)] - paragraphs_before[ids]
    meta = (roles.role == ROLE["byline"]) | (roles.role == ROLE["dateline"])
    picture = roles.role == ROLE["caption"]
    outlet = roles.role == ROLE["credit"]
    prose_before = last_where(before(roles.prose, first), first) >= 0
    ended = _ended(roles, first)
    stamped = before(roles.stamped, first).astype(bool)
    sure = (roles.doubled >= 0) | _near(outlet, first, last, up=True) | stamped
    signs = (
        ~prose_before,
        roles.doubled >= 0,
        _near(outlet, first, last, up=True),
        stamped,
        excess >= 1,
        _near(meta, first, last) | _near(meta, first, last, up=True),
        _near(picture, first, last),
        ended,
        below >= 2,
        below >= 3,
        (below <= 1) & ~sure,
    )
    return np.stack(signs, axis=1)


def _near(mask: Bools, first: Ints, last: Ints, up: bool = False) -> Bools:
    """Return whether a masked line is within REACH lines below (or above)."""
    move = before if up else after
    is_near = np.zeros(len(mask), dtype=bool)
    for steps in range(1, REACH + 1):
        is_near |= move(mask, first if up else last, steps).astype(bool)
    return is_near


def _ended(roles: Roles, first: Ints) -> Bools:
    """Return whether a closing line or a list of links has occurred since the last prose."""
    ender = roles.closes | (roles.listing >= LIST_RUN)
    ender_at = last_where(before(ender, first).astype(bool), first)
    prose_at = last_where(before(roles.prose, first).astype(bool), first)
    return (ender_at >= 0) & (ender_at > prose_at) & (prose_at >= 0)


def _choose_starts(roles: Roles, first: Ints, last: Ints, points: np.ndarray, signs: Bools) -> Ints:
    """
    Choose each story's first line, at most one between two lines of prose.

    Returns:
        k ascending line indices: headlines, or a page's first prose if it has no headline.
    """
    ids = np.arange(len(first))
    to_prose = next_where(roles.prose, last)
    able = roles.head_like & (to_prose >= 0) & ((points >= START_AT) | signs[:, 0])
    nearness = 0.1 * np.minimum(to_prose - ids, 20)
    in_list = np.where((roles.listing >= LIST_RUN) & ~signs[:, 2], 1.0, 0.0)
    worth = np.where(able, points - nearness - in_list, -np.inf)
    best = np.full(len(first) + 1, -np.inf)
    np.maximum.at(best, to_prose[able], worth[able])
    heads = np.flatnonzero(able & (worth == best[to_prose]))
    heads = heads[np.unique(to_prose[heads], return_index=True)[1]]  # ties: the upper line
    first_prose = ids[
        roles.prose & (last_where(before(roles.prose, first).astype(bool), first) < 0)
    ]
    bare = first_prose[~np.isin(first_prose, to_prose[heads])]
    return np.sort(np.r_[heads, bare])


def find_small_tails(roles: Roles, evidence: Evidence, last: Ints) -> Bools:
    """
    Find headings of small print: set off by blank lines, with at most two paragraphs below before
    the page's text ends.
    """
    paragraphs_before = np.r_[0, np.cumsum(roles.prose & ~roles.joined)]
    stop = roles.closes | (roles.head_like & (evidence.excess >= 1))
    next_stop = next_where(np.r_[stop[1:], False] if len(stop) else stop, last)
    at_end = (next_stop < 0) | roles.closes[np.minimum(next_stop + 1, len(stop) - 1)]
    until = np.where(next_stop >= 0, next_stop + 1, last + 1)
    below = paragraphs_before[np.minimum(until, last + 1)] - paragraphs_before[np.arange(len(last))]
    return roles.head_like & (evidence.excess >= 1) & at_end & (below <= 2)

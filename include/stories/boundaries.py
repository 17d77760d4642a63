"""
Find where stories start, and which lines each holds.

Prose comes in runs; between two lines of prose lies a seam: the lines that are none. A story starts
in a seam where enough evidence for it stands: a headline that stands twice, an aggregator's block,
more blank lines than the page's paragraphs have, a byline or date, and enough prose below.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.stories.reasons import ROLE, WHY
from include.stories.rest import REACH, find_leads, name_the_rest
from include.stories.roles import LIST_RUN, Roles
from include.stories.spans import Bools, Ints, after, before, last_where, next_where, page_bounds

START_AT = 2.0  # evidence that starts a story; weights below are set on the seeds' layouts
MANY_GAPS = 9  # more blank lines than this say no more

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
class Stories:
    """
    The stories of a batch, as arrays.

    story: n; each line's story numbered from 0 over the batch, -1 for none. role, why: n; final.
    headline: k line indices, -1 for none. evidence: k. signs: k × len(SIGNS) bools.
    """

    story: Ints
    role: Ints
    why: Ints
    headline: Ints
    evidence: np.ndarray
    signs: Bools


def find_stories(looked: pl.DataFrame, roles: Roles) -> Stories:
    """
    Cut pages into stories.

    Args:
        looked: n lines, columns of `look_at_lines`. roles: of the same lines.
    """
    page = looked["page"].to_numpy().astype(np.int64)
    first, last = page_bounds(page)
    excess = _excess_gap(looked, roles, page, first)
    stop = roles.closes | (roles.head_like & (excess >= 1))
    signs = _signs(roles, first, last, excess, stop)
    points = signs @ np.array([weight for _, weight in SIGNS])
    starts = _choose_starts(roles, first, last, points, signs)
    return _hold_lines(roles, first, last, starts, points, signs, excess, stop)


def _excess_gap(looked: pl.DataFrame, roles: Roles, page: Ints, first: Ints) -> Ints:
    """Give each line the blank lines before it beyond those usual between the page's paragraphs."""
    gap = np.minimum(looked["gap"].to_numpy().astype(np.int64), MANY_GAPS)
    within = roles.prose & before(roles.prose, first) & ~roles.joined
    counts = np.zeros((page[-1] + 1 if len(page) else 0, MANY_GAPS + 1), dtype=np.int64)
    np.add.at(counts, (page[within], gap[within]), 1)
    usual = np.maximum(counts.argmax(axis=1), 1)  # the most frequent; at least one blank line
    return np.where(np.arange(len(page)) > first, gap - usual[page], 0)


def _signs(roles: Roles, first: Ints, last: Ints, excess: Ints, stop: Bools) -> Bools:
    """Say for each line which of SIGNS hold, were it a story's headline: n × len(SIGNS)."""
    ids = np.arange(len(first))
    told = np.r_[0, np.cumsum(roles.prose & ~roles.joined)]
    next_stop = next_where(np.r_[stop[1:], False] if len(stop) else stop, last)
    until = np.where(next_stop >= 0, next_stop + 1, last + 1)
    below = told[np.minimum(until, last + 1)] - told[ids]
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
    """Say whether a masked line stands within REACH lines below (or above)."""
    move = before if up else after
    found = np.zeros(len(mask), dtype=bool)
    for steps in range(1, REACH + 1):
        found |= move(mask, first if up else last, steps).astype(bool)
    return found


def _ended(roles: Roles, first: Ints) -> Bools:
    """Say whether, since the last prose, a closing line or a list of links has stood."""
    ender = roles.closes | (roles.listing >= LIST_RUN)
    ender_at = last_where(before(ender, first).astype(bool), first)
    prose_at = last_where(before(roles.prose, first).astype(bool), first)
    return (ender_at >= 0) & (ender_at > prose_at) & (prose_at >= 0)


def _choose_starts(roles: Roles, first: Ints, last: Ints, points: np.ndarray, signs: Bools) -> Ints:
    """
    Choose the line that heads each story, at most one between two lines of prose.

    Returns:
        k ascending line indices: of a headline, or of the first prose where no headline stands.
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


def _hold_lines(
    roles: Roles, first: Ints, last: Ints, starts: Ints, points: np.ndarray, signs: Bools,
    excess: Ints, stop: Bools,
) -> Stories:  # fmt: skip
    """Give every line its story, from the headline to the last paragraph, and its final role."""
    ids = np.arange(len(first))
    is_start = np.isin(ids, starts)
    start_at = last_where(is_start, first)
    opens = np.where(start_at >= 0, next_where(roles.prose, last)[start_at], -1)
    below = (start_at >= 0) & (last_where(_ends_story(roles, last), first) > opens)
    tails = roles.head_like & (excess >= 1) & ~is_start & _small_below(roles, last, stop)
    small = (start_at >= 0) & (last_where(tails, first) > opens)
    block = before(roles.role == ROLE["legal"], first).astype(bool) & (excess < 0) & roles.prose
    out = (start_at < 0) | below | small | block
    told = (roles.prose | roles.spoken) & ~out & (ids >= opens)
    story = np.where(start_at >= 0, np.cumsum(is_start) - 1, -1)
    inside = ~out & (story >= 0) & _before_last(told, story)
    role, why = name_the_rest(roles, ids, start_at, opens, inside, told)
    for mask, reason in (
        (start_at < 0, "ahead"),
        (below, "below"),
        (small, "small"),
        (block, "block"),
    ):
        lost = mask & np.isin(why, (WHY["none"], WHY["prose"]))
        role[lost], why[lost] = ROLE["other"], WHY[reason]
    tail = (story >= 0) & ~inside & (why == WHY["none"])
    role[tail], why[tail] = ROLE["other"], WHY["tail"]
    heads = np.where(roles.head_like[starts], starts, -1)
    story = np.where(inside, story, -1)
    lead = find_leads(roles, story, is_start, last)
    story = np.where(lead >= 0, lead, story)
    return Stories(story, role, why, heads, points[starts], signs[starts])


def _ends_story(roles: Roles, last: Ints) -> Bools:
    """
    Find the closing lines that end a story: comments always, «related» when no prose follows soon.

    A single «read also» between two paragraphs does not end the story it stands in.
    """
    ids = np.arange(len(last))
    to_prose = next_where(roles.prose, last)
    far = (to_prose < 0) | (to_prose - ids > REACH)
    return roles.closes & ((roles.role == ROLE["comment"]) | far)


def _small_below(roles: Roles, last: Ints, stop: Bools) -> Bools:
    """Say for each line whether at most two paragraphs stand between it and the end of the talk."""
    told = np.r_[0, np.cumsum(roles.prose & ~roles.joined)]
    next_stop = next_where(np.r_[stop[1:], False] if len(stop) else stop, last)
    at_end = (next_stop < 0) | roles.closes[np.minimum(next_stop + 1, len(stop) - 1)]
    until = np.where(next_stop >= 0, next_stop + 1, last + 1)
    return at_end & (told[np.minimum(until, last + 1)] - told[np.arange(len(last))] <= 2)


def _before_last(told: Bools, story: Ints) -> Bools:
    """Say for each line whether its story's last told line is it or stands below it."""
    if not len(story) or story.max() < 0:
        return np.zeros(len(story), dtype=bool)
    ends = np.full(story.max() + 1, -1)
    ends[story[told]] = np.flatnonzero(told)  # ascending, so the last one stays
    return (story >= 0) & (np.arange(len(story)) <= ends[story])

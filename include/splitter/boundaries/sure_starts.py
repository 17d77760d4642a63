"""
Starts and ends that a rule is certain of: no story runs across such a start.
"""

from dataclasses import replace

import numpy as np

from include.splitter.boundaries.cut_points import Points
from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.segments import Segments
from include.splitter.line_arrays import (
    Bools,
    Ground,
    Ints,
    add_up,
    before,
    last_where,
)
from include.splitter.roles.reasons import ROLE, WHY
from include.splitter.roles.roles import Roles
from include.splitter.roles.start_signs import LONG, Evidence

LIKELY = 500  # least chance (1000ths) of a segment from a sure start: above the decoder's STAKE
REACH = 4  # most lines from a headline down to its first paragraph
ENOUGH = 400  # characters of body; what a sure start divides from them is a story too


def find_sure_starts(evidence: Evidence, roles: Roles, ground: Ground) -> Bools:
    """
    Find headings directly below a comment line or a paywall and above three paragraphs or more, and
    those of a column's items (obituaries, briefs).

    No story runs over one. Doubled headlines and aggregators' blocks are left to the classifier: as
    certain starts they cost 0.08 story F1 on dev's single-story pages and gained nothing.
    """
    sure = np.zeros(len(evidence.points), dtype=bool)
    heads = evidence.heads
    closes = (roles.role == ROLE["comment"]) | (roles.why == WHY["paywall"])
    below = before(closes, ground.first)
    sure[heads] = evidence.signs[heads, LONG] & below[heads]
    return sure | roles.column_item


def find_wire_heads(roles: Roles, ground: Ground) -> Bools:
    """Find the headlines of agency reports and press releases, at most REACH lines above text."""
    heads = np.zeros(len(roles.wire_opening), dtype=bool)
    text_above = last_where(before(roles.prose, ground.first).astype(bool), ground.first)
    for opening in np.flatnonzero(roles.wire_opening):
        since = max(opening - REACH, ground.first[opening], text_above[opening])
        fits = np.flatnonzero(roles.head_like[since:opening])
        heads[since + fits[:1]] = True  # a deck may stand below it
    return heads


def find_release_lines(heads: Bools, roles: Roles, ground: Ground) -> Bools:
    """
    Find the lines from a release's headline to its last standard heading: none starts a story.

    Args:
        heads: of `find_wire_heads`. A release ends where the next one's headline is.
    """
    inside = np.zeros(len(heads), dtype=bool)
    head = last_where(heads, ground.first)
    for heading in np.flatnonzero(roles.why == WHY["release"]):
        if head[heading] >= 0:
            inside[head[heading] + 1 : heading + 1] = True
    return inside


def keep_openings(
    chances: Ints, heads: Bools, wire_opening: Bools, points: Points, segments: Segments
) -> Ints:  # fmt: skip
    """
    Raise the chances of segments from a release's headline to those of later starts below it.

    A segment gets the highest chance of those with the same end that begin by the line below the
    first paragraph. The first sub-heading of a release, directly above its text, often looks more
    like a headline than the headline does; but a story needs the opening, which names place and
    day.
    """
    changed = chances.copy()
    order = np.searchsorted(segments.begin, np.arange(len(points.at) + 1))
    for point in np.flatnonzero(points.opens & np.r_[heads, False][points.at]):
        opening = points.at[point] + np.flatnonzero(wire_opening[points.at[point] :][: REACH + 1])
        own = slice(order[point], order[point + 1])
        later = point + 1
        while later < len(points.at) and points.at[later] <= opening.min(initial=-1) + 1:
            rival = slice(order[later], order[later + 1])
            _, own_rows, rival_rows = np.intersect1d(
                segments.end[own], segments.end[rival], return_indices=True
            )
            best = np.maximum(changed[own][own_rows], chances[rival][rival_rows])
            changed[np.arange(own.start, own.stop)[own_rows]] = best
            later += 1
    return changed


def reach_last_sections(decision: Decision, roles: Roles, body: Bools, ground: Ground) -> Decision:
    """
    Extend press releases to the text below their last standard heading, even below the contacts.

    A story is a release if it has a paragraph that opens with place and day. «Forward-Looking
    Statements» below the contact block belongs to it.
    """
    ends = decision.ends.copy()
    for heading in np.flatnonzero(roles.why == WHY["release"]):
        own = int(np.searchsorted(decision.starts, heading, "right")) - 1
        start = decision.starts[own] if own >= 0 else -1
        if start < ground.first[heading] or not roles.wire_opening[start:heading].any():
            continue
        until = decision.starts[own + 1] if own + 1 < len(ends) else len(body)
        below = body[heading + 1 : min(until, ground.last[heading] + 1)]
        run = int(np.r_[below, False].argmin())
        if run:
            ends[own] = max(ends[own], heading + 1 + run)
    return replace(decision, ends=ends)


def apply_sure_starts(chances: Ints, sure: Bools, points: Points, segments: Segments) -> Ints:
    """
    Give the chances as sure starts change them.

    A segment over a sure start has none, one from a sure start LIKELY at least, and so has the best
    one above a sure start if it has text ENOUGH: two stories glued together may share whole
    paragraphs, which otherwise speaks against both.
    """
    total = add_up(sure)
    first, until = points.at[segments.begin], points.at[segments.end]
    over = total[until] > total[first + 1]
    changed = np.where(over, 0, np.where(sure[first], np.maximum(chances, LIKELY), chances))
    above = _best_above(changed, total[first + 1], sure, points, segments)
    changed[above] = np.maximum(changed[above], LIKELY)
    return changed


def _best_above(
    chances: Ints, group: Ints, sure: Bools, points: Points, segments: Segments
) -> Ints:  # fmt: skip
    """Give the best segment with text ENOUGH between two sure starts, or above a page's first."""
    pages = np.zeros(int(points.page.max(initial=0)) + 1, dtype=np.int64)
    opened = points.page[np.isin(points.at, np.flatnonzero(sure)) & points.opens]
    np.add.at(pages, opened, 1)
    fits = np.flatnonzero((segments.chars >= ENOUGH) & (pages[segments.page] > 0) & (chances > 0))
    order = fits[
        np.lexsort((-segments.chars[fits], -chances[fits], group[fits], segments.page[fits]))
    ]
    fresh = (np.diff(segments.page[order], prepend=-1) != 0) | (
        np.diff(group[order], prepend=-1) != 0
    )
    return order[fresh]

"""
Find the points where stories may begin or end, and describe what lies around each.

Points are finer than stories: a story may span several.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.line_arrays import Bools, Ground, Ints, add_up, in_steps, run_ids
from include.splitter.model.line_classifier import CHROME, SURE, Reading

REACH_POINTS = 24  # points that one segment may span
HOLE = 2  # lines without body after which a story may have ended
FAR = 99  # lines; larger distances are capped
NEVER = -6 * 4096  # score of a line that cannot start a story


@dataclass(frozen=True)
class Points:
    """
    k points where segments may begin or end, in page order; each page has one at its end.

    at: k line indices; a page's end is one past its last line. page: k. opens: k; may start a
    story. score: k, as a start; NEVER for points that open nothing.
    """

    at: Ints
    page: Ints
    opens: Bools
    score: Ints


def find_points(starts: Ints, scores: Ints, body: Bools, ground: Ground) -> Points:
    """Give the starts, the ends of body above holes, and the ends of pages."""
    at = np.flatnonzero(body)
    page = ground.page[at]
    below = np.r_[at[1:], len(body)][: len(at)]
    own = np.r_[page[1:] == page[:-1], False][: len(at)]
    holes = at[own & (below - at > HOLE)] + 1
    holes = np.setdiff1d(holes, starts)
    ends = np.unique(ground.last) + 1
    place = np.r_[starts, holes, ends]
    number = np.r_[ground.page[starts], ground.page[holes], ground.page[ends - 1]]
    opens = np.r_[np.ones(len(starts), dtype=bool), np.zeros(len(place) - len(starts), dtype=bool)]
    order = np.lexsort((place, number))
    place, number, opens = place[order], number[order], opens[order]
    score = np.where(opens, scores[np.minimum(place, len(scores) - 1)], NEVER)
    return Points(place, number, opens, score)


def pair_points(points: Points) -> tuple[Ints, Ints]:
    """Pair each opening point with up to REACH_POINTS points after it on its page."""
    count = len(points.at)
    last = np.searchsorted(points.page, points.page, side="right") - 1
    opens = np.flatnonzero(points.opens)
    reach = np.minimum(last[opens] - opens, REACH_POINTS)
    begin = np.repeat(opens, reach)
    offset = np.arange(len(begin)) - np.repeat(np.cumsum(reach) - reach, reach)
    end = begin + 1 + offset
    far = np.repeat((last[opens] - opens > REACH_POINTS), reach) & (offset == REACH_POINTS - 1)
    end = np.where(far, last[begin], end)  # a story may always extend to the end of its page
    return begin, np.minimum(end, count - 1)


def describe_neighbour_starts(
    points: Points, begin: Ints, end: Ints, chars_before: Ints
) -> list[Ints]:
    """Describe the starts before and after a segment: score, and body in between."""
    at = np.arange(len(points.at))
    up = np.r_[-1, np.maximum.accumulate(np.where(points.opens, at, -1))[:-1]]
    down = np.minimum.accumulate(np.where(points.opens, at, len(at))[::-1])[::-1]
    last = len(at) - 1
    last_start, next_start = up[begin], down[end]
    has_up = (last_start >= 0) & (points.page[last_start] == points.page[begin])
    has_down = (next_start <= last) & (
        points.page[np.minimum(next_start, last)] == points.page[begin]
    )
    next_start = np.minimum(next_start, last)
    above = chars_before[points.at[begin]] - chars_before[points.at[last_start]]
    below = np.maximum(chars_before[points.at[next_start]] - chars_before[points.at[end]], 0)
    return [
        np.where(has_up, points.score[last_start], NEVER), np.where(has_up, in_steps(above), -1),
        np.where(has_down, points.score[next_start], NEVER),
        np.where(has_down, in_steps(below), -1),
    ]  # fmt: skip


def find_holes(
    points: Points, body: Bools, reading: Reading, ground: Ground
) -> tuple[Ints, Ints]:  # fmt: skip
    """Count lines, and chrome lines, between the body before and after each point."""
    at = np.r_[-1, np.flatnonzero(body), len(body)]
    after = np.minimum(np.searchsorted(at, points.at), len(at) - 1)
    rank = run_ids(np.r_[True, points.page[1:] != points.page[:-1]][: len(points.page)])
    end = np.unique(ground.last)[rank] + 1  # every page has points: one at its end at least
    top = ground.first[end - 1]
    low, high = np.maximum(at[after - 1] + 1, top), np.minimum(at[after], end)
    chrome = add_up(reading.kinds[:, CHROME])
    return np.minimum(high - low, FAR), np.minimum((chrome[high] - chrome[low]) // SURE, FAR)

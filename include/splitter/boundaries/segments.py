"""
Describe every segment between two points of a page that may be a story.

Columns are whole numbers, one row per segment. Nothing here decides; `decoder` does.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.boundaries.cut_points import (
    FAR,
    NEVER,
    REACH_POINTS,
    Points,
    describe_neighbour_starts,
    find_holes,
    pair_points,
)
from include.splitter.features.cohesion import Words, measure_cohesion
from include.splitter.line_arrays import Bools, Ground, Ints, Table, add_up, in_shares, in_steps
from include.splitter.model.line_classifier import BODY, HEADLINE, SURE, Reading

MIN_BODY = 40  # characters; the shortest story of dev has 43
AT_START = (
    "size", "words", "gap", "excess", "ends", "asks", "closed_before", "place", "from_end",
    "head_like", "prose", "alike_near", "alike_far", "like_lead_near", "like_lead_far", "points",
    "rule_start", "doubled", "joined", "copies", "later_copy", "listing", "listed", "page_lines",
    "page_prose", "page_flat", "stamped", "sign_2", "sign_3", "sign_5", "sign_6", "sign_7",
    "parted_up", "heads_alike", "page_heads", "page_head_size", "several",
)  # fmt: skip
AT_BREAK = ("size", "excess", "head_like", "alike_near", "points", "parted_up", "ends", "listing")
BODY_LOOKS = ("ends", "cut", "prose", "listed", "inner", "quote", "spoken")


@dataclass(frozen=True)
class Segments:
    """
    s segments of lines that may each be a story.

    begin, end: s indices into Points; rows: s × m columns; chars: s, of body; page: s. share: s; of
    its page's body, in 1000ths.
    """

    begin: Ints
    end: Ints
    page: Ints
    rows: Ints
    chars: Ints
    share: Ints


def describe_segments(
    points: Points, table: Table, reading: Reading, body: Bools, size: Ints, ground: Ground,
    words: Words,
) -> Segments:  # fmt: skip
    """
    Describe every segment that has enough body.

    Args:
        body: n; the body lines. table: as `describe_lines` returns it.
    """
    begin, end = pair_points(points)
    chars_before = add_up(np.where(body, size, 0))
    chars = chars_before[points.at[end]] - chars_before[points.at[begin]]
    enough = chars >= MIN_BODY
    begin, end, chars = begin[enough], end[enough], chars[enough]
    if not len(begin):
        none = np.zeros(0, dtype=np.int64)
        return Segments(none, none, none, np.zeros((0, 1), dtype=np.int64), none, none)
    first, until = points.at[begin], points.at[end]
    shared = measure_cohesion(words, body, points.at, points.page, ground)
    columns = [
        *_cohesion(points, begin, end, shared),
        *describe_neighbour_starts(points, begin, end, chars_before),
        *_contents(first, until, table, reading, body, size),
        *_position(points, begin, end, chars_before, ground),
        *_breaks(points, begin, end, table, body, reading, ground),
        *(table[name][first].astype(np.int64) for name in AT_START),
        *reading.kinds[first].T, reading.starts[first], points.score[begin],
    ]  # fmt: skip
    whole = chars_before[ground.last[first] + 1] - chars_before[ground.first[first]]
    share = chars * 1000 // np.maximum(whole, 1)
    rows = np.stack(columns).T  # columns stay contiguous, as `sum_trees` compares them
    return Segments(begin, end, points.page[begin], rows, chars, share)


def _cohesion(points: Points, begin: Ints, end: Ints, shared: list[Ints]) -> list[Ints]:
    """Measure the words a segment shares with text above and below, and among its parts."""
    above, below, beside = shared
    at_break, far_break, low = (np.full(len(begin), 99) for _ in range(3))
    score = np.full(len(begin), NEVER)
    for step in range(1, REACH_POINTS + 1):
        at = np.minimum(begin + step, len(points.at) - 1)
        there = (begin + step < end) & (beside[at] >= 0)
        low = np.where(there, np.minimum(low, beside[at]), low)
        better = there & points.opens[at] & (points.score[at] > score)
        score = np.where(better, points.score[at], score)
        far_break = np.where(better, above[at], far_break)
        at_break = np.where(better, beside[at], at_break)
    return [above[begin], beside[begin], below[end - 1], at_break, far_break, low, beside[end]]


def _contents(
    first: Ints, until: Ints, table: Table, reading: Reading, body: Bools, size: Ints
) -> list[Ints]:  # fmt: skip
    """Describe the content of a segment: its body in characters and lines, and its appearance."""

    def inside(values: np.ndarray) -> Ints:
        total = add_up(values)
        return total[until] - total[first]

    lines, chars = inside(body), inside(np.where(body, size, 0))
    sure = inside(np.where(body, reading.kinds[:, BODY] * size, 0))
    kinds = [in_shares(inside(reading.kinds[:, k]), (until - first) * SURE) for k in range(5)]
    looks = [in_shares(inside(body & table[name].astype(bool)), lines) for name in BODY_LOOKS]
    return [
        in_steps(chars), lines, sure // np.maximum(chars, 1),
        in_steps(chars // np.maximum(lines, 1)), in_steps(until - first),
        inside(body & (size >= 200)), inside(table["cut"]),
        _to_body(first, until, body), inside(body * table["site_words"]),
        inside(body & (table["site_share"] > 0)), inside(reading.starts) // 16, *kinds, *looks,
    ]  # fmt: skip


def _to_body(first: Ints, until: Ints, body: Bools) -> Ints:
    """Count the lines from the start down to the first body line."""
    at = np.flatnonzero(body)
    place = np.minimum(np.searchsorted(at, first), len(at) - 1)
    return np.minimum(np.clip(at[place] - first, 0, until - first), FAR)


def _position(
    points: Points, begin: Ints, end: Ints, chars_before: Ints, ground: Ground
) -> list[Ints]:
    """Describe a segment's position on its page: its share, and what lies before and after."""
    first, until = points.at[begin], points.at[end]
    top, bottom = ground.first[first], ground.last[first] + 1
    whole = chars_before[bottom] - chars_before[top]
    own = chars_before[until] - chars_before[first]
    head = np.searchsorted(points.page, points.page)
    tail = np.searchsorted(points.page, points.page, side="right") - 1
    above = _best_until(points, head, begin)
    below = _best_from(points, tail, end)
    score = points.score[begin]
    counted = add_up(points.opens)
    return [
        in_shares(own, whole), in_shares(chars_before[first] - chars_before[top], whole),
        in_shares(chars_before[bottom] - chars_before[until], whole),
        in_steps(chars_before[first] - chars_before[top]),
        in_steps(chars_before[bottom] - chars_before[until]), in_steps(whole),
        counted[begin] - counted[head[begin]], counted[tail[begin] + 1] - counted[end],
        counted[tail[begin] + 1] - counted[head[begin]], above, below, score - above, score - below,
    ]  # fmt: skip


def _best_until(points: Points, head: Ints, begin: Ints) -> Ints:
    """Give the highest start score above each segment on its page."""
    best = np.full(len(points.at), NEVER)
    for step in range(1, REACH_POINTS + 1):
        ahead = np.arange(len(best)) - step
        there = ahead >= head
        best[there] = np.maximum(best[there], points.score[ahead[there]])
    return best[begin]


def _best_from(points: Points, tail: Ints, end: Ints) -> Ints:
    """Give the highest start score from each segment's end on."""
    best = points.score.copy()
    for step in range(1, REACH_POINTS + 1):
        on = np.arange(len(best)) + step
        there = on <= tail
        best[there] = np.maximum(best[there], points.score[np.minimum(on, len(best) - 1)[there]])
    return best[end]


def _breaks(
    points: Points, begin: Ints, end: Ints, table: Table, body: Bools, reading: Reading,
    ground: Ground,
) -> list[Ints]:  # fmt: skip
    """Describe the strongest start and widest hole inside a segment, and the point it ends at."""
    surest = np.full(len(begin), NEVER)
    which = np.full(len(begin), -1)
    inner, total = np.zeros(len(begin), dtype=np.int64), np.zeros(len(begin), dtype=np.int64)
    for step in range(1, REACH_POINTS + 1):
        at = np.minimum(begin + step, len(points.at) - 1)
        there = (begin + step < end) & points.opens[at]
        better = there & (points.score[at] > surest)
        which = np.where(better, at, which)
        surest = np.where(better, points.score[at], surest)
        inner += there & (points.score[at] > 0)
        total += np.where(there, reading.starts[np.minimum(points.at[at], len(body) - 1)], 0)
    line = points.at[np.maximum(which, 0)]
    line = np.minimum(line, len(body) - 1)
    at_break = [np.where(which >= 0, table[name][line], -1) for name in AT_BREAK]
    hole, chrome = find_holes(points, body, reading, ground)
    widest = np.zeros(len(begin), dtype=np.int64)
    worst = np.zeros(len(begin), dtype=np.int64)
    for step in range(1, REACH_POINTS + 1):
        at = np.minimum(begin + step, len(points.at) - 1)
        there = begin + step < end
        widest = np.maximum(widest, np.where(there, hole[at], 0))
        worst = np.maximum(worst, np.where(there, chrome[at], 0))
    line = np.minimum(points.at[end], len(body) - 1)
    opens = points.opens[end].astype(np.int64)
    heads = np.where(opens == 1, reading.kinds[line, HEADLINE], 0)
    return [
        end - begin, surest, inner, total, points.score[begin] - surest, *at_break, widest, worst,
        hole[end], chrome[end], hole[begin], chrome[begin], opens, points.score[end], heads,
    ]  # fmt: skip

"""
Choose the segments that become stories: of all ways to cut a page, the one with the best total.

Each segment has a probability of being exactly one story. A story scores its probability less
STAKE, so that unlikely ones are left out, plus a little for the text it covers. Chosen segments do
not overlap; what none covers is chrome.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.boundaries.cut_points import NEVER, Points, find_points
from include.splitter.boundaries.segments import Segments, describe_segments
from include.splitter.boundaries.start_candidates import describe_candidates, find_candidates
from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import Bools, Ground, Ints, Matrix, Table
from include.splitter.model.forest import VALUE_STEPS, Forest, sum_trees
from include.splitter.model.line_classifier import Reading

OPEN_AT = -3 * VALUE_STEPS  # score that opens a segment
STAKE = 350  # least probability of a story, in 1000ths
COVER = 200  # bonus in 1000ths for a story that holds all of its page's text


@dataclass(frozen=True)
class Decision:
    """
    The chosen stories of a batch.

    starts, ends: k ascending line indices; an end is one past the story's last line. sure: k, the
    probability in 1000ths.
    """

    starts: Ints
    ends: Ints
    sure: Ints


def score_starts(
    matrix: Matrix | Ints, table: Table, reading: Reading, size: Ints, ground: Ground,
    forest: Forest,
) -> Ints:  # fmt: skip
    """Score each line as a start; NEVER for lines that are not candidates."""
    at = find_candidates(reading)
    scores = np.full(len(size), NEVER)
    if len(at):
        scores[at] = sum_trees(
            describe_candidates(table, matrix, reading, size, ground, at), forest
        )
    scores[table["joined"].astype(bool)] = NEVER  # later lines of a paragraph start no story
    return scores


def describe_pages(
    table: Table, reading: Reading, body: Bools, size: Ints, ground: Ground, scores: Ints,
    words: Words,
) -> tuple[Points, Segments]:  # fmt: skip
    """Cut pages at every possible start and end, and describe the segments."""
    starts = _open_segments(scores, body, ground)
    points = find_points(starts, scores, body, ground)
    return points, describe_segments(points, table, reading, body, size, ground, words)


def decide(points: Points, segments: Segments, chances: Ints) -> Decision:
    """
    Choose the segments of each page with the best total.

    Args:
        chances: s; the probability in 1000ths that a segment is one story.
    """
    chosen = _choose(points, segments, chances)
    return Decision(
        points.at[segments.begin[chosen]], points.at[segments.end[chosen]], chances[chosen]
    )


def look_up(scores: Ints, chance: Ints) -> Ints:
    """Turn scores into probabilities in 1000ths; chance: m rows (lowest score, probability)."""
    at = np.searchsorted(chance[:, 0], scores, side="right") - 1
    return chance[np.maximum(at, 0), 1]


def _choose(points: Points, segments: Segments, chances: Ints) -> Ints:
    """Choose by dynamic programming from the end of each page."""
    worth = chances - STAKE + COVER * segments.share // 1000
    single = choose_surest(segments, chances)
    worth[single] = np.maximum(worth[single], 1)
    best = np.zeros(len(points.at) + 1, dtype=np.int64)
    step = np.full(len(points.at), -1)
    able = np.flatnonzero(worth > 0)
    by_begin = able[np.argsort(segments.begin[able], kind="stable")]
    begins, ends = segments.begin[by_begin].tolist(), segments.end[by_begin].tolist()
    values, at = worth[by_begin].tolist(), len(by_begin) - 1
    last_of_page = np.r_[points.page[1:] != points.page[:-1], True][: len(points.page)].tolist()
    total, taken = best.tolist(), step.tolist()
    for point in range(len(taken) - 1, -1, -1):
        total[point] = 0 if last_of_page[point] else total[point + 1]
        while at >= 0 and begins[at] == point:
            if values[at] + total[ends[at]] > total[point]:
                total[point], taken[point] = values[at] + total[ends[at]], at
            at -= 1
    chosen, point = [], 0
    while point < len(taken):
        if taken[point] >= 0:
            chosen.append(by_begin[taken[point]])
            point = ends[taken[point]]
        else:
            point += 1
    return np.array(chosen, dtype=np.int64)


def choose_surest(segments: Segments, chances: Ints) -> Ints:
    """Give each page's most probable segment, the longest among equals."""
    order = np.lexsort((segments.begin, -segments.chars, -chances, segments.page))
    page = segments.page[order]
    return order[np.r_[True, page[1:] != page[:-1]][: len(order)]]


def _open_segments(scores: Ints, body: Bools, ground: Ground) -> Ints:
    """
    Choose the lines that open segments: the best between two body lines, the upper of equals.

    A page with body but no line scoring OPEN_AT is opened by its best candidate, or else by its
    first body line.
    """
    above: Ints = np.cumsum(body) - body
    able = np.flatnonzero(scores >= OPEN_AT)
    chosen = _best_of(able, scores, ground.page[able] * (len(body) + 1) + above[able])
    for others in (scores > NEVER, body):
        has = np.zeros(ground.page[-1] + 1 if len(body) else 0, dtype=bool)
        has[ground.page[chosen]] = True
        rest = np.flatnonzero(others & ~has[ground.page])
        chosen = np.r_[chosen, _best_of(rest, scores, ground.page[rest])]
    return np.sort(chosen)


def _best_of(at: Ints, scores: Ints, group: Ints) -> Ints:
    """Give the highest-scoring line of each group, the first among equals."""
    order = np.lexsort((at, -scores[at], group))
    heads = np.r_[True, group[order][1:] != group[order][:-1]][: len(order)]
    return at[order][heads]

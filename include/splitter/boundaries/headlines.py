"""
Choose each story's headline among the lines around the top of its body.

The start of a story is chosen for the whole page; which line there is the headline is a question of
its own: a category, a byline or a caption often stands where other stories have their headline. A
forest scores the candidates, and compares them with those that stand alike at other stories.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.plans import cover_lines
from include.splitter.line_arrays import (
    Bools,
    Ground,
    Ints,
    Table,
    add_up,
    after,
    before,
    in_steps,
    last_where,
    next_where,
)
from include.splitter.model.forest import VALUE_STEPS, Forest, sum_trees
from include.splitter.model.line_classifier import BODY, CAPTION, CLASSES, HEADLINE, SIDE, Reading

UP, DOWN = 30, 6  # lines above and below a body's first line that may be its headline
LONGEST, LONGEST_BODY = 250, 110  # characters of a headline; of one classified as body
LOSS = 0  # score from which a headline may cost its story a line of body: even odds
UNHEADED = -VALUE_STEPS  # score from which a story that starts on a line of body has a headline
MARGIN = VALUE_STEPS // 8  # by which another line must beat the start
LOWEST = -6 * VALUE_STEPS  # score of lines that are no candidates for a start
SCORE_STEPS = 64  # scores are features in 64ths of an odd
ALONE = -999  # stands for the rival of a candidate that has none
NO_CLASS = len(CLASSES)
OWN = (
    "size", "words", "gap", "gap_below", "excess", "ends", "asks", "stops", "listed", "numbered",
    "dated", "stamped", "digits", "capitals", "titled", "colon", "pipe", "url", "dash", "copies",
    "later_copy", "doubled", "head_like", "prose", "points", "echo_words", "echo_below",
    "echo_above", "echo_page", "echo_next", "site_share", "alike_near", "alike_far", "parted_up",
    "is_related", "is_share", "is_navigation", "is_promo", "is_aside", "is_byline", "from_top",
    "page_flat", "several",
)  # fmt: skip
ROLES = ("body", "caption", "byline", "dateline", "tags", "widget", "promo", "navigation",
         "comment", "related", "legal", "credit")  # fmt: skip


@dataclass(frozen=True)
class Candidates:
    """
    c lines that may be headlines, by story, each story's in page order.

    story, at: c; its story's index in the decision, and the line. opens, above: k; each story's
    first line of body, and the first line below the story above it.
    """

    story: Ints
    at: Ints
    opens: Ints
    above: Ints


def find_headline_candidates(
    decision: Decision, table: Table, body: Bools, size: Ints, ground: Ground
) -> Candidates:  # fmt: skip
    """Give every story the short lines around its first line of body, and its start."""
    starts, ends, first = decision.starts, decision.ends, ground.first[decision.starts]
    opens = next_where(body, ground.last)[starts]
    opens = np.where((opens < 0) | (opens >= ends), starts, opens)
    taken = last_where(body & cover_lines(decision, len(body)), ground.first)
    above = np.maximum(np.where(starts > first, taken[starts - 1] + 1, first), first)
    low = np.minimum(np.maximum(above, opens - UP), starts)
    high = np.minimum(np.minimum(opens + DOWN, ends - 1), ground.last[starts])
    counts = high - low + 1
    story = np.repeat(np.arange(len(starts)), counts)
    at = np.arange(len(story)) + (low - np.cumsum(counts) + counts)[story]
    fits = (size[at] <= LONGEST) & (table["joined"][at] == 0)
    fits &= ~(body[at] & (at > opens[story]) & (size[at] > LONGEST_BODY))
    fits &= (at >= opens[story] - UP) | (at <= starts[story] + DOWN)
    fits |= at == starts[story]
    return Candidates(story[fits], at[fits], opens, above)


def describe_headlines(
    candidates: Candidates, decision: Decision, table: Table, reading: Reading, body: Bools,
    size: Ints, ground: Ground, scores: Ints,
) -> Ints:  # fmt: skip
    """
    Describe every candidate by whole numbers, for the forest.

    Args:
        scores: n; of starts.
    """
    at, story, kinds = candidates.at, candidates.story, reading.kinds
    start, opens = decision.starts[story], candidates.opens[story]
    score = np.maximum(scores, LOWEST)[at] // SCORE_STEPS
    role = _number_roles(table)
    up = np.minimum(at, opens)
    body_before, chars_before = add_up(body), add_up(np.where(body, size, 0))
    heads_before, captions_before = add_up(kinds[:, HEADLINE]), add_up(kinds[:, CAPTION])
    below = np.minimum(at + 1, opens)
    count = np.bincount(story, minlength=len(candidates.opens))[story]
    place = np.arange(len(story)) - np.searchsorted(story, story)
    likely = (kinds[at, HEADLINE], reading.starts[at], score)
    columns = [
        *(table[name][at].astype(np.int64) for name in OWN), role[at],
        before(role, ground.first, 1, -1)[at], after(role, ground.last, 1, -1)[at],
        opens - at, at - start, np.sign(at - start), at - candidates.above[story], count, place,
        count - place, body[at], body_before[opens] - body_before[below],
        in_steps(chars_before[opens] - chars_before[up]),
        heads_before[opens] - heads_before[below], captions_before[opens] - captions_before[below],
        heads_before[at] - heads_before[np.minimum(candidates.above[story], at)],
        *likely, *kinds[at].T,
        *_read_neighbours(reading, at, ground),
    ]  # fmt: skip
    for values in (*likely, table["echo_below"][at].astype(np.int64), size[at], -abs(opens - at)):
        columns += _compare_within(story, values)
    columns += _compare_alike(candidates, decision, table, reading, role, ground, likely)
    return np.stack(columns, axis=1, dtype=np.int32)


def _number_roles(table: Table) -> Ints:
    """Give each line the number of the role that a rule gave it; 0 for others."""
    role = np.zeros(len(table["size"]), dtype=np.int64)
    for number, name in enumerate(ROLES, 1):
        role[table[f"role_{name}"] > 0] = number
    return role


def _read_neighbours(reading: Reading, at: Ints, ground: Ground) -> list[Ints]:
    """Give the classes of the lines above and below."""
    columns = []
    for kind in (BODY, HEADLINE, SIDE):
        values = reading.kinds[:, kind]
        columns += [before(values, ground.first, 1, 0)[at], after(values, ground.last, 1, 0)[at]]
    return columns


def _compare_within(story: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Give each value's rank among its story's, from 0, and its lead over the best other one."""
    order = np.lexsort((-values, story))
    own = story[order]
    begin = np.searchsorted(own, own)
    beside = np.minimum(begin + 1, len(own) - 1)
    second = np.where(own[beside] == own, values[order][beside], ALONE)
    rank, best, other = (np.empty(len(values), dtype=np.int64) for _ in range(3))
    rank[order] = np.arange(len(values)) - begin
    best[order], other[order] = values[order][begin], second
    return rank, values - np.where(rank == 0, other, best)


def _compare_alike(
    candidates: Candidates, decision: Decision, table: Table, reading: Reading, role: Ints,
    ground: Ground, likely: tuple[Ints, ...],
) -> list[Ints]:  # fmt: skip
    """
    Compare each candidate with those of its page that stand alike: between the same blank lines and
    classes, and at the same distance from the body.

    Returns:
        For each kind of likeness: the share of the page's stories that have one, and that start on
        one, in 32nds; the mean of each of `likely`, and the difference from it.
    """
    at, story, page = candidates.at, candidates.story, ground.page[candidates.at]
    kind = reading.kind
    above, below = before(kind, ground.first, 1, NO_CLASS), after(kind, ground.last, 1, NO_CLASS)
    gaps = np.minimum(table["gap"], 3).astype(np.int64) * 4 + np.minimum(table["gap_below"], 3)
    distance = np.clip(candidates.opens[story] - at, -1, UP) + 1
    stories = np.bincount(ground.page[decision.starts], minlength=1)[page]
    columns = [np.minimum(stories, 99)]
    for alike in ((gaps[at] * 8 + below[at]) * 8 + above[at], distance):
        _, group = np.unique((page * 1024 + alike) * 16 + role[at], return_inverse=True)
        counts = np.bincount(group)
        pairs = np.unique(np.stack([group, story]), axis=1)[0]
        has = np.bincount(pairs, minlength=len(counts))
        starts = np.bincount(group, at == decision.starts[story]).astype(np.int64)
        columns += [has[group] * 32 // stories, starts[group] * 32 // stories]
        for values in likely:
            mean = np.bincount(group, values).astype(np.int64) // counts
            columns += [mean[group], values - mean[group]]
    return columns


def choose_headlines(
    decision: Decision, fixed: Bools, table: Table, reading: Reading, body: Bools, size: Ints,
    ground: Ground, scores: Ints, barred: Bools, forest: Forest,
) -> tuple[Decision, Bools]:  # fmt: skip
    """
    Move each story's start to its most likely headline.

    Args:
        fixed: n; starts that a rule is certain of. barred: n; lines that start no story.
    Returns:
        The decision; and `body` without the lines that are headlines now.
    """
    if not len(decision.starts):
        return decision, body
    found = find_headline_candidates(decision, table, body, size, ground)
    rows = describe_headlines(found, decision, table, reading, body, size, ground, scores)
    value = sum_trees(rows, forest)
    start, end = decision.starts[found.story], decision.ends[found.story]
    is_start = found.at == start
    next_body = next_where(after(body, ground.last).astype(bool), ground.last)[found.at] + 1
    has_text = (next_body > 0) & (next_body < end)
    loses_text = body[found.at] | (found.at > found.opens[found.story])
    least = np.where(body[start], UNHEADED, LOWEST)  # a story may have no headline
    able = np.where(loses_text, has_text & (value >= LOSS), value > least) & ~barred[found.at]
    worth = np.where(is_start, value + MARGIN, np.where(able, value, LOWEST * 4))
    worth = np.where(is_start | ~fixed[start], worth, LOWEST * 4)
    order = np.lexsort((-worth, found.story))
    chosen = order[np.searchsorted(found.story, np.arange(len(found.opens)))]
    starts = found.at[chosen]
    text = body.copy()
    text[starts[able[chosen] & ~fixed[decision.starts]]] = False
    ends = np.minimum(decision.ends, np.r_[starts[1:], len(body)])
    return Decision(starts, ends, decision.sure), text

"""
Look again at the lines of body that might be captions or chrome, once stories are cut.

The networks do not know where stories begin and end, how long a story's paragraphs are, or which of
them stand apart. A forest that does scores the doubtful lines: on dev2 it finds a quarter of the
captions and a sixth of the chrome that are read as body, at the cost of 3 in 1,000 of the body.
"""

import numpy as np

from include.splitter.boundaries.decoder import Decision
from include.splitter.line_arrays import (
    SHARES,
    Bools,
    Ground,
    Ints,
    Table,
    add_up,
    in_steps,
    run_ids,
)
from include.splitter.model.forest import Forest, sum_trees
from include.splitter.model.line_classifier import BODY, CAPTION, Reading

DOUBTFUL = 240  # in 255ths, of body; surer lines are not looked at
LEAK = 0  # score from which a line is no body: even odds
SURE_CAPTION = 100  # in 255ths; captions of a page are counted from here
NEAR = 3  # lines above and below whose classes count
NONE = -1  # stands for a line beyond the page
LINES_AT_ONCE = 1 << 16  # described together: 60 MB
AROUND = ("gap", "size", "ends", "credited", "posed")


def find_doubtful(decision: Decision, reading: Reading, body: Bools) -> tuple[Ints, Ints]:
    """Give the doubtful lines of body that are in a story, and each one's story."""
    at = np.flatnonzero(body & (reading.kinds[:, BODY] < DOUBTFUL))
    story = np.searchsorted(decision.starts, at, side="right") - 1
    inside = (story >= 0) & (at < np.r_[decision.ends, 0][story])
    return at[inside], story[inside]


def describe_doubtful(
    at: Ints, story: Ints, decision: Decision, table: Table, reading: Reading, body: Bools,
    size: Ints, ground: Ground,
) -> Ints:  # fmt: skip
    """
    Describe doubtful lines by whole numbers: their features, neighbours and place in their story.

    Args:
        at, story: d; of `find_doubtful`. table: n; as `describe_lines` returns it.
    """
    columns = [column[at].astype(np.int64) for column in table.values()]
    columns += [*reading.kinds[at].T, reading.starts[at]]
    near = [*reading.kinds.T, body.astype(np.int64), *(table[name] for name in AROUND)]
    for values in near:
        for step in range(1, NEAR + 1):
            columns += [
                _shift(values, at, -step, ground), _shift(values, at, step, ground)
            ]  # fmt: skip
    columns += _place_in_story(at, story, decision, table, body, size)
    columns += _place_in_block(at, table, ground)
    pages = np.bincount(ground.page, reading.kinds[:, CAPTION] > SURE_CAPTION)
    columns.append(pages.astype(np.int64)[ground.page[at]])
    return np.stack(columns, axis=1, dtype=np.int32)


def _shift(values: np.ndarray, at: Ints, step: int, ground: Ground) -> Ints:
    """Give the values of the lines `step` below `at`, NONE beyond the page."""
    there = (at + step >= ground.first[at]) & (at + step <= ground.last[at])
    return np.where(there, values[np.where(there, at + step, at)].astype(np.int64), NONE)


def _place_in_story(
    at: Ints, story: Ints, decision: Decision, table: Table, body: Bools, size: Ints
) -> list[Ints]:  # fmt: skip
    """
    Describe where in its story a line is, and how it differs from the story's other paragraphs.

    Returns:
        Lines from the start and to the end; lines of body above, below and in all; the mean length
        of a line of body, and the difference from it, in steps; the share of the body's lines that
        stand directly below another line, in 32nds.
    """
    first, until = decision.starts[story], decision.ends[story]
    count, steps = add_up(body), add_up(np.where(body, in_steps(size), 0))
    close = add_up(body & (table["gap"] == 0))
    lines = np.maximum(count[until] - count[first], 1)
    mean = (steps[until] - steps[first]) // lines
    return [
        at - first, until - at, count[at] - count[first], count[until] - count[at], lines, mean,
        in_steps(size[at]) - mean, (close[until] - close[first]) * SHARES // lines,
    ]  # fmt: skip


def _place_in_block(at: Ints, table: Table, ground: Ground) -> list[Ints]:
    """Count the lines of a line's block, which no blank line parts, and those above it there."""
    block = run_ids((table["gap"] > 0) | (ground.ids == ground.first))
    counts = np.bincount(block, minlength=1)
    return [counts[block[at]], at - np.searchsorted(block, block[at])]


def find_leaks(
    decision: Decision, table: Table, reading: Reading, body: Bools, size: Ints, ground: Ground,
    forest: Forest,
) -> Bools:  # fmt: skip
    """Return which of n lines are body no longer; every story keeps some."""
    at, story = find_doubtful(decision, reading, body)
    leaks = np.zeros(len(body), dtype=bool)
    if not len(at):
        return leaks
    for begin in range(0, len(at), LINES_AT_ONCE):
        some = slice(begin, begin + LINES_AT_ONCE)
        rows = describe_doubtful(
            at[some], story[some], decision, table, reading, body, size, ground
        )
        leaks[at[some][sum_trees(rows, forest) > LEAK]] = True
    kept = add_up(body & ~leaks)
    is_empty = kept[decision.ends] == kept[decision.starts]
    leaks[at[is_empty[story]]] = False
    return leaks

"""
Find the lines that may start a story, and describe each with its surroundings.

Columns are whole numbers: sums of classifier outputs over windows, distances, and comparisons with
the page's other candidates. Nothing here decides; `boundaries` does.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from include.splitter.line_arrays import (
    Ground,
    Ints,
    Matrix,
    Table,
    add_up,
    after,
    before,
    in_steps,
    last_where,
    next_where,
    run_ids,
)
from include.splitter.model.line_classifier import BODY, CHROME, CLASSES, HEADLINE, SIDE, Reading

WINDOWS = ((1, 2), (1, 5), (1, 12), (1, 30), (-2, -1), (-5, -1), (-12, -1), (-30, -1))
NEIGHBOURS = (1, 2, 3)
MIN_HEADLINE, MIN_START = (
    20,
    13,
)  # in 255ths; all but 1 in 50 true starts of dev score at least this
LIKELY, MIDDLING, CERTAIN = 64, 128, 230  # in 255ths
NONE = -99  # stands for a missing rival
FAR = 200  # lines from the page's first body; larger distances are capped


def find_candidates(reading: Reading) -> Ints:
    """Give the lines that may start a story, ascending."""
    is_candidate = (reading.kinds[:, HEADLINE] > MIN_HEADLINE) | (reading.starts > MIN_START)
    return np.flatnonzero(is_candidate)


def describe_candidates(
    table: Table, matrix: Matrix | Ints, reading: Reading, size: Ints, ground: Ground, at: Ints
) -> Ints:  # fmt: skip
    """
    Describe the lines `at`: their features, then their surroundings.

    Args:
        table: as `describe_lines` returns it. matrix: the same features.
    """
    around = [
        *_rivals(table, reading, ground, at),
        *_similar_candidates(table, reading, ground, at),
        *_windows(reading, size, ground, at),
        *_body_around(reading, size, ground, at),
        *_page_context(reading, size, ground, at),
        *_neighbours(reading, ground, at),
    ]
    return np.hstack([matrix[at], np.stack(around, axis=1)])


def _windows(reading: Reading, size: Ints, ground: Ground, at: Ints) -> list[Ints]:
    """Sum body characters and classifier outputs over windows above and below."""
    kinds = reading.kinds
    sums = (
        add_up(kinds[:, BODY] * size), add_up(kinds[:, BODY]), add_up(kinds[:, CHROME]),
        add_up(kinds[:, HEADLINE]), add_up(reading.starts),
    )  # fmt: skip
    first, end = ground.first[at], ground.last[at] + 1
    columns = [*kinds[at].T, reading.starts[at]]
    for begin, stop in WINDOWS:
        upper, lower = np.clip(at + stop + 1, first, end), np.clip(at + begin, first, end)
        columns += [total[upper] - total[lower] for total in sums]
    return columns


def _between(reading: Reading, size: Ints, ground: Ground) -> tuple[Ints, Ints, Ints, Ints]:
    """Measure body and lines down to the next likely start and up to the previous one."""
    likely = reading.starts > LIKELY
    body_before = add_up(reading.kinds[:, BODY] * size)
    down = next_where(after(likely, ground.last).astype(bool), ground.last)
    until = np.minimum(np.where(down >= 0, down, ground.last) + 1, ground.last + 1)
    up = last_where(before(likely, ground.first).astype(bool), ground.first)
    since = np.maximum(np.where(up >= 0, up - 1, ground.first), ground.first)
    below = np.maximum(body_before[until] - body_before[ground.ids + 1], 0)
    return (
        below,
        until - ground.ids,
        body_before[ground.ids] - body_before[since],
        ground.ids - since,
    )


def _body_around(reading: Reading, size: Ints, ground: Ground, at: Ints) -> list[Ints]:
    """Measure the body before and after on the page, and between likely starts."""
    body_before = add_up(reading.kinds[:, BODY] * size)
    whole = [
        body_before[at] - body_before[ground.first[at]],
        body_before[ground.last[at] + 1] - body_before[at + 1],
    ]
    return whole + [column[at] for column in _between(reading, size, ground)]


def _page_context(reading: Reading, size: Ints, ground: Ground, at: Ints) -> list[Ints]:
    """Compare a candidate with the page's other likely starts."""
    page, starts = ground.page, reading.starts
    pages = page[-1] + 1 if len(page) else 0

    def of_page(values: NDArray[Any]) -> Ints:
        return np.bincount(page, weights=values, minlength=pages).astype(np.int64)[page[at]]

    below = in_steps(_between(reading, size, ground)[0] // 255)
    weight = np.maximum(of_page(starts), 1)
    mean = of_page(starts * below * 16) // weight
    order = np.lexsort((-starts, page))
    rank = np.arange(len(page)) - ground.first[order]
    ranked = []
    for place in range(3):
        best = np.zeros(pages, dtype=np.int64)
        chosen = order[rank == place]
        best[page[chosen]] = starts[chosen]
        ranked.append(best[page[at]])
    is_body = np.flatnonzero(reading.kinds[:, BODY] > MIDDLING)
    opening = np.full(pages, len(page) + FAR)  # no body on the page: beyond any distance
    np.minimum.at(opening, page[is_body], is_body)
    return [
        weight, of_page(starts > MIDDLING), of_page(starts > CERTAIN), weight - starts[at],
        mean, below[at] * 16 - mean, of_page(starts * below * below * 16) // weight,
        *ranked, np.clip(at - opening[page[at]], -30, FAR),
    ]  # fmt: skip


def _neighbours(reading: Reading, ground: Ground, at: Ints) -> list[Ints]:
    """Give the classifier outputs of the lines directly above and below."""
    readings = []
    columns = [reading.starts, *(reading.kinds[:, k] for k in (BODY, HEADLINE, CHROME, SIDE))]
    for step in NEIGHBOURS:
        for column in columns:
            readings += [
                before(column, ground.first, step, 0)[at],
                after(column, ground.last, step, 0)[at],
            ]
    return readings


def _rivals(table: Table, reading: Reading, ground: Ground, at: Ints) -> list[Ints]:
    """Compare each candidate with the others between the same two paragraphs."""
    body = reading.kinds[:, BODY] > MIDDLING
    seam = np.cumsum(body) - body + ground.page[: len(body)] * (len(body) + 1)
    order = np.lexsort((at, seam[at]))
    lines = at[order]
    group = run_ids(np.r_[True, seam[lines][1:] != seam[lines][:-1]][: len(lines)])
    count = np.bincount(group)[group] if len(group) else group
    begin = np.searchsorted(group, group)
    columns = [count, np.arange(len(lines)) - begin]
    for values in (reading.starts, reading.kinds[:, HEADLINE], table["echo_below"], table["size"]):
        own = values[lines].astype(np.int64)
        best, second = _best_two(own, group)
        rival = np.where(own == best, second, best)
        columns += [own - rival]
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return [values[back] for values in columns]


def _best_two(values: Ints, group: Ints) -> tuple[Ints, Ints]:
    """Give each value its group's highest and second highest; NONE if it is alone."""
    order = np.lexsort((-values, group))
    begin = np.searchsorted(group[order], group)
    best = values[order][begin]
    after = np.minimum(begin + 1, max(len(values) - 1, 0))
    there = group[order][after] == group if len(values) else group == 0
    second = np.where(there & (begin + 1 < len(values)), values[order][after], NONE)
    return best, second


def _similar_candidates(table: Table, reading: Reading, ground: Ground, at: Ints) -> list[Ints]:
    """Compare a candidate with those of its page set in the same surroundings."""
    kinds = reading.kind
    below = after(kinds, ground.last, 1, len(CLASSES))[at].astype(np.int64)
    above = before(kinds, ground.first, 1, len(CLASSES))[at].astype(np.int64)
    gaps = np.minimum(table["gap"][at], 3) * 4 + np.minimum(table["gap_below"][at], 3)
    own = ((ground.page[at] * 16 + gaps) * 8 + below) * 8 + above
    _, which, counts = np.unique(own, return_inverse=True, return_counts=True)
    columns = [np.minimum(counts, 15)[which]]
    for values in (
        reading.starts, reading.kinds[:, HEADLINE], reading.kinds[:, SIDE], table["echo_below"],
        table["echo_above"], table["size"], table["parted_up"], table["site_share"],
    ):  # fmt: skip
        total = np.bincount(which, weights=values[at]).astype(np.int64)
        mean = total // counts
        columns += [mean[which], values[at].astype(np.int64) - mean[which]]
    return columns

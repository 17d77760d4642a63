"""
Choose between plans for a page: the decoder's cuts, and cuts that follow one simple sign.

The decoder weighs segments one by one, but whether every heading opens a story or none does is a
question about the whole page. A forest predicts the story F1 of each plan.
"""

import numpy as np

from include.splitter.boundaries.cut_points import Points
from include.splitter.boundaries.decoder import Decision, choose_surest, decide
from include.splitter.boundaries.segments import Segments
from include.splitter.features.cohesion import Words
from include.splitter.features.page_kind import (
    BETWEEN,
    cut_sections,
    find_headings,
    mean_of_page,
    measure_sections,
)
from include.splitter.features.page_words import PARTS, share_words, total_of_page
from include.splitter.line_arrays import (
    Bools,
    Ground,
    Ints,
    Table,
    add_up,
    after,
    before,
    in_steps,
)
from include.splitter.model.forest import VALUE_STEPS
from include.splitter.model.line_classifier import HEADLINE, SIDE, Reading

PLANS = ("decoded", "single", "headings", "alike", "led", "open", "likely", "paragraphs")
MIN_BODY = 40  # characters; as for segments
PARTED = 3  # recurrences on the page from which a line counts as the lead of an entry
LED_SIZE = 28  # steps: 128 characters
BARE_DIGITS = 6  # in 32nds of a line's characters: a date and little else
LIKELY = 40  # in 255ths
LOWEST = -6 * VALUE_STEPS
MARGIN = 150  # in 4096ths; another plan must beat the decoder's by more than this
SUREST = 600  # in 1000ths; the decoder's plan stays if each of its stories is at least so likely
ALWAYS = 1 << 20  # above any value
SINGLE = 1  # index of the plan of one story; only the forest's training uses it
SIMPLE = 2  # index of the first plan that follows one sign
AT_STARTS = (
    "size", "gap", "excess", "echo_below", "echo_above", "alike_near", "alike_far", "parted_up",
    "dated", "numbered", "listed", "head_like", "prose", "ends", "titled", "heads_alike", "asks",
)  # fmt: skip


def make_plans(
    points: Points, segments: Segments, chances: Ints, table: Table,
    reading: Reading, body: Bools, size: Ints, ground: Ground, barred: Bools, sure: Bools,
) -> list[Decision]:  # fmt: skip
    """
    Give every plan of PLANS for all pages of a batch.

    Args:
        barred, sure: n; lines that never start a story, and lines that always do.
    """
    head = _find_headings(table, ground)
    alike = np.where(head, table["alike_near"], 0)
    most = np.zeros(ground.page[-1] + 1 if len(body) else 0, dtype=np.int64)
    np.maximum.at(most, ground.page, alike)
    opens = np.zeros(len(body), dtype=bool)
    opens[points.at[points.opens]] = True
    starts = (
        head, head & (alike >= np.maximum(most, 2)[ground.page]),
        _find_led(table, ground), opens, reading.starts > LIKELY, body,
    )  # fmt: skip
    chosen = choose_surest(segments, chances)
    single = Decision(
        points.at[segments.begin[chosen]], points.at[segments.end[chosen]], chances[chosen]
    )
    barred = barred | (table["joined"] > 0)
    cut = (_cut_at((mask & ~barred) | sure, body, size, ground) for mask in starts)
    return [decide(points, segments, chances), single, *cut]


def _find_headings(table: Table, ground: Ground) -> Bools:
    """Find the headings as `describe_page_kinds` does, from the features of lines."""
    prose = table["prose"] > 0
    between = np.logical_or.reduce([table[f"role_{name}"] > 0 for name in BETWEEN])
    text = prose | (table["spoken"] > 0)
    return find_headings(table["head_like"] > 0, prose, text, between, ground)


def _find_led(table: Table, ground: Ground) -> Bools:
    """Find the lines that recur as leads of entries: dates, times, short lines with a date."""
    led = (table["parted_shaped"] >= PARTED) | (table["dated"] > 0) & (table["size"] < LED_SIZE)
    return led & ~before(led, ground.first).astype(bool)


def _cut_at(mask: Bools, body: Bools, size: Ints, ground: Ground) -> Decision:
    """Cut pages at every masked line; drop pieces with less than MIN_BODY characters of body."""
    starts = np.flatnonzero(mask)
    ends = np.minimum(np.r_[starts[1:], len(mask)][: len(starts)], ground.last[starts] + 1)
    chars_before = add_up(np.where(body, size, 0))
    enough = chars_before[ends] - chars_before[starts] >= MIN_BODY
    starts, ends = starts[enough], ends[enough]
    return Decision(starts, ends, np.zeros(len(starts), dtype=np.int64))


def describe_plans(
    plans: list[Decision], page_rows: Ints, table: Table, reading: Reading, body: Bools, size: Ints,
    ground: Ground, scores: Ints, words: Words, skipped: tuple[int, ...] = (),
) -> Ints:  # fmt: skip
    """
    Describe every plan of every page, for the forest.

    Args:
        page_rows: a row per page, as `describe_page_kinds` and `describe_page_readings` give them.
        scores: n; of starts. skipped: indices of plans that get no rows.
    Returns:
        One row per plan and page, the pages of a plan together.
    """
    if not len(body):
        return np.zeros((0, 1), dtype=np.int64)
    pages = len(page_rows)
    several = np.zeros(pages, dtype=np.int64)
    several[ground.page] = table["several"]
    whole = np.maximum(total_of_page(np.where(body, size, 0), ground.page, pages), 1)
    decoded = np.bincount(ground.page[plans[0].starts], minlength=pages)
    rows = []
    for number, plan in enumerate(plans):
        if number in skipped:
            continue
        at = plan.starts
        page = ground.page[at]
        count = np.bincount(page, minlength=pages)
        inside = cover_lines(plan, len(body)) & body
        mask = np.zeros(len(body), dtype=bool)
        mask[at] = True
        cut = cut_sections(mask, inside, size, ground)
        covered = total_of_page(np.where(inside, size, 0), ground.page, pages)
        score = np.maximum(scores[at], LOWEST) * 16 // VALUE_STEPS
        columns = [
            np.full(pages, number), several, in_steps(count), in_steps(decoded),
            in_steps(count) - in_steps(decoded), covered * PARTS // whole,
            mean_of_page(score, page, pages), mean_of_page(scores[at] > LOWEST // 2, page, pages),
            mean_of_page(reading.starts[at], page, pages),
            mean_of_page(reading.kinds[at, HEADLINE], page, pages),
            mean_of_page(reading.kinds[at, SIDE], page, pages),
            mean_of_page(body[at], page, pages),
            *(mean_of_page(table[name][at], page, pages) for name in AT_STARTS),
            *measure_sections(cut, pages), *share_words(words, inside | mask, cut, pages),
        ]  # fmt: skip
        rows.append(np.hstack([np.stack(columns, axis=1), page_rows]))
    return np.vstack(rows)


def cover_lines(plan: Decision, count: int) -> Bools:
    """Return which of n lines are in a story of a plan."""
    change = np.zeros(count + 1, dtype=np.int64)
    np.add.at(change, plan.starts, 1)
    np.add.at(change, plan.ends, -1)
    return np.cumsum(change)[:-1] > 0


def find_settled(decoded: Decision, ground: Ground, sure: Bools, pages: int) -> Bools:
    """
    Return which pages keep the decoder's plan: all its stories reach SUREST, or a rule is certain
    of a start.

    Args:
        decoded: the decoder's plan. sure: n; starts that a rule is certain of.
    """
    least = np.full(pages, SUREST)
    np.minimum.at(least, ground.page[decoded.starts], decoded.sure)
    least[ground.page[sure]] = SUREST
    settled: Bools = least >= SUREST
    return settled


def choose_plans(
    plans: list[Decision], values: Ints, points: Points, table: Table, body: Bools, ground: Ground,
    sure: Bools,
) -> Decision:  # fmt: skip
    """
    Choose each page's plan with the highest value, the decoder's unless MARGIN is exceeded.

    The decoder's stays on the pages that `find_settled` names.

    Args:
        values: one per plan and page, in 4096ths; as `describe_plans` orders them. sure: n; starts
            that a rule is certain of.
    Returns:
        The stories of all pages; `sure` of a plan that is not the decoder's is its value.
    """
    worth = values.reshape(len(plans), -1).copy()
    settled = find_settled(plans[0], ground, sure, worth.shape[1])
    worth[0] += np.where(settled, ALWAYS, MARGIN)
    worth[SINGLE] = -ALWAYS  # following it changed no figure of dev2, and merges short stories
    best = worth.argmax(axis=0)
    opens = points.at[points.opens]
    chosen = []
    for number, plan in enumerate(plans):
        page = ground.page[plan.starts]
        own = best[page] == number
        likely = plan.sure
        if number >= SIMPLE:
            plan = _settle_starts(plan, opens, table, body, ground)
            likely = np.clip(worth[number][page] * 1000 // VALUE_STEPS, 1, 999)
        chosen.append((plan.starts[own], plan.ends[own], likely[own]))
    starts, ends, likely = (np.concatenate(part) for part in zip(*chosen, strict=True))
    order = np.argsort(starts, kind="stable")
    return Decision(starts[order], ends[order], likely[order])


def _settle_starts(
    plan: Decision, opens: Ints, table: Table, body: Bools, ground: Ground
) -> Decision:  # fmt: skip
    """
    Move each story's start to the line that opens segments in the same gap between lines of body.

    If no line does, a story that begins with a bare date starts on the heading above it, or else on
    the line below. No line of body changes its story.

    Args:
        opens: the lines that open segments, ascending.
    """
    at = plan.starts
    bare = ((table["digits"] >= BARE_DIGITS) | (table["stamped"] > 0)) & ~body
    head = (table["head_like"] > 0) & ~body & ~bare
    up = bare[at] & before(head, ground.first)[at] & ~after(head, ground.last)[at]
    down = bare[at] & ~up & (at + 1 < plan.ends)
    starts = at - up + down
    gap = ground.page * (len(body) + 1) + np.cumsum(body) - body  # equal between two body lines
    nearest = np.minimum(np.searchsorted(gap[opens], gap[at]), max(len(opens) - 1, 0))
    if len(opens):
        starts = np.where(gap[opens[nearest]] == gap[at], opens[nearest], starts)
    ends = np.minimum(plan.ends, np.r_[starts[1:], len(body)][: len(at)])
    return Decision(starts, ends, plan.sure)

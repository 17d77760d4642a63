"""
Predict the story F1 of each plan, for the pages whose plan is open.

On 19 of 20 single articles of dev2, and on one in five pages of several stories, the decoder's plan
stays whatever the forest would say; those pages are not described.
"""

import numpy as np

from include.splitter.boundaries.decoder import Decision
from include.splitter.boundaries.plans import AT_STARTS, SINGLE, describe_plans, find_settled
from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import Bools, Ground, Ints, Table, find_ground
from include.splitter.model.forest import Forest, sum_trees
from include.splitter.model.line_classifier import Reading


def predict_plans(
    plans: list[Decision], page_rows: Ints, table: Table, reading: Reading, body: Bools, size: Ints,
    ground: Ground, scores: Ints, words: Words, sure: Bools, forest: Forest,
) -> Ints:  # fmt: skip
    """
    Give the value of every plan for every page, as `choose_plans` takes them.

    Args:
        As for `describe_plans` and `choose_plans`.
    Returns:
        0 for the pages that `find_settled` names, and for the plan that is never chosen.
    """
    pages = len(page_rows)
    values = np.zeros((len(plans), pages), dtype=np.int64)
    is_open = ~find_settled(plans[0], ground, sure, pages)
    if is_open.any():
        at = np.flatnonzero(is_open[ground.page])
        open_ground = find_ground((np.cumsum(is_open) - 1)[ground.page[at]])
        new_line = np.zeros(len(body), dtype=np.int64)
        new_line[at] = open_ground.ids
        rows = describe_plans(
            [_pick_stories(plan, is_open, new_line, ground) for plan in plans], page_rows[is_open],
            {name: table[name][at] for name in (*AT_STARTS, "several")},
            Reading(reading.kinds[at], reading.starts[at]), body[at], size[at], open_ground,
            scores[at], _pick_words(words, is_open, new_line, ground), (SINGLE,),
        )  # fmt: skip
        described = np.delete(np.arange(len(plans)), SINGLE)
        values[np.ix_(described, is_open)] = sum_trees(rows, forest).reshape(len(described), -1)
    return values.ravel()


def _pick_stories(plan: Decision, is_open: Bools, new_line: Ints, ground: Ground) -> Decision:
    """Give a plan's stories on open pages; `new_line`: their lines, numbered anew."""
    picked = is_open[ground.page[plan.starts]]
    starts, ends = plan.starts[picked], plan.ends[picked]
    return Decision(new_line[starts], new_line[starts] + ends - starts, plan.sure[picked])


def _pick_words(words: Words, is_open: Bools, new_line: Ints, ground: Ground) -> Words:
    picked = is_open[ground.page[words.line]]
    line = new_line[words.line[picked]]
    return Words(words.key[picked], line, words.site[picked], words.word[picked])

"""
Find regularities of a page: headings set the same way, lines that separate entries repeatedly.

A page of several stories is regular in any language.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.splitter.line_arrays import (
    FEW,
    Bools,
    Ground,
    Ints,
    Table,
    add_up,
    after,
    before,
    in_shares,
    in_steps,
    keys_within,
    run_ids,
    sum_over,
)
from include.splitter.roles.reasons import ROLE
from include.splitter.roles.roles import Roles
from include.splitter.roles.start_signs import Evidence

SEPARATOR_CHARS = 80  # longest separator line
SEPARATOR_REACH = 8  # lines above a heading searched for a separator
TEXT_SIZE = 40  # shortest line that counts as text between two separators
PARTED_SIZE = 100  # fewest characters of text between two separators


def compare_headings(gap: Ints, roles: Roles, evidence: Evidence, ground: Ground) -> Table:
    """
    Count the page's heading-like lines with this line's surroundings, and compare with the lead's.

    Surroundings are the kinds of line directly above and below: stories of a page are set alike.
    """
    page, first, last = ground.page, ground.first, ground.last
    kind = _kinds(roles)
    below, under, above = (
        after(kind, last, 1, 5),
        after(kind, last, 2, 5),
        before(kind, first, 1, 5),
    )
    gap_below = np.minimum(after(gap, last, fill=FEW), 3)
    near = (np.minimum(gap, 3) * 4 + gap_below) * 36 + below * 6 + above
    far = (np.clip(evidence.excess, -1, 2) + 1) * 36 + below * 6 + under
    lead = np.full(page[-1] + 1 if len(page) else 0, -1)
    heads = evidence.heads[roles.head_like[evidence.heads]][::-1]
    lead[page[heads]] = heads  # descending, so that the first one is kept
    ahead = lead[page]
    table: Table = {}
    for name, signature in (("near", near), ("far", far)):
        own = (page * 2 + roles.head_like) * 1000 + signature
        _, which, counts = np.unique(own, return_inverse=True, return_counts=True)
        table[f"alike_{name}"] = np.where(roles.head_like, np.minimum(counts[which], FEW), 0)
        same = signature[np.maximum(ahead, 0)] == signature if len(page) else roles.head_like
        table[f"like_lead_{name}"] = (ahead >= 0) & same & roles.head_like
    return table


def _kinds(roles: Roles) -> Ints:
    """Sort lines into prose 0, byline or date 1, caption 2, heading-like 3, other 4."""
    meta: Bools = np.isin(roles.role, [ROLE["byline"], ROLE["dateline"], ROLE["credit"]])
    caption = roles.role == ROLE["caption"]
    picks = [roles.prose | roles.spoken, meta, caption, roles.head_like]
    return np.select(picks, [0, 1, 2, 3], 4).astype(np.int64)


def find_separators(looked: pl.DataFrame, ground: Ground) -> Table:
    """
    Find lines that recur with text in between, as separators of entries do.

    Two lines are alike if they differ only in digits (a writer's name, a share button), or have the
    same shape («[Monday, 9 May]», «8.23am»).
    """
    size = looked["size"].to_numpy().astype(np.int64)
    short = looked["chars"].to_numpy() <= SEPARATOR_CHARS
    figured = np.flatnonzero(short & (looked["digits"].to_numpy() > 0))
    masked = looked["text"].gather(figured).str.replace_all(r"\d+", "0")
    shaped = masked.str.replace_all(r"\p{L}+", "a")
    key = looked["key"].to_numpy().copy()
    key[figured] = masked.hash(0).to_numpy()
    is_text = size >= TEXT_SIZE
    text_chars_before = add_up(np.where(is_text, size, 0))
    alike = (
        ("masked", np.flatnonzero(short), key[short]),
        ("shaped", figured, shaped.hash(0).to_numpy()),
    )
    table = {
        f"parted_{name}": _count_parted(at, keys_within(own, ground.page[at]), text_chars_before)
        for name, at, own in alike
    }
    most = np.maximum(table["parted_masked"], table["parted_shaped"])
    table["parted_up"] = _best_since_text(most, is_text, ground)
    return table


def _count_parted(at: Ints, key: NDArray[np.uint64], text_chars_before: Ints) -> Ints:
    """
    Count, for each line `at`, how often lines with its key recur with text in between.

    Args:
        text_chars_before: n + 1; the characters of text before each line.
    """
    order = np.argsort(key, kind="stable")
    lines, keys = at[order], key[order]
    same = np.r_[False, keys[1:] == keys[:-1]][: len(order)]
    between = text_chars_before[lines] - text_chars_before[np.r_[0, lines[:-1] + 1][: len(lines)]]
    count = sum_over(same & (between >= PARTED_SIZE), run_ids(~same))
    parted = np.zeros(len(text_chars_before) - 1, dtype=np.int64)
    parted[lines] = np.minimum(count, FEW)
    return parted


def _best_since_text(values: Ints, text: Bools, ground: Ground) -> Ints:
    """Give each line the highest value of the lines above it, up to the last text."""
    group = run_ids(before(text, ground.first).astype(bool) | (ground.ids == ground.first))
    best = np.zeros(len(values), dtype=np.int64)
    for step in range(SEPARATOR_REACH):
        moved, own = before(values, ground.first, step, 0), before(group, ground.first, step, -1)
        best = np.maximum(best, np.where(own == group, moved, 0))
    return best


def measure_headings(size: Ints, roles: Roles, ground: Ground) -> Table:
    """Describe the page's headings: how many are directly above text, their length and spread."""
    head = roles.head_like & after(roles.prose | roles.spoken, ground.last).astype(bool)
    pages = int(ground.page[-1]) + 1 if len(ground.page) else 0

    def of_page(values: np.ndarray) -> Ints:
        return np.bincount(ground.page, weights=values, minlength=pages).astype(np.int64)

    count = of_page(head)
    mean = of_page(np.where(head, size, 0)) // np.maximum(count, 1)
    prose = of_page(roles.prose)
    return {
        "heads_alike": np.where(head, in_steps(size) - in_steps(mean)[ground.page], 0),
        "page_heads": in_steps(count)[ground.page],
        "page_head_size": in_steps(mean)[ground.page],
        "prose_a_head": in_shares(prose, 4 * np.maximum(count, 1))[ground.page],
    }

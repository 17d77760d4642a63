"""
Compute each line's features: its appearance, neighbours, position, and what the rules say.

Every feature is a small whole number, so that no machine rounds differently; sizes and distances
are on a log scale, four steps per doubling. Features only use the line's own page.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from include.splitter.features.cohesion import Words, find_echoes
from include.splitter.features.layout import compare_headings, find_separators, measure_headings
from include.splitter.features.pictures import describe_pictures
from include.splitter.line_arrays import (
    FEW,
    SHARES,
    Ground,
    Ints,
    Matrix,
    Table,
    after,
    before,
    in_shares,
    in_steps,
    keys_within,
    last_where,
    next_where,
    run_ids,
    sum_over,
)
from include.splitter.lines.patterns import contains, count_matches
from include.splitter.lines.repeats import find_doubled_captions
from include.splitter.roles.reasons import ROLE
from include.splitter.roles.roles import Roles
from include.splitter.roles.start_signs import Evidence

NEVER = 60  # steps; stands for a line the page does not have
ECHO_SIZE = 80  # shortest line that counts as text for echoes
SHORT_CHARS = 240  # longest line matched against the slow patterns, as in `appearance`
OWN_ROLES = (
    "body", "caption", "byline", "dateline", "tags", "widget", "promo", "navigation", "comment",
    "related", "legal", "credit",
)  # fmt: skip
LOOKS = (
    "ends", "cut", "asks", "stops", "lower", "listed", "numbered", "dated", "timed", "stamped",
    "is_comment", "is_related", "is_share", "is_advert", "is_navigation", "is_promo", "is_legal",
    "is_disclosure", "is_credit", "is_byline", "is_aside",
)  # fmt: skip
PATTERNS = {
    "quote": r"^[\"“„«‘'»]",
    "colon": r":\s*$",
    "pipe": r"[|›»→]",
    "url": r"https?://|www\.",
    "inner": r"[.!?][\"”’]?\s+[\"“„\p{Lu}]",
    "dash": r"^[-–—]",
    "paren": r"\)\s*$",
    "pictured": r"(?i)(?:^|\W)(?:pictured|photo|image|illustration|screenshot|close-up|from left"
    r"|left to right|foto|bild|abbildung|zu sehen|imagen|imagem|immagine|photograph|fotograf)"
    r"|\([lr]\.?\)|写真|图为|图片",  # a caption says that it is one, or where people stand in it
}


def describe_lines(
    looked: pl.DataFrame, roles: Roles, evidence: Evidence, ground: Ground, words: Words
) -> Table:
    """
    Compute every feature of every line: name to n whole numbers or bools, in a fixed order.

    Args:
        looked: n lines with the columns of `describe_appearance`; the others are of the same lines.
    """
    pictures = _keep(describe_pictures(looked).items())  # first: its texts take the most memory
    c = {k: looked[k].to_numpy() for k in looked.columns if k != "text"}
    gap = np.minimum(c["gap"].astype(np.int64), FEW)
    table = _keep(_looks(looked, c, gap, evidence, ground).items())
    table |= _keep(_repeats(c, gap, roles, ground).items())
    table |= _keep(_names(roles, evidence, ground).items())
    table |= _keep(_place(c, gap, roles, ground))
    table |= _keep(compare_headings(gap, roles, evidence, ground).items())
    table |= _keep(find_separators(looked, ground).items())
    size = c["size"]
    del c  # 40 bytes per line, unpacked from bits
    table |= _keep(measure_headings(size.astype(np.int64), roles, ground).items())
    table |= _keep(find_echoes(words, size >= ECHO_SIZE).items())
    return table | pictures


def _keep(columns: Iterable[tuple[str, np.ndarray]]) -> Table:
    """Store features in one or two bytes each: a page may have millions of lines."""
    return {
        name: column if column.dtype == np.bool_ else column.astype(np.int16)
        for name, column in columns
    }


def stack_features(table: Table) -> Ints:
    """Give the features as one matrix, n × d, in the table's order."""
    return np.ascontiguousarray(Matrix(table)[:], dtype=np.int16)


def _looks(
    looked: pl.DataFrame, c: Table, gap: Ints, evidence: Evidence, ground: Ground
) -> Table:  # fmt: skip
    """Describe each line's own appearance, and the blank lines around it."""
    letters = _letters(looked)
    words = np.maximum(c["words"].astype(np.int64), 1)
    return {
        "size": in_steps(c["size"]),
        "words": in_steps(c["words"]),
        "gap": gap,
        "gap_below": after(gap, ground.last, fill=FEW),
        "excess": evidence.excess,
        "excess_below": after(evidence.excess, ground.last, fill=3),
        **{name: c[name] for name in LOOKS},
        "digits": np.floor(c["digits"] * SHARES).astype(np.int64),
        "tabs": c["tabs"] > 0,
        "capitals": in_shares(letters["capitals"], c["chars"]),
        "titled": np.minimum(in_shares(letters["titled"], words), 2 * SHARES),
        "commas": np.minimum(in_shares(letters["commas"], words), 2 * SHARES),
        **{name: letters[name] for name in PATTERNS},
    }


def _letters(looked: pl.DataFrame) -> Table:
    """Match the slow patterns against short lines; long lines count as sentences (inner)."""
    at = np.flatnonzero(looked["chars"].to_numpy() <= SHORT_CHARS)
    text = looked["text"].gather(at)
    counts = {
        "capitals": count_matches(text, r"\p{Lu}"),
        "titled": count_matches(text, r"(?:^|\W)\p{Lu}"),
        "commas": text.str.count_matches(",", literal=True),
    }
    table: Table = {}
    for name, column in (counts | {n: contains(text, p) for n, p in PATTERNS.items()}).items():
        values = column.to_numpy()
        whole = np.full(len(looked), name == "inner", dtype=values.dtype)
        whole[at] = values
        table[name] = whole
    return table


def _repeats(c: Table, gap: Ints, roles: Roles, ground: Ground) -> Table:
    """Describe which lines occur more than once on the page."""
    both = keys_within(c["key"], ground.page)
    _, firsts, which, counts = np.unique(
        both, return_index=True, return_inverse=True, return_counts=True
    )
    copies = counts[which]
    is_first = np.isin(ground.ids, firsts)
    repeat = np.zeros(len(both), dtype=bool)
    repeat[roles.doubled[roles.doubled >= 0]] = True
    close = (gap == 0) & (ground.ids > ground.first)
    return {
        "copies": np.minimum(copies, FEW),
        "first_copy": is_first & (copies > 1),
        "later_copy": ~is_first,
        "twice": find_doubled_captions(c, ground.first, ground.last, close),
        "doubled": roles.doubled >= 0,
        "repeat": repeat,
    }


def _names(roles: Roles, evidence: Evidence, ground: Ground) -> Table:
    """Give the rules' role for the line, and the signs of a start on it."""
    starts = np.zeros(len(roles.role), dtype=bool)
    starts[evidence.heads] = True
    since = last_where(starts, ground.first)
    return {
        "joined": roles.joined,
        "joined_below": after(roles.joined, ground.last),
        "listing": in_steps(roles.listing),
        "head_like": roles.head_like,
        "prose": roles.prose,
        "spoken": roles.spoken,
        **{f"role_{name}": roles.role == ROLE[name] for name in OWN_ROLES},
        "rule_start": starts,
        "points": evidence.points,
        **{f"sign_{j}": evidence.signs[:, j] for j in range(evidence.signs.shape[1])},
        "since_rule_start": in_steps(ground.ids - np.where(since >= 0, since, ground.first)),
    }


def _place(c: Table, gap: Ints, roles: Roles, ground: Ground) -> Iterator[tuple[str, np.ndarray]]:
    """Describe the line's position on the page, and the prose on either side, one by one."""
    first, last, ids = ground.first, ground.last, ground.ids
    lines, prose = last - first + 1, roles.prose
    prose_lines_before = np.r_[0, np.cumsum(prose)]
    chars = np.r_[0, np.cumsum(np.where(prose, c["size"].astype(np.int64), 0))]
    closed = np.r_[0, np.cumsum(roles.closes)]
    up = last_where(before(prose, first).astype(bool), first)
    down = next_where(after(prose, last).astype(bool), last)
    block = run_ids(~((gap == 0) & (ids > first)))
    flat = np.r_[0, np.cumsum(gap == 0)]
    yield "place", in_shares(ids - first, lines)
    yield "from_top", in_steps(ids - first)
    yield "from_end", in_steps(last - ids)
    yield "page_lines", in_steps(lines)
    yield "prose_before", in_steps(prose_lines_before[ids] - prose_lines_before[first])
    yield "prose_after", in_steps(prose_lines_before[last + 1] - prose_lines_before[ids + 1])
    yield "prose_up", np.where(up >= 0, in_steps(np.maximum(ids - 1 - up, 0)), NEVER)
    yield "prose_down", np.where(down >= 0, in_steps(np.maximum(down - ids, 0)), NEVER)
    yield (
        "prose_5_below",
        prose_lines_before[np.minimum(ids + 6, last + 1)] - prose_lines_before[ids],
    )
    yield "prose_5_above", prose_lines_before[ids] - prose_lines_before[np.maximum(ids - 5, first)]
    yield (
        "prose_15_below",
        prose_lines_before[np.minimum(ids + 16, last + 1)] - prose_lines_before[ids],
    )
    yield (
        "prose_15_above",
        prose_lines_before[ids] - prose_lines_before[np.maximum(ids - 15, first)],
    )
    yield "chars_before", in_shares(chars[ids] - chars[first], chars[last + 1] - chars[first])
    yield "closed_before", in_steps(closed[ids] - closed[first])
    yield "block", in_steps(sum_over(np.ones(len(ids)), block))
    yield "block_place", in_steps(ids - _head_of(block))
    yield "page_flat", in_shares(flat[last + 1] - flat[first], lines)
    yield "page_prose", in_shares(prose_lines_before[last + 1] - prose_lines_before[first], lines)


def _head_of(block: Ints) -> Ints:
    """Give each line the index of its block's first line."""
    return np.flatnonzero(np.r_[True, block[1:] != block[:-1]][: len(block)])[block]

"""
Measure how a page's words are spread over its sections; those of one article recur throughout.
"""

from dataclasses import dataclass

import numpy as np

from include.splitter.features.cohesion import Words
from include.splitter.line_arrays import SHARES, Bools, Ints, run_ids

PARTS = 16 * SHARES  # of a mean: 512ths keep small shares apart
WIDEST = (0, 2, 5, 10)  # ranks of the words that occur in most sections
RARE = ((2, 2), (3, 6), (7, 1 << 20))  # lines that a word occurs in


@dataclass(frozen=True)
class Sections:
    """
    k sections of a batch: its pages are cut at headings.

    of: n; each line's section. page: k. chars, lines: k; of text only. headed: k; opens with a
    heading. opening: k; the first headed section of its page.
    """

    of: Ints
    page: Ints
    chars: Ints
    lines: Ints
    headed: Bools
    opening: Bools


def total_of_page(values: np.ndarray, page: Ints, pages: int) -> Ints:
    """Give each page the sum of its values."""
    return np.bincount(page, values, pages).astype(np.int64)


def share_words(words: Words, counted: Bools, cut: Sections, pages: int) -> list[Ints]:
    """
    Measure how many words sections share with those above, and how widely the page's words occur.

    Args:
        counted: n; the lines whose words count.
    """
    mask = counted[words.line]
    key, section = words.key[mask], cut.of[words.line[mask]]
    if not len(key):
        return [np.zeros(pages, dtype=np.int64)] * (8 + len(RARE) + len(WIDEST))
    fresh = np.r_[True, (key[1:] != key[:-1]) | (section[1:] != section[:-1])]
    once = key[fresh], section[fresh]  # each word once per section
    return [
        *_shared_above(*once, cut, pages), *_within(key, section, cut, pages),
        *_reach(*once, cut, pages),
    ]  # fmt: skip


def _shared_above(
    key: np.ndarray, section: Ints, cut: Sections, pages: int
) -> list[Ints]:  # fmt: skip
    """
    Measure the words that sections share with any above, with the one above, and with the first.

    Returns:
        The three means; the variance of the first share; the share of sections that have no word
        of the first section.
    """
    count = len(cut.page)
    again = np.r_[False, key[1:] == key[:-1]]
    beside = again & np.r_[False, section[1:] == section[:-1] + 1]
    group = run_ids(~again)
    in_first = cut.opening[section]
    of_first = (np.bincount(group, in_first) > 0)[group] & ~in_first  # a word of the first section
    own = np.maximum(np.bincount(section, minlength=count), 1)
    later = cut.headed & ~cut.opening
    page = cut.page[later]
    sections = np.maximum(np.bincount(page, minlength=pages), 1)
    shares = [
        (np.bincount(section[some], minlength=count) * PARTS // own)[later]
        for some in (again, beside, of_first)
    ]
    means = [total_of_page(share, page, pages) // sections for share in shares]
    squares = total_of_page(shares[0] * shares[0], page, pages) // sections
    low = total_of_page(shares[2] == 0, page, pages) * PARTS // sections
    return [*means, (squares - means[0] * means[0]) // PARTS, low]


def _within(key: np.ndarray, section: Ints, cut: Sections, pages: int) -> list[Ints]:
    """
    Measure how often a word's next occurrence is in the same section.

    For all words: the share, the share expected by chance, and the difference; then the share for
    words of few, some and many lines (RARE).
    """
    again = np.r_[False, key[1:] == key[:-1]]
    number = run_ids(~again)
    lines = np.bincount(number)[number]
    at = np.flatnonzero(again)
    page, same = cut.page[section[at]], section[at] == section[at - 1]
    pairs = np.bincount(page, minlength=pages)
    whole = np.maximum(total_of_page(cut.chars, cut.page, pages), 1)
    share = cut.chars * PARTS // whole[cut.page]
    by_chance = total_of_page(share * share, cut.page, pages) // PARTS
    all_same = total_of_page(same, page, pages) * PARTS // np.maximum(pairs, 1)
    columns = [all_same, by_chance, all_same - by_chance]
    for low, high in RARE:
        some = (lines[at] >= low) & (lines[at] <= high)
        count = np.maximum(np.bincount(page[some], minlength=pages), 1)
        columns.append(total_of_page(same[some], page[some], pages) * PARTS // count)
    return columns


def _reach(key: np.ndarray, section: Ints, cut: Sections, pages: int) -> list[Ints]:
    """Give the shares of sections that the page's most widespread words occur in."""
    opens = np.r_[True, key[1:] != key[:-1]]
    reach, page = np.bincount(run_ids(opens)), cut.page[section[opens]]
    most = int(reach.max()) + 1
    ranked = np.sort(page * most + most - 1 - reach)  # by page, the widest first
    bounds = np.searchsorted(ranked, np.arange(pages + 1) * most)
    occurs = np.flatnonzero(np.bincount(section, minlength=len(cut.page)))
    sections = np.maximum(np.bincount(cut.page[occurs], minlength=pages), 1)
    columns = []
    for place in WIDEST:
        at = bounds[:-1] + place
        widest = most - 1 - ranked[np.minimum(at, len(ranked) - 1)] % most
        columns.append(np.where(at < bounds[1:], widest, 0) * PARTS // sections)
    return columns

"""
Describe whole pages by the classes that their lines were given, and by the sections between starts.

`page_kind` describes them by their headings. Pages of several stories often have no headings, or
headings that open no story; the classifier's starts, few as they may be, cut them better.
"""

import numpy as np
from numpy.typing import NDArray

from include.splitter.features.cohesion import Words, is_one_of
from include.splitter.features.page_kind import cut_sections, measure_sections
from include.splitter.features.page_words import share_words, total_of_page
from include.splitter.line_arrays import SHARES, Ground, Ints, in_steps
from include.splitter.model.line_classifier import BODY, HEADLINE, SIDE, SURE, Reading

STEPS = (25, 64, 128, 230)  # in 255ths; lines above each are counted
LIKELY = 40  # in 255ths, of a start; as for the plan of likely starts


def describe_page_readings(
    reading: Reading, size: Ints, words: Words, vocabulary: NDArray[np.uint64], ground: Ground
) -> Ints:  # fmt: skip
    """
    Describe every page by its lines' classes, and its sections from one likely start to the next.

    Args:
        words: of the same n lines. vocabulary: hashes of common words, ascending; what sections
            share is measured for all words, and for the others alone, which name a story's subject.
    Returns:
        One row per page, the pages numbered from 0.
    """
    if not len(size):
        return np.zeros((0, 1), dtype=np.int64)
    pages = int(ground.page[-1]) + 1
    body, opens = reading.kind == BODY, reading.starts > LIKELY
    cut = cut_sections(opens, body, size, ground)
    is_rare = ~is_one_of(words.word, vocabulary)
    rare = Words(words.key[is_rare], words.line[is_rare], words.site[is_rare], words.word[is_rare])
    columns = [
        *_count_classes(reading, size, ground.page, pages), *measure_sections(cut, pages),
        *share_words(words, body | opens, cut, pages), *share_words(rare, body | opens, cut, pages),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def _count_classes(reading: Reading, size: Ints, page: Ints, pages: int) -> list[Ints]:
    """Count body, and lines that are more or less likely headlines, side matter and starts."""
    kind = reading.kind
    body, chars = kind == BODY, np.where(kind == BODY, size, 0)
    long = in_steps(total_of_page(chars, page, pages))
    head, side, start = reading.kinds[:, HEADLINE], reading.kinds[:, SIDE], reading.starts
    columns = [long, in_steps(total_of_page(body, page, pages))]
    for values in (head, side, start):
        columns += [
            in_steps(total_of_page(values, page, pages) // 16),
            *(in_steps(total_of_page(values > least, page, pages)) for least in STEPS),
        ]
    both = total_of_page(head, page, pages)
    columns.append(both * SHARES // np.maximum(both + total_of_page(side, page, pages), 1))
    starts = np.maximum(total_of_page(start, page, pages), SURE)
    columns.append(in_steps(total_of_page(chars, page, pages) * SURE // starts))
    return columns

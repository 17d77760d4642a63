"""
Fold pages by publisher and text: none is judged by a model that saw its publisher or a paragraph.
"""

import numpy as np

from benchmarks.train_splitter.labelled import (
    Page,
)

FOLDS = 5
TELLING = 60  # characters from which a paragraph tells its story


def leave_out(pages: list[Page], fold: int) -> list[Page]:
    """Give the pages of all folds but one."""
    return [page for page, own in zip(pages, fold_pages(pages), strict=True) if own != fold]


def fold_pages(pages: list[Page]) -> list[int]:
    """
    Give each page its fold: 0 to FOLDS - 1; pages of one publisher or text stay together.

    Composed pages repeat stories of other pages, so the publisher alone does not keep folds apart.
    """
    group = group_pages(pages)
    groups = np.random.RandomState(0).permutation(np.unique(group))
    order = sorted(groups, key=lambda own: -group.count(own))  # stable: the shuffle breaks ties
    sizes, fold = [0] * FOLDS, {}
    for own in order:
        fold[own] = sizes.index(min(sizes))
        sizes[fold[own]] += group.count(own)
    return [fold[own] for own in group]


def group_pages(pages: list[Page]) -> list[int]:
    """Give each page the number of the first page of its group."""
    group = list(range(len(pages)))
    known: dict[str, int] = {}
    for number, page in enumerate(pages):
        for mark in (page["publisher"], *_paragraphs(page)):
            other = group[known.setdefault(mark, number)]
            own = group[number]
            if own != other:
                group = [min(own, other) if old in (own, other) else old for old in group]
    return group


def _paragraphs(page: Page) -> list[str]:
    """Give the paragraphs of a page's bodies that are long enough to be nobody else's by chance."""
    bodies = [page["text"][a:b] for story in page["stories"] for a, b in story["body_spans"]]
    lines = [" ".join(line.split()) for body in bodies for line in body.split("\n")]
    return [line for line in lines if len(line) > TELLING]

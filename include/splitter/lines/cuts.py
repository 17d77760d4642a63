"""
Cuts: characters of one line that are chrome, or a headline's date. Rules propose them; here they
are made disjoint.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PRIORITY = ("promo", "advert")  # of two cuts over the same characters; other roles follow by name


@dataclass(frozen=True)
class Cut:
    """Characters of one line to cut out: line index, offsets in the line, role and reason."""

    at: int
    start: int
    end: int
    role: str
    reason: str


def reconcile_cuts(cuts: Iterable[Cut], chars: int) -> list[Cut]:
    """
    Make the cuts of one line disjoint.

    Where cuts overlap, the one with the higher priority (role, then start, then length) keeps its
    characters and the others keep what is left of theirs, with their own reasons.

    Args:
        cuts: any cuts of one line, in any order; parts outside the line are dropped.
        chars: of the line.
    Returns:
        Cuts that are not empty, ascending, none overlapping another; the same for any input order.
    """
    clipped = (Cut(c.at, max(c.start, 0), min(c.end, chars), c.role, c.reason) for c in cuts)
    ranked = sorted({cut for cut in clipped if cut.start < cut.end}, key=_rank)
    kept: list[Cut] = []
    for cut in ranked:
        kept += [Cut(cut.at, a, b, cut.role, cut.reason) for a, b in _free(cut, kept)]
    return sorted(kept, key=lambda cut: cut.start)


def _rank(cut: Cut) -> tuple[int, str, int, int, str]:
    priority = PRIORITY.index(cut.role) if cut.role in PRIORITY else len(PRIORITY)
    return priority, cut.role, cut.start, -cut.end, cut.reason


def _free(cut: Cut, kept: Sequence[Cut]) -> list[tuple[int, int]]:
    """Give the parts of a cut that no kept cut covers, ascending."""
    free, begin = [], cut.start
    for other in sorted(kept, key=lambda own: own.start):
        if other.end > begin and other.start < cut.end:
            if begin < other.start:
                free.append((begin, other.start))
            begin = max(begin, other.end)
    if begin < cut.end:
        free.append((begin, cut.end))
    return free

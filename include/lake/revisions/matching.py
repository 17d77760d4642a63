"""
Find which story of a page continues a story of the page it replaced, and what changed. Pure.

Matches by words alone, since positions shift when a story is inserted above and headlines are
rewritten. Where two candidates are about equally likely, there is no match.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

Story = Mapping[str, Any]  # headline (or None), body, text_hash, story_id

ALIKE = 0.3  # of word triples
CLEARLY = 0.1  # more than the next best
TRIPLES = 400  # of a story, from its beginning
PAIRS = 40_000  # per page; above this only equal texts are matched
PARAGRAPHS = 300  # from the first to the last changed one; above this all count as changed
DIFF_CHARS = 20_000
CUT = "… (cut)"


def find_successors(
    before: Sequence[Story], after: Sequence[Story]
) -> list[tuple[int | None, float]]:
    """
    Find each story's successor.

    Returns:
        For each story of `before` its successor's position in `after`, None if no candidate is
        clearly best, and their similarity (0 to 1); no story succeeds two.
    """
    alike = _compare(before, after)
    successors: list[tuple[int | None, float]] = [(None, 0.0)] * len(before)
    taken: set[int] = set()
    for share, old, new in sorted(
        ((share, old, new) for (old, new), share in alike.items()), key=lambda t: (-t[0], *t[1:])
    ):
        if successors[old][0] is not None or new in taken:
            continue
        rivals = (
            alike.get((old, other), 0.0)
            for other in range(len(after))
            if other != new and other not in taken
        )
        if share == 1.0 or share - max(rivals, default=0.0) >= CLEARLY:
            successors[old] = (new, share)
            taken.add(new)
    return successors


def diff_stories(before: Story, after: Story) -> str:
    """Return a unified diff, one line per paragraph, headline first; empty for equal words."""
    old, new = _paragraphs(before), _paragraphs(after)
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    parts = old[start : len(old) - end], new[start : len(new) - end]
    if max(map(len, parts)) > PARAGRAPHS:
        lines = [f"@@ -{start + 1},{len(parts[0])} +{start + 1},{len(parts[1])} @@"]
        lines += [f"-{line}" for line in parts[0]] + [f"+{line}" for line in parts[1]]
    else:
        lines = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]  # less the file names
    return _cut("\n".join(lines))


def tell_whole(story: Story, sign: str) -> str:
    """Return a new (`+`) or removed (`-`) story in the form of a diff."""
    return _cut("\n".join(f"{sign}{line}" for line in _paragraphs(story) if line))


def count_changed(before: Story | None, after: Story | None) -> int:
    """Count the characters of paragraphs, headline included, that only one of two stories has."""
    old, new = (
        Counter(_paragraphs(story)) if story else Counter[str]() for story in (before, after)
    )
    return sum(len(line) * times for line, times in ((old - new) + (new - old)).items())


def _cut(text: str) -> str:
    return text if len(text) <= DIFF_CHARS else text[: DIFF_CHARS - len(CUT)] + CUT


def _compare(before: Sequence[Story], after: Sequence[Story]) -> dict[tuple[int, int], float]:
    """Return the similarity of each pair of stories that reaches ALIKE."""
    alike = {
        (old, new): 1.0
        for (old, a), (new, b) in product(enumerate(before), enumerate(after))
        if a["text_hash"] == b["text_hash"]
    }
    if len(before) * len(after) > PAIRS:
        return alike
    old_words, new_words = ([_triples(story) for story in side] for side in (before, after))
    for (old, a), (new, b) in product(enumerate(old_words), enumerate(new_words)):
        share = 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
        if share >= ALIKE and (old, new) not in alike:
            alike[old, new] = min(share, 0.99)
    return alike


def _triples(story: Story) -> frozenset[tuple[str, ...]]:
    """Return the triples of consecutive words at the beginning of a story."""
    text = f"{story['headline'] or ''} {story['body']}"[: TRIPLES * 40]
    words = text.casefold().split()[: TRIPLES + 2]
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def _paragraphs(story: Story) -> list[str]:
    parts = [story["headline"] or "", *story["body"].split("\n\n")]
    return [" ".join(part.split()) for part in parts]

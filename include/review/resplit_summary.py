"""
Ask whether a re-split should land: counts by outlet and the largest changes, in Markdown.

Story texts and outlet names are untrusted: they appear in fenced blocks only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from include.review.cases import WRAP_CHARS, fence
from include.review.comparison import Change, Comparison
from include.text import pluralize, sanitize

OUTLETS_SHOWN = 25
EXAMPLES_SHOWN = 5
ROWS_SHOWN = 14  # of each example
COUNTED = ("before", "same", "changed", "added", "gone", "after")
WHAT = ("headline", "body", "boundaries", "facts", "verdict")
INTRODUCTION = (
    "**Approve** lands these pages as they are split now, as one version of the lake; what stood "
    "is kept in `story_revisions`. **Refuse** leaves everything as it is. Nobody answers: Refuse."
)
NAME_CHARS = 28
CHANGES = ("changed", "added", "gone")


def count_changes(comparison: Comparison) -> int:
    """Count the stories that would be changed, added or gone."""
    return sum(getattr(comparison.totals, name) for name in CHANGES)


def name_subject(comparison: Comparison) -> str:
    """Give the subject line of the question, from a comparison."""
    totals = comparison.totals
    counts = ", ".join(f"{getattr(totals, name):,} {name}" for name in CHANGES)
    pages, stories = pluralize(comparison.pages, "page"), pluralize(totals.before, "story")
    return f"Split {pages} again? {counts} of {stories}"


def write_body(comparison: Comparison, link: str) -> str:
    """Give the question in Markdown; link: URL of the re-split on the Story Desk."""
    parts = [
        INTRODUCTION,
        f"[All of it on the Story Desk]({link}): the largest changes, paragraph by paragraph.",
        fence(list(tabulate(comparison))),
    ]
    for name, lines in show_examples(comparison):
        parts += [f"### {name}", fence(lines)]
    return "\n\n".join(parts)


def tabulate(comparison: Comparison) -> Iterator[str]:
    """Give the counts by outlet as lines of plain text, those that change most first."""
    heads = (*COUNTED, *WHAT)
    yield _line("outlet", heads)
    for counts in comparison.outlets[:OUTLETS_SHOWN]:
        name = counts.outlet or "(none named)"
        yield _line(name, [f"{getattr(counts, head):,}" for head in heads])
    left = len(comparison.outlets) - OUTLETS_SHOWN
    if left > 0:
        yield f"… {pluralize(left, 'outlet')} more"
    yield _line("all", [f"{getattr(comparison.totals, head):,}" for head in heads])


def _line(name: str, cells: Sequence[str]) -> str:
    plain = sanitize(name)
    cut = plain if len(plain) <= NAME_CHARS else f"{plain[: NAME_CHARS - 1]}…"
    return f"{cut:<{NAME_CHARS}}" + "".join(f"{cell:>11}" for cell in cells)


def show_examples(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """Yield the largest changes: number and kind, then the story and its diff as plain lines."""
    for number, change in enumerate(comparison.examples[:EXAMPLES_SHOWN], 1):
        what = f" ({', '.join(change.what)})" if change.what else ""
        yield f"{number}. {change.change}{what}", list(_show_example(change))


def _show_example(change: Change) -> Iterator[str]:
    if change.outlet:
        yield _crop(f"outlet: {change.outlet}")
    yield _crop(f"source_name: {change.source_name}")
    lines = change.diff.split("\n") if change.diff else ["the same words"]
    yield from (_crop(line) for line in lines[:ROWS_SHOWN])
    if len(lines) > ROWS_SHOWN:
        yield f"… {pluralize(len(lines) - ROWS_SHOWN, 'line')} more"


def _crop(line: str) -> str:
    plain = sanitize(line)
    return plain if len(plain) <= WRAP_CHARS else f"{plain[: WRAP_CHARS - 1]}…"

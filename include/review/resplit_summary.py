"""
Ask whether a re-split should land: counts by outlet and the largest changes, in Markdown.

Story texts and outlet names are untrusted: they appear in fenced blocks only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from include.review.cases import WRAP_CHARS, fence
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


def count_changes(receipt: Mapping[str, Any]) -> int:
    """Count the stories that would be changed, added or gone, from a receipt of `compare`."""
    totals = receipt["totals"]
    return sum(totals.get(name, 0) for name in ("changed", "added", "gone"))


def name_subject(receipt: Mapping[str, Any]) -> str:
    """Give the subject line of the question, from a receipt of `compare`."""
    totals = receipt["totals"]
    counts = ", ".join(f"{totals.get(name, 0):,} {name}" for name in ("changed", "added", "gone"))
    pages, stories = (
        pluralize(receipt["pages"], "page"),
        pluralize(totals.get("before", 0), "story"),
    )
    return f"Split {pages} again? {counts} of {stories}"


def write_body(receipt: Mapping[str, Any], link: str) -> str:
    """Give the question in Markdown; link: URL of the full report."""
    parts = [
        INTRODUCTION,
        f"[The whole report]({link}), with the twenty largest changes paragraph by paragraph.",
        fence(list(tabulate(receipt))),
    ]
    for number, row in enumerate(receipt["examples"][:EXAMPLES_SHOWN], 1):
        what = f" ({', '.join(row['what'])})" if row["what"] else ""
        parts += [f"### {number}. {row['change']}{what}", fence(list(_show_example(row)))]
    return "\n\n".join(parts)


def tabulate(receipt: Mapping[str, Any]) -> Iterator[str]:
    """Give the counts by outlet as lines of plain text, those that change most first."""
    heads = (*COUNTED, *WHAT)
    yield _line("outlet", heads)
    for row in receipt["outlets"][:OUTLETS_SHOWN]:
        yield _line(row["outlet"] or "(none named)", [f"{row.get(h, 0):,}" for h in heads])
    left = len(receipt["outlets"]) - OUTLETS_SHOWN
    if left > 0:
        yield f"… {pluralize(left, 'outlet')} more"
    yield _line("all", [f"{receipt['totals'].get(head, 0):,}" for head in heads])


def _line(name: str, cells: Sequence[str]) -> str:
    plain = sanitize(name)
    cut = plain if len(plain) <= NAME_CHARS else f"{plain[: NAME_CHARS - 1]}…"
    return f"{cut:<{NAME_CHARS}}" + "".join(f"{cell:>11}" for cell in cells)


def _show_example(row: Mapping[str, Any]) -> Iterator[str]:
    yield from (_crop(f"{name}: {row[name]}") for name in ("outlet", "source_name") if row[name])
    lines = row["diff"].split("\n") if row["diff"] else ["the same words"]
    yield from (_crop(line) for line in lines[:ROWS_SHOWN])
    if len(lines) > ROWS_SHOWN:
        yield f"… {pluralize(len(lines) - ROWS_SHOWN, 'line')} more"


def _crop(line: str) -> str:
    plain = sanitize(line)
    return plain if len(plain) <= WRAP_CHARS else f"{plain[: WRAP_CHARS - 1]}…"

"""
Lay a page out in rows: its lines as they came, cut where the role changes, with brackets around
the lines of each story.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.splitter.inspect_page import Piece

LINES = 1_500  # on one page of the inspector; the longest of the evaluation pages has 900
LINE_CHARS = 3_000  # of a line; the rest is counted, and read with `characters`
FAMILIES = {
    "headline": "head", "deck": "head", "subhead": "head", "body": "text", "list": "text",
    "table": "text", "caption": "caption", "credit": "caption", "byline": "fact",
    "dateline": "fact", "tags": "fact", "author": "fact", "contact": "fact",
    "correction": "notice", "paywall": "notice", "read_more": "notice",
}  # fmt: skip
CHROME = "chrome"


@dataclass(frozen=True)
class Run:
    """
    Characters of a line with one role; family: of roles drawn alike. role "": blank characters.

    more: characters that are not shown.
    """

    text: str
    start: int
    end: int
    role: str
    family: str
    reason: str
    more: int = 0


@dataclass(frozen=True)
class PageRow:
    """
    A line of the page. bracket: first, inside, last, only (of a story), gap (chrome inside it), or
    empty. change: what a preview changed of it; empty: nothing.
    """

    line_no: int
    runs: tuple[Run, ...]
    story_no: int
    bracket: str
    change: str = ""

    @property
    def role(self) -> str:
        """The first role of the line; empty for a blank one."""
        return next((run.role for run in self.runs if run.role), "")


def lay_out(
    text: str, pieces: Sequence[Piece], first: int = 1, before: Sequence[Piece] | None = None
) -> list[PageRow]:
    """
    Lay out up to LINES lines of a page.

    Args:
        pieces: of the whole page, in page order. first: number of the first line.
        before: the pieces before a correction, for what it changed.
    """
    by_line: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_line.setdefault(piece.line_no, []).append(piece)
    story_of = {
        line: next((p.story_no for p in pieces_on_line if p.story_no), 0)
        for line, pieces_on_line in by_line.items()
    }
    brackets = _bracket(story_of)
    changes = {} if before is None else _compare(before, pieces)
    rows, start = [], 0
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if first <= number < first + LINES:
            runs = tuple(_cut(line, start, by_line.get(number, ())))
            story_no, bracket = brackets.get(number, (0, ""))
            rows.append(PageRow(number, runs, story_no, bracket, changes.get(number, "")))
        start += len(line) + 1
    return rows


def count_lines(text: str) -> int:
    """Count the lines of a page, blank ones too."""
    return text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


def list_characters(text: str, start: int, end: int) -> list[tuple[int, str, str, str]]:
    """List characters of a page: offset, the character, its code point, its name."""
    return [
        (at, letter, f"U+{ord(letter):04X}", unicodedata.name(letter, _name(letter)))
        for at, letter in enumerate(text[start:end], start)
    ]


def _name(letter: str) -> str:
    return {"\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\t": "TAB", "\0": "NULL"}.get(
        letter, "control character" if unicodedata.category(letter) == "Cc" else "no name"
    )


def _bracket(story_of: Mapping[int, int]) -> dict[int, tuple[int, str]]:
    """Return, for each line from a story's first to its last, the story and part of bracket."""
    lines: dict[int, list[int]] = {}
    for line, story_no in story_of.items():
        if story_no:
            lines.setdefault(story_no, []).append(line)
    brackets: dict[int, tuple[int, str]] = {}
    for story_no, story_lines in sorted(lines.items()):
        first, last = min(story_lines), max(story_lines)
        for line in range(first, last + 1):
            kind = "inside" if story_of.get(line, story_no) == story_no else "gap"
            kind = "first" if line == first else "last" if line == last else kind
            if kind != "gap" or line not in brackets:
                brackets[line] = (story_no, "only" if first == last else kind)
    return brackets


def _compare(before: Sequence[Piece], after: Sequence[Piece]) -> dict[int, str]:
    """Describe, by line, how its role or its story's start changed."""

    def roles(pieces: Sequence[Piece]) -> dict[int, str]:
        role_of: dict[int, str] = {}
        for piece in pieces:
            role_of.setdefault(piece.line_no, piece.role)
        return role_of

    def starts(pieces: Sequence[Piece]) -> set[int]:
        first: dict[int, int] = {}
        for piece in pieces:
            first.setdefault(piece.story_no, piece.line_no)
        return {line for story_no, line in first.items() if story_no}

    old, new = roles(before), roles(after)
    changes = {
        line: f"was {old[line]}" for line, role in new.items() if old.get(line, role) != role
    }
    changes |= dict.fromkeys(starts(after) - starts(before), "now starts a story")
    gone = starts(before) - starts(after)
    return changes | {line: changes.get(line, "no longer starts a story") for line in gone}


def _cut(line: str, start: int, pieces: Sequence[Piece]) -> list[Run]:
    """Cut a line, which starts at an offset of the page, into runs of one role."""
    runs, at = [], start
    for piece in pieces:
        end = min(piece.start + len(piece.text), start + len(line))
        if piece.start > at:
            runs.append(_blank(line, start, at, piece.start))
        text = line[piece.start - start : end - start]
        family = FAMILIES.get(piece.role, CHROME) if piece.story_no else CHROME
        shown = text[:LINE_CHARS]
        more = len(text) - len(shown)
        runs.append(Run(shown, piece.start, end, piece.role, family, piece.reason, more))
        at = end
    if at < start + len(line):
        runs.append(_blank(line, start, at, start + len(line)))
    return runs


def _blank(line: str, start: int, first: int, last: int) -> Run:
    text = line[first - start : last - start]
    return Run(text[:LINE_CHARS], first, last, "", "", "", max(len(text) - LINE_CHARS, 0))

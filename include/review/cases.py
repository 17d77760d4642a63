"""
Render review cases: groups of quarantined stories that failed the same rules.

A story's text is untrusted. It is shown in a fenced block whose fence is longer than any in the
text, without control characters, and cropped to what a person needs in order to decide.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from include.errors import UsageWrong
from include.review.evidence import quote
from include.text import pluralize, sanitize

STORIES_A_CASE = 10  # what a person reads in one go; a page of about four screens
LINE_CHARS = 900  # of each line shown
WRAP_CHARS = 76  # of a row: the block of Airflow's page does not wrap; 84 overflowed at 1,400 px
LINES_SHOWN = 60  # of each story, with those around it
AROUND = 2  # lines above and below a story
INTRODUCTION = (
    "**Release** lands these stories as they are, flagged with the rules below. **Reject** keeps "
    "them aside for good. **Send back** splits their pages again, with the facts and corrections "
    "that you give. "
    "**Leave** asks again another day."
)
UNCLEAR = "**Your answer could not be followed, and nothing was done.**"
RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


@dataclass(frozen=True)
class Answer:
    """
    What a person answered.

    decision: release, reject, send_back; leave: nothing. only: numbers of stories, as `1, 3-5`;
    all when empty. corrections: of the split, one per line. facts: date, outlet, byline or headline
    of the stories chosen, by name. at: UTC.
    """

    decision: str
    by: str
    at: datetime
    only: str = ""
    note: str = ""
    corrections: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """A line of a page as it is shown: number from 1, role, text."""

    line_no: int
    role: str
    text: str


@dataclass(frozen=True)
class Observed:
    """A rule that a story broke, and the value that broke it."""

    rule: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class WaitingStory:
    """
    A quarantined story as it is shown, with the lines of its page; names as in `quarantine`.

    anchor: the line of its body's start; None if it has none. facts, evidence: Markdown, of what is
    known beside its text and of what broke each rule.
    """

    story_id: str
    page_id: str
    run_id: str
    text_hash: str
    source_name: str
    headline: str | None
    outlet: str | None
    confidence: float
    reasons: tuple[str, ...]
    failed_rules: tuple[str, ...]
    observed: tuple[Observed, ...]
    ingest_day: date
    anchor: int | None = None
    facts: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """
    Stories that are asked about together.

    cause: ids of the rules that each of them failed. notes: why each rule is as it is, by id.
    others: stories that wait, and are not asked about in this run.
    """

    cause: tuple[str, ...]
    notes: Mapping[str, str]
    stories: tuple[WaitingStory, ...]
    others: int


def group_waiting(waiting: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Group waiting stories by cause, the most common cause first."""
    causes: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for story in waiting:
        causes.setdefault(tuple(story["failed_rules"]), []).append(story)
    for stories in sorted(causes.values(), key=len, reverse=True):
        for begin in range(0, len(stories), STORIES_A_CASE):
            yield stories[begin : begin + STORIES_A_CASE]


def crop_lines(lines: Sequence[Line], first: int, last: int) -> list[Line]:
    """Give a story's lines and some around them; the middle of a long story is left out."""
    near = [line for line in lines if first - AROUND <= line.line_no <= last + AROUND]
    if len(near) <= LINES_SHOWN:
        return near
    half = LINES_SHOWN // 2
    gap = Line(0, "", f"({pluralize(len(near) - 2 * half, 'line')} more)")
    return [*near[:half], gap, *near[-half:]]


def choose_stories(text: str, count: int) -> list[int]:
    """
    Parse which stories an answer is for: `1, 3-5`; all if the text is empty.

    Returns:
        Ascending indexes from 0.
    Raises:
        UsageWrong: a part is not a number or range, or is out of range.
    """
    chosen: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = RANGE.fullmatch(part)
        low = int(match[1]) if match else 0
        high = int(match[2] or low) if match else 0
        if not 1 <= low <= high <= count:
            raise UsageWrong("stories", part, f"Write numbers from 1 to {count}, as in 1, 3-5.")
        chosen |= set(range(low - 1, high))
    return sorted(chosen) if text.strip() else list(range(count))


def name_subject(case: Case) -> str:
    """Give the subject line of the question."""
    return f"{pluralize(len(case.stories), 'story')} set aside by {', '.join(case.cause)}"


def write_body(case: Case, problem: str | None = None) -> str:
    """
    Give the question in Markdown: the cause, then each story with its figures and lines.

    Args:
        problem: why the answer before could not be followed.
    """
    rules = [f"- `{rule}`: {note}" for rule, note in case.notes.items()]
    parts = [
        *([f"{UNCLEAR} {quote(problem)}"] if problem else []),
        INTRODUCTION,
        "\n".join(rules),
        *(_write_story(number, story) for number, story in enumerate(case.stories, 1)),
    ]
    if case.others:
        wait = "1 more waits; it is" if case.others == 1 else f"{case.others} more wait; they are"
        parts.append(f"{wait} asked about next time.")
    return "\n\n".join(parts)


def _write_story(number: int, story: WaitingStory) -> str:
    facts = [
        f"file {quote(story.source_name)}",
        f"outlet {quote(story.outlet)}" if story.outlet else "no outlet named",
        *story.facts,
        f"confidence {story.confidence:.2f}",
        f"`{story.story_id}`",
    ]
    evidence = "\n\n".join(story.evidence)
    reasons = "".join(f"\n- {reason}" for reason in story.reasons)
    return (
        f"### Story {number}\n\n{evidence}\n\n{' · '.join(facts)}\n{reasons}\n\n"
        f"{fence([row for line in story.lines for row in _wrap(line)])}"
    )


def fence(rows: Sequence[str]) -> str:
    """Give rows without line ends, sanitized, in a fenced block that they cannot break out of."""
    longest = max((len(run) for row in rows for run in re.findall("`+", row)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *rows, fence])


def _wrap(line: Line) -> Iterator[str]:
    """Give a line of a page as rows, the first with its number and role."""
    text = sanitize(line.text)
    text = text if len(text) <= LINE_CHARS else text[: LINE_CHARS - 1] + "…"
    margin = f"{line.line_no or '':>5}  {line.role:<11} "
    for row in textwrap.wrap(text, WRAP_CHARS) or [""]:
        yield margin + row
        margin = " " * len(margin)

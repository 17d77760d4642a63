"""
Review quarantined stories: gather cases to ask a person about, and carry out the answers.

Like the steps of a run, each may run twice and returns the path of a receipt. An answer is written
once, however often it arrives; if the story has changed since, it is recorded as stale and has no
effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from include.config.settings import Settings
from include.intake.decoding.page import reread_text
from include.lake.decisions.chrome_book import read_book
from include.lake.decisions.decisions import (
    APPLIED,
    STALE,
    add_decisions,
    read_overrides,
    read_waiting,
)
from include.lake.reading.recall import Choice, read_recalled
from include.pipeline.receipt_types import (
    CaseReceipt,
    DecideReceipt,
    IntakeReceipt,
)
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.review.cases import (
    Answer,
    Line,
    Observed,
    WaitingStory,
    choose_stories,
    crop_lines,
    group_waiting,
)
from include.review.corrections import Page, Word, read_corrections, write_facts
from include.review.evidence import Part, explain, list_facts
from include.schema.lake import OVERRIDES, REVIEWS, STORY_SPANS

BODY_ROLES = ("body", "list")
REVIEWED = ("story_id", "page_id", "text_hash", "source_name", "failed_rules")


def gather_cases(settings: Settings, run_id: str) -> list[Path]:
    """Write the cases to ask about in this run, the most common cause first; give their paths."""
    folder = settings.receipts / run_key(run_id)
    waiting = read_waiting(settings.lake).to_dicts()
    notes = _read_notes()
    cases: list[Path] = []
    asked = list(islice(group_waiting(waiting), settings.review_cases))
    others = len(waiting) - sum(map(len, asked))
    for number, stories in enumerate(asked):
        cause = tuple(stories[0]["failed_rules"])
        case = CaseReceipt(
            case_id=f"{run_id}/{number:02d}",
            label=f"{', '.join(cause)}: {len(stories)}",
            cause=cause,
            notes={rule: notes.get(rule, "") for rule in cause},
            stories=tuple(read_story(settings, story) for story in stories),
            others=others,
        )
        cases.append(write_receipt(folder / f"case-{number:02d}.json", case))
    return cases


def decide(settings: Settings, case_receipt: str | Path, answer: Answer) -> Path:
    """
    Write a person's decision to the lake.

    Returns:
        The path of the decision's receipt.
    Raises:
        UsageWrong: the answer cannot be parsed; nothing is written.
        LakeLocked: a run is landing.
    """
    case = read_receipt(case_receipt, CaseReceipt)
    stories = case.stories
    chosen = [stories[place] for place in choose_stories(answer.only, len(stories))]
    overrides = _read_overrides(settings, stories, answer)
    known = set(read_waiting(settings.lake).select("story_id", "text_hash").rows())
    rows = [] if answer.decision == "leave" else [_row(s, case, answer, known) for s in chosen]
    reviews = pa.Table.from_pylist(rows, schema=REVIEWS.schema())
    metadata = {"copydesk_case": case.case_id}
    if len(overrides):
        add_decisions(settings.lake, OVERRIDES, overrides, metadata)
    if rows:
        add_decisions(settings.lake, REVIEWS, reviews, metadata)
    applied = [row for row in rows if row["outcome"] == APPLIED and row["decision"] != "reject"]
    pages = {row["page_id"] for row in applied} | set(overrides["page_id"].drop_null().to_pylist())
    done = DecideReceipt(
        case_id=case.case_id,
        recalled=tuple(sorted(pages)),
        decided=len(rows),
        stale=sum(row["outcome"] == STALE for row in rows),
        overrides=tuple(overrides["override_id"].to_pylist()),
    )
    return write_receipt(Path(case_receipt).with_suffix(".decided.json"), done)


def check_answer(settings: Settings, case_receipt: str | Path, answer: Answer) -> None:
    """
    Read an answer as `decide` will, and write nothing.

    Raises:
        UsageWrong: the answer cannot be read; the way out is told.
    """
    stories = read_receipt(case_receipt, CaseReceipt).stories
    choose_stories(answer.only, len(stories))
    _read_overrides(settings, stories, answer)


def edit_again(
    settings: Settings, run_id: str, now: datetime, page_ids: frozenset[str]
) -> Path | None:
    """
    Split, judge and gate some pages again, by the same steps as new pages.

    Returns:
        The path of the gate's receipt; None if all of the pages were revised since.
    """
    from include.model import REVIEW
    from include.pipeline import steps

    choice = Choice(page_ids=page_ids)
    receipt = steps.recall(settings, run_id, now, choice, REVIEW)
    batches = read_receipt(receipt, IntakeReceipt).batches
    if not batches:
        return None
    return steps.gate(settings, receipt, [steps.judge(steps.split(batch)) for batch in batches])


def read_page(settings: Settings, page_id: str, run_id: str, day: date) -> Page:
    """Read a page of the lake, with its lines numbered as corrections name them."""
    from include.splitter.inspect_page import number_lines

    (page,) = next(read_recalled(settings.lake, day, [(page_id, run_id)], reread_text)).to_pylist()
    return Page(page_id, page["name"], number_lines(page["text"]))


def read_story(settings: Settings, story: Mapping[str, Any]) -> WaitingStory:
    """Give a row of `quarantine` with the lines of its page: the story's, and those around."""
    from include.splitter.chrome_book.book import open_book
    from include.splitter.inspect_page import name_page
    from include.splitter.overrides import open_overrides

    key = [(story["page_id"], story["run_id"])]
    (page,) = next(read_recalled(settings.lake, story["ingest_day"], key, reread_text)).to_pylist()
    book = open_book(read_book(settings.lake).lines)
    overrides = open_overrides(read_overrides(settings.lake))
    pieces = name_page(story["page_id"], page["text"], book, overrides)
    spans = [span for name in STORY_SPANS for span in story[name]]
    mine = [p for p in pieces if any(s["start"] <= p.start < s["end"] for s in spans)]
    own = [piece.line_no for piece in mine]
    anchor = next((p.line_no for p in mine if p.role in BODY_ROLES), None)
    parts = [Part(piece.role, piece.text, piece.hit) for piece in mine]
    lines = [Line(piece.line_no, piece.role, piece.text) for piece in pieces]
    first, last = (min(own), max(own)) if own else (0, len(lines))
    return WaitingStory(
        story_id=story["story_id"],
        page_id=story["page_id"],
        run_id=story["run_id"],
        text_hash=story["text_hash"],
        source_name=story["source_name"],
        headline=story["headline"],
        outlet=story["outlet"],
        confidence=story["confidence"],
        reasons=tuple(story["reasons"]),
        failed_rules=tuple(story["failed_rules"]),
        observed=tuple(Observed(broken["rule"], broken["value"]) for broken in story["observed"]),
        ingest_day=story["ingest_day"],
        anchor=anchor,
        facts=tuple(list_facts(story, page["url"])),
        evidence=tuple(explain(o["rule"], o["value"], story, parts) for o in story["observed"]),
        lines=tuple(crop_lines(lines, first, last)),
    )


def parse_corrections(corrections: str, pages: Sequence[Page], word: Word) -> pa.Table:
    """
    Parse corrections and check their patterns; rows of `OVERRIDES`.

    Raises:
        UsageWrong: a line cannot be parsed, or names no line of the pages.
    """
    from include.splitter.overrides import check_pattern

    overrides = read_corrections(corrections, pages, word)
    for pattern in overrides["pattern"].drop_null().to_pylist():
        check_pattern(pattern)
    return overrides


def _read_overrides(
    settings: Settings, stories: Sequence[WaitingStory], answer: Answer
) -> pa.Table:
    pages = []
    chosen = choose_stories(answer.only, len(stories))
    anchors = {place + 1: stories[place].anchor for place in chosen}
    said = [*answer.corrections.splitlines(), *write_facts(answer.facts, anchors, len(stories))]
    corrections = "\n".join(said)
    if corrections.strip():
        pages = [read_page(settings, s.page_id, s.run_id, s.ingest_day) for s in stories]
    return parse_corrections(corrections, pages, Word(answer.by, answer.at, answer.note or None))


def _row(
    story: WaitingStory, case: CaseReceipt, answer: Answer, known: set[tuple[str, str]]
) -> dict[str, Any]:
    """Give one story's row of `reviews`."""
    waits = (story.story_id, story.text_hash) in known
    key = f"{case.case_id} {story.story_id} {story.text_hash}"
    return {
        **{name: getattr(story, name) for name in REVIEWED},
        "review_id": sha256(key.encode()).hexdigest()[:24],
        "decision": answer.decision,
        "outcome": APPLIED if waits else STALE,
        "note": answer.note or None,
        "decided_by": answer.by,
        "decided_at": answer.at,
        "case_id": case.case_id,
    }


def _read_notes() -> dict[str, str]:
    from include.quality.suites.suite import load_suite

    return {rule.id: rule.note for rule in load_suite("stories").rules}

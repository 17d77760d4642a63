"""
Reviewing: what a person is asked about stories set aside, and what their answer does.

Like the steps of a run, each may run twice and hands on the path of a receipt. An answer is written
once however often it arrives; one on a story that has changed since is kept as stale, and does
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
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
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.review.cases import (
    Answer,
    Line,
    choose_stories,
    crop_lines,
    group_waiting,
)
from include.review.corrections import Page, Word, read_corrections, write_facts
from include.review.evidence import Part, explain, list_facts
from include.schema.lake import OVERRIDES, REVIEWS

SPAN_COLUMNS = ("headline_spans", "body_spans", "caption_spans", "other_spans")
TOLD = (
    "story_id", "page_id", "run_id", "text_hash", "source_name", "headline", "outlet",
    "confidence", "reasons", "failed_rules", "observed",
)  # fmt: skip
BODY_ROLES = ("body", "list")
REVIEWED = ("story_id", "page_id", "text_hash", "source_name", "failed_rules")


def gather_cases(settings: Settings, run_id: str) -> list[Path]:
    """Write what waits as cases, the commonest cause first, as many as are asked at once."""
    folder = settings.receipts / run_key(run_id)
    waiting = read_waiting(settings.lake).to_dicts()
    notes = _read_notes()
    cases: list[Path] = []
    asked = list(islice(group_waiting(waiting), settings.review_cases))
    others = len(waiting) - sum(map(len, asked))
    for number, stories in enumerate(asked):
        content = {
            "case_id": f"{run_id}/{number:02d}",
            "label": f"{', '.join(stories[0]['failed_rules'])}: {len(stories)}",
            "cause": stories[0]["failed_rules"],
            "notes": {rule: notes.get(rule, "") for rule in stories[0]["failed_rules"]},
            "stories": [_tell(settings, story) for story in stories],
            "others": others,
        }
        cases.append(write_receipt(folder / f"case-{number:02d}.json", "case", content))
    return cases


def decide(settings: Settings, case_receipt: str | Path, answer: Answer) -> Path:
    """
    Write what a person decided to the lake.

    Returns:
        The decision's receipt: `recalled`, pages to be split again; how many stories were
        `decided`, and how many of them were `stale`.
    Raises:
        UsageWrong: the answer cannot be read; nothing is written, and the way out is told.
        LakeLocked: a run is landing.
    """
    case = read_receipt(case_receipt, "case")
    stories = case["stories"]
    chosen = [stories[place] for place in choose_stories(answer.only, len(stories))]
    overrides = _read_overrides(settings, stories, answer)
    known = set(read_waiting(settings.lake).select("story_id", "text_hash").rows())
    rows = [] if answer.decision == "leave" else [_row(s, case, answer, known) for s in chosen]
    reviews = pa.Table.from_pylist(rows, schema=REVIEWS.schema())
    told = {"copydesk_case": case["case_id"]}
    if len(overrides):
        add_decisions(settings.lake, OVERRIDES, overrides, told)
    if rows:
        add_decisions(settings.lake, REVIEWS, reviews, told)
    applied = [row for row in rows if row["outcome"] == APPLIED and row["decision"] != "reject"]
    pages = {row["page_id"] for row in applied} | set(overrides["page_id"].drop_null().to_pylist())
    content = {
        "case_id": case["case_id"],
        "recalled": sorted(pages),
        "decided": len(rows),
        "stale": sum(row["outcome"] == STALE for row in rows),
        "overrides": [override["override_id"] for override in overrides.to_pylist()],
    }
    path = Path(case_receipt)
    return write_receipt(path.with_suffix(".decided.json"), "decide", content)


def check_answer(settings: Settings, case_receipt: str | Path, answer: Answer) -> None:
    """
    Read an answer as `decide` will, and write nothing.

    Raises:
        UsageWrong: the answer cannot be read; the way out is told.
    """
    stories = read_receipt(case_receipt, "case")["stories"]
    choose_stories(answer.only, len(stories))
    _read_overrides(settings, stories, answer)


def edit_again(
    settings: Settings, run_id: str, now: datetime, page_ids: frozenset[str]
) -> Path | None:
    """
    Split, judge and weigh some pages again, by the steps every page takes.

    Returns:
        The gate's receipt; None where none of the pages stands any more: they were revised.
    """
    from include.model import REVIEW
    from include.pipeline import steps

    choice = Choice(page_ids=page_ids)
    receipt = steps.recall(settings, run_id, now, choice, REVIEW)
    batches = read_receipt(receipt, "intake")["batches"]
    if not batches:
        return None
    return steps.gate(settings, receipt, [steps.judge(steps.split(batch)) for batch in batches])


def read_page(settings: Settings, page_id: str, run_id: str, day: date) -> Page:
    """Give a page of the lake as corrections speak of it."""
    from include.splitter.inspect_page import number_lines

    (page,) = next(read_recalled(settings.lake, day, [(page_id, run_id)], reread_text)).to_pylist()
    return Page(page_id, page["name"], number_lines(page["text"]))


def _tell(settings: Settings, story: Mapping[str, Any]) -> dict[str, Any]:
    """Give a story as a case holds it: its facts, and its lines with those around."""
    from include.splitter.chrome_book.book import open_book
    from include.splitter.inspect_page import name_page
    from include.splitter.overrides import open_overrides

    key = [(story["page_id"], story["run_id"])]
    (page,) = next(read_recalled(settings.lake, story["ingest_day"], key, reread_text)).to_pylist()
    book = open_book(read_book(settings.lake).lines)
    overrides = open_overrides(read_overrides(settings.lake))
    pieces = name_page(story["page_id"], page["text"], book, overrides)
    spans = [span for name in SPAN_COLUMNS for span in story[name]]
    mine = [p for p in pieces if any(s["start"] <= p.start < s["end"] for s in spans)]
    own = [piece.line_no for piece in mine]
    anchor = next((p.line_no for p in mine if p.role in BODY_ROLES), None)
    parts = [Part(piece.role, piece.text, piece.hit) for piece in mine]
    lines = [Line(piece.line_no, piece.role, piece.text) for piece in pieces]
    first, last = (min(own), max(own)) if own else (0, len(lines))
    return {
        **{name: story[name] for name in TOLD},
        "ingest_day": story["ingest_day"].isoformat(),
        "anchor": anchor,
        "facts": list_facts(story, page["url"]),
        "evidence": [explain(o["rule"], o["value"], story, parts) for o in story["observed"]],
        "lines": [asdict(line) for line in crop_lines(lines, first, last)],
    }


def _read_overrides(settings: Settings, stories: list[dict[str, Any]], answer: Answer) -> pa.Table:
    from include.splitter.overrides import check_pattern

    pages = []
    chosen = choose_stories(answer.only, len(stories))
    anchors = {place + 1: stories[place]["anchor"] for place in chosen}
    said = [*answer.corrections.splitlines(), *write_facts(answer.facts, anchors, len(stories))]
    corrections = "\n".join(said)
    if corrections.strip():
        days = [date.fromisoformat(story["ingest_day"]) for story in stories]
        pages = [
            read_page(settings, story["page_id"], story["run_id"], day)
            for story, day in zip(stories, days, strict=True)
        ]
    word = Word(answer.by, answer.at, answer.note or None)
    overrides = read_corrections(corrections, pages, word)
    for pattern in overrides["pattern"].drop_null().to_pylist():
        check_pattern(pattern)
    return overrides


def _row(
    story: Mapping[str, Any], case: Mapping[str, Any], answer: Answer, known: set[tuple[str, str]]
) -> dict[str, Any]:
    """Give one story's row of `reviews`."""
    waits = (story["story_id"], story["text_hash"]) in known
    key = f"{case['case_id']} {story['story_id']} {story['text_hash']}"
    return {
        **{name: story[name] for name in REVIEWED},
        "review_id": sha256(key.encode()).hexdigest()[:24],
        "decision": answer.decision,
        "outcome": APPLIED if waits else STALE,
        "note": answer.note or None,
        "decided_by": answer.by,
        "decided_at": answer.at,
        "case_id": case["case_id"],
    }


def _read_notes() -> dict[str, str]:
    from include.quality.suites.suite import load_suite

    return {rule.id: rule.note for rule in load_suite("stories").rules}

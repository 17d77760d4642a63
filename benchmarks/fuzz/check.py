"""
Ingest mutated inputs through the real steps, and check what must hold for any input.

Every input is accounted for: landed, without a story, redelivered, unpacked, or rejected with a
reason; each character of a landed page is in one story, in the quarantine or in chrome; rejected
bytes are kept; the sound pages of the same inbox land; a second run takes nothing; and no lot takes
longer than its budget. A page that fails in the splitter or the suite is set aside and harms no
other page, but still counts as wrong.
"""

from __future__ import annotations

import hashlib
import re
import resource
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.fuzz.formats import list_texts
from benchmarks.fuzz.mutations import Input
from include.config.settings import Settings
from include.intake.archives.limits import Limits
from include.intake.decoding.page import reread_text
from include.lake.delta.tables import open_table
from include.model import BLANKS, Opening
from include.pipeline import steps
from include.pipeline.intake_options import read_limits
from include.pipeline.receipt_types import IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt
from include.quality.gate.gate import NEVER_OPENED
from include.quality.suites.suite import load_suite
from include.schema.lake import CHROME, PAGES, QUARANTINE, STORIES, STORY_SPANS
from include.warehouse.read import run_query

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
SOUND = ("0-first.txt", "zz-last.txt")  # pages without damage, before and after the inputs
OUR_FAULTS = ("split_failed", "judge_failed", "spans_unbalanced", "crashed")
# CPU time of a lot: imports, models and commits, and ten times what honest pages take per MB.
LOT_S, S_PER_MB = 30.0, 4.0
INK = re.compile(f"[^{BLANKS[1:-1]}]")


@dataclass(frozen=True)
class Result:
    """
    The outcome of one input, from its row in `pages`.

    wrong: what should not have happened; empty if nothing.
    """

    key: str
    outcome: str
    reason: str | None
    wrong: tuple[str, ...]


@dataclass(frozen=True)
class Lot:
    """Results of inputs ingested together, and the CPU time (s), child processes included."""

    results: tuple[Result, ...]
    seconds: float


def ingest_lot(inputs: Sequence[Input], folder: Path) -> Lot:
    """
    Ingest inputs together, in a home of their own below `folder`.

    If the run stops, the halves are ingested, down to the input that stops a run by itself.
    """
    began_s = _cpu_s()
    try:
        results = _ingest(inputs, folder)
    except Exception as exc:
        stopped = f"the run stopped: {type(exc).__name__}: {str(exc)[:200]}"
        results = _ingest_halves(inputs, folder, stopped)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds, size = _cpu_s() - began_s, sum(len(made.raw) for made in inputs)
    allowed_s = LOT_S + size / 1e6 * S_PER_MB
    if seconds > allowed_s:
        slow = f"its lot took {seconds:.0f} s of CPU, {allowed_s:.0f} were allowed"
        results = tuple(Result(r.key, r.outcome, r.reason, (*r.wrong, slow)) for r in results)
    return Lot(results, seconds)


def write_lot(inputs: Sequence[Input], inbox: Path) -> None:
    """Write inputs into an inbox, with two sound pages."""
    inbox.mkdir(parents=True)
    for made in inputs:
        (inbox / made.name).write_bytes(made.raw)
    for name, text in zip(SOUND, list_texts(), strict=False):
        (inbox / name).write_text(f"{text}\n\nThis is {name}.", encoding="utf-8")


def open_all() -> Opening:
    """Open the gate for every rule that compares with usual figures; these lots are unusual."""
    critical = [rule.id for rule in load_suite("run").rules if rule.severity == "critical"]
    return Opening(tuple(r for r in critical if r not in NEVER_OPENED), "fuzz", NOW)


def check_lake(settings: Settings, inputs: Sequence[Input]) -> Iterator[Result]:
    """Compare what has landed with the inputs; yields a result for each, in their order."""
    rows_by_file: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in open_table(settings.lake, PAGES).to_pyarrow_table().to_pylist():
        rows_by_file[row["name"].split("!")[0]].append(row)
    spans = _read_spans(settings)
    limits = read_limits(settings)
    for made in inputs:
        rows = rows_by_file.pop(made.name, [])
        own = [row for row in rows if row["name"] == made.name]
        wrong = [] if len(own) == 1 else [f"{len(own)} rows instead of one"]
        for row in rows:
            wrong += _check_row(row, spans)
        for row in own:
            wrong += _check_file(row, made, limits)
        outcome, reason = (own[0]["outcome"], own[0]["reason"]) if own else ("lost", None)
        yield Result(made.key, outcome, reason, tuple(wrong))
    for name in SOUND:
        (row,) = rows_by_file.pop(name)
        assert row["outcome"] == "landed", f"{name} has not landed: {row['outcome']}"
    assert not rows_by_file, f"rows of unknown files: {[*rows_by_file]}"


def _ingest_halves(inputs: Sequence[Input], folder: Path, stopped: str) -> tuple[Result, ...]:
    """Ingest both halves; if neither half stops, the first result gets the message `stopped`."""
    results: list[Result] = []
    half = len(inputs) // 2
    for name, some in (("1", inputs[:half]), ("2", inputs[half:])):
        if half:
            results += ingest_lot(some, folder / name).results
    if not any(result.wrong for result in results):
        results[:1] = [Result(inputs[0].key, "stopped", None, (stopped,))]
    return tuple(results)


def _ingest(inputs: Sequence[Input], folder: Path) -> tuple[Result, ...]:
    inbox = folder / "inbox"
    write_lot(inputs, inbox)
    settings = Settings(home=folder / "home", inbox=inbox, settle_s=0.0)
    now = NOW.replace(year=datetime.now(UTC).year + 1)  # after the files were written
    taken = steps.intake(settings, "first", now)
    receipt = read_receipt(taken, IntakeReceipt)
    judged = [steps.judge(steps.split(batch)) for batch in receipt.batches]
    landed = steps.land(settings, steps.gate(settings, taken, judged, open_all()), now)
    steps.publish(settings)
    run = read_receipt(landed, LandReceipt).run
    counted = run_query(settings.warehouse, "select count(*) as n from stories").to_pylist()
    assert counted[0]["n"] == run["stories_landed"], "the warehouse lost stories"
    again = read_receipt(
        steps.intake(settings, "second", now + timedelta(hours=1)), IntakeReceipt
    ).tally
    assert again.skipped == len(inputs) + len(SOUND), f"a second run took files: {again}"
    return tuple(check_lake(settings, inputs))


def _check_file(row: dict[str, Any], made: Input, limits: Limits) -> Iterator[str]:
    """Yield what is wrong with the row of a file in the inbox."""
    if row["page_id"] != hashlib.sha256(made.raw).hexdigest():
        yield "page_id is not the hash of the file"
    is_kept = row["outcome"] in ("landed", "no_story", "rejected")
    if is_kept and row["raw"] != made.raw and len(made.raw) <= limits.max_page_bytes:
        yield f"the bytes of a page that is {row['outcome']} are not kept"


def _check_row(row: dict[str, Any], spans: dict[str, list[tuple[int, int]]]) -> Iterator[str]:
    """Yield what is wrong with the row of a page, a member or an archive."""
    reason = row["reason"]
    if row["outcome"] == "rejected" and not reason:
        yield "rejected without a reason"
    if reason and reason.startswith(OUR_FAULTS):
        yield f"{reason} ({row['name'][:80]!r})"
    if row["outcome"] not in ("landed", "no_story"):
        return
    text = reread_text(*(row[name] for name in ("raw", "encoding", "media_type", "text_from")))
    of_page = sorted(spans.get(row["page_id"], []))
    if any(before[1] > after[0] for before, after in pairwise(of_page)):
        yield "two spans overlap"
    inside = sum(len(INK.findall(text, *span)) for span in of_page)
    whole = len(INK.findall(text))
    if inside != whole or inside != row["story_chars"] + row["chrome_chars"]:
        yield f"{whole} characters on the page, {inside} in spans"


def _read_spans(settings: Settings) -> dict[str, list[tuple[int, int]]]:
    """Read the spans of all stories, landed or quarantined, and of chrome, by page_id."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind in (STORIES, QUARANTINE):
        for row in open_table(settings.lake, kind).to_pyarrow_table().to_pylist():
            for name in STORY_SPANS:
                spans[row["page_id"]] += [(span["start"], span["end"]) for span in row[name]]
    for row in open_table(settings.lake, CHROME).to_pyarrow_table().to_pylist():
        spans[row["page_id"]].append((row["start"], row["end"]))
    return spans


def _cpu_s() -> float:
    """Return the CPU time of this process and of those it started that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime

"""Receipts that earlier versions left on disk are read: a run begun before an upgrade finishes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from include.errors import ReceiptMissing
from include.model import INGEST, FileTally
from include.pipeline.maintenance_receipts import (
    CompactedDay,
    CompactReceipt,
    GatherReceipt,
    LearnReceipt,
    VacuumReceipt,
)
from include.pipeline.receipt_types import (
    BatchReceipt,
    CaseReceipt,
    ClosedReceipt,
    CompareReceipt,
    DecideReceipt,
    GateReceipt,
    IntakeReceipt,
    JudgeReceipt,
    LandReceipt,
    Receipt,
    SplitReceipt,
)
from include.pipeline.receipts import read_receipt
from include.review.comparison import Counts

R = TypeVar("R", bound=Receipt)
STARTED = datetime(2026, 11, 21, 6, tzinfo=UTC)
RUN = {"run_id": "run 1", "started_at": "2026-11-21T06:00:00+00:00"}
BATCH = {**RUN, "batch_id": "batch-0000", "label": "batch-0000: 2 pages"}
TALLY = {"seen": 2, "taken": 2, "rejected": 0, "redelivered": 0, "skipped": 0, "waiting": 0}
VERSIONS = {"splitter_version": "7", "suite_version": "1+3f2a9c"}
ROWS = ("pages", "stories", "chrome", "quarantine", "quality_results")
STORY = {
    "story_id": "s", "page_id": "p", "run_id": "run 1", "text_hash": "h", "source_name": "a.txt",
    "headline": None, "outlet": None, "confidence": 1, "reasons": ["alone"],
    "failed_rules": ["body.length"], "observed": [{"rule": "body.length", "value": "3"}],
    "ingest_day": "2026-11-21", "lines": [{"line_no": 1, "role": "body", "text": "It rained."}],
}  # fmt: skip
CHANGE = {
    "page_id": "p", "source_name": "a.txt", "outlet": None, "change": "added", "what": [],
    "story_id_before": None, "story_id_after": "s", "headline_before": None, "headline_after": "H",
    "verdict_before": None, "verdict_after": "landed", "body_chars_before": None,
    "body_chars_after": 12, "changed_chars": 12, "diff": "+H", "splitter_version_before": None,
    "splitter_version_after": "7",
}  # fmt: skip
OLDER: dict[type[Receipt], dict[str, Any]] = {
    IntakeReceipt: {**RUN, "inbox": "/in", "tally": TALLY, "batches": ["/r/batch-0000.json"]},
    BatchReceipt: {**BATCH, "pages": "/r/pages.arrow"},
    SplitReceipt: {
        **BATCH, "pages": "/r/pages.arrow", "stories": "/r/stories.arrow",
        "chrome": "/r/chrome.arrow", "splitter_version": "7",
    },
    JudgeReceipt: {
        **BATCH, **VERSIONS, "shapes": "/r/shapes.arrow",
        "rows": {name: f"/r/{name}.arrow" for name in ROWS},
        "tally": {"stories": 2, "landed": 1, "quarantined": 1},
    },
    GateReceipt: {
        **RUN, **VERSIONS, "inbox": "/in", "tally": TALLY,
        "rows": {name: [f"/r/{name}.arrow"] for name in ROWS},
    },
    ClosedReceipt: {"run_id": "run 1", "broken": ["run.files"]},
    LandReceipt: {
        **RUN, "inbox": "/in", "run": {"files_taken": 2, "finished_at": None},
        "days": ["2026-11-21"], "lake_key": "pages=3",
    },
    CompareReceipt: {
        **RUN, "inbox": "/in", "gate": "/r/gate.json", "changes": "/r/changes.arrow",
        "report": "/r/report.html", "pages": 1, "totals": {"added": 1, "after": 1},
        "outlets": [{"outlet": None, "added": 1, "after": 1, "before": 0}], "examples": [CHANGE],
        "splitters_before": [], "splitter_version": "7",
    },
    CaseReceipt: {
        "case_id": "run 1/00", "label": "body.length: 1", "cause": ["body.length"],
        "notes": {"body.length": "Shorter is no story."}, "stories": [STORY], "others": 0,
    },
    DecideReceipt: {
        "case_id": "run 1/00", "recalled": ["p"], "decided": 1, "stale": 0, "overrides": [],
    },
    CompactReceipt: {
        "days": [{"table": "pages", "day": "2026-11-21", "files": [3, 1], "size_bytes": [30, 9]}],
        "files": [3, 1], "size_bytes": [30, 9], "left": 0,
    },
    VacuumReceipt: {
        "removed_files": 1, "removed_bytes": 9, "kept_files": 0, "orphan_files": 0, "unread": [],
    },
    GatherReceipt: {"files": ["pages/a.parquet"], "pages_version": 3, "read": 1},
    LearnReceipt: {"book_version": 2, "changed": True, "lines": 7, "pages": 40},
}  # fmt: skip


def read_older(folder: Path, kind: type[R], **changes: Any) -> R:
    path = folder / "receipt.json"
    path.write_text(json.dumps({"step": kind.step, **OLDER[kind], **changes}))
    return read_receipt(path, kind)


@pytest.mark.parametrize("kind", OLDER, ids=lambda kind: kind.step)
def test_a_receipt_of_an_earlier_version_is_read(tmp_path: Path, kind: type[Receipt]) -> None:
    assert read_older(tmp_path, kind).step == kind.step


def test_keys_that_came_later_have_defaults(tmp_path: Path) -> None:
    intake = read_older(tmp_path, IntakeReceipt)
    assert (intake.kind, intake.inboxes, intake.late) == (INGEST, (), None)
    assert intake.tally == FileTally(seen=2, taken=2)
    gate = read_older(tmp_path, GateReceipt)
    assert (gate.kind, gate.book_version) == (INGEST, None)
    batch = read_older(tmp_path, BatchReceipt, ingest_day=None)
    assert batch.run.ingest_day == STARTED.date()


def test_values_are_read_as_their_types(tmp_path: Path) -> None:
    assert read_older(tmp_path, IntakeReceipt).batches == (Path("/r/batch-0000.json"),)
    assert read_older(tmp_path, LandReceipt).days == (date(2026, 11, 21),)
    assert read_older(tmp_path, CompareReceipt).totals == Counts(added=1, after=1)
    days = read_older(tmp_path, CompactReceipt).days
    assert days == (CompactedDay("pages", date(2026, 11, 21), (3, 1), (30, 9)),)


@pytest.mark.parametrize("kind", OLDER, ids=lambda kind: kind.step)
def test_a_key_that_is_missing_or_of_another_type_is_named(
    tmp_path: Path, kind: type[Receipt]
) -> None:
    key = list(OLDER[kind])[-1]
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps({"step": kind.step, **OLDER[kind], key: [{}]}))
    with pytest.raises(ReceiptMissing, match=key):
        read_receipt(path, kind)
    content = {name: value for name, value in OLDER[kind].items() if name != key}
    path.write_text(json.dumps({"step": kind.step, **content}))
    with pytest.raises(ReceiptMissing, match=f"`{key}`.*Clear the run's first task"):
        read_receipt(path, kind)

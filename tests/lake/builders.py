"""
Small runs without a splitter: an inbox is a dict of texts, and a line's first letter is its role.

"S headline|body" is a story, "Q headline|body" one that fails, "U url" the page's URL, "O outlet"
its outlet (none if empty), "T words" a dated line of the story before it on a page that was fetched
at dawn, any other line chrome; a text that begins with "<" is rejected. Files are taken as intake
takes them: by what stands in the ledger.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from include.lake.delta.tables import has_table
from include.lake.landing.land import land_run
from include.lake.landing.rows import lake_rows, ledger_rows
from include.model import FileTally, GatedRun, Judged, Landed, Run
from include.schema import lake as lake_schema
from include.storage.frames import write_frame
from tests.lake.ledgers import Ledger, read_ledger

DAWN = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
INBOX = "/inbox"


def run_at(minute: int, run_id: str | None = None) -> Run:
    return Run(run_id or f"cli__{minute:03d}", DAWN + timedelta(minutes=minute))


def page_id_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def page_row(name: str, text: str, ledger: Ledger, seen: set[str]) -> dict[str, Any] | None:
    page_id = page_id_of(text)
    if ledger.newest.get((INBOX, name)) == page_id:
        return None
    outcome = "redelivered" if page_id in ledger.page_ids | seen else "taken"
    if text.startswith("<"):
        outcome = "rejected"
    seen.add(page_id)
    return {
        "page_id": page_id,
        "name": name,
        "inbox": INBOX,
        "size_bytes": len(text.encode()),
        "modified_at": DAWN,
        "outcome": outcome,
        "reason": "html" if outcome == "rejected" else None,
        "encoding": "utf-8",
        "replaced_chars": 0,
        "flags": [],
        "text": text if outcome == "taken" else None,
        "raw": None if outcome == "redelivered" else text.encode(),
        "fetched_at": fetched_at(text),
    }


def fetched_at(text: str) -> datetime | None:
    return DAWN if "\nT " in text else None


def pages_table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=lake_schema.schema_of(lake_schema.BATCH_PAGES))


def split_lines(row: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    stories: list[dict[str, Any]] = []
    chrome: list[dict[str, Any]] = []
    outlet: str | None
    at, url, outlet = 0, None, "Herald"
    for number, line in enumerate(row["text"].split("\n"), 1):
        if line[:2] in ("S ", "Q "):
            stories.append(story_row(row, line, at, len(stories) + 1))
        elif line.startswith("T ") and stories:
            span = {"start": at, "end": at + len(line), "role": "dateline"}
            stories[-1]["other_spans"].append(span)
        elif line:
            chrome.append(chrome_row(row, line, at, number, len(chrome) + 1))
        if line.startswith("U "):
            url = line[2:]
        if line.startswith("O "):
            outlet = line[2:] or None
        at += len(line) + 1
    for story in stories:
        story |= {"url": url, "outlet": outlet}
    return stories, chrome


def story_row(row: dict[str, Any], line: str, at: int, number: int) -> dict[str, Any]:
    headline, _, body = line.partition("|")
    cut = at + len(headline)
    key = hashlib.sha256(f"{row['page_id']}:{cut}".encode()).hexdigest()[:24]
    return {
        "story_id": key,
        "page_id": row["page_id"],
        "source_name": row["name"],
        "story_no": number,
        "page_stories": 1,
        "headline": headline[2:],
        "headline_source": "text",
        "deck": None,
        "body": body,
        "byline": None,
        "dateline": None,
        "published_at": None,
        "published_precision": None,
        "published_source": None,
        "outlet": "Herald",
        "url": None,
        "agencies": [],
        "tags": [],
        "captions": [{"text": "a picture", "credit": "EPA"}],
        "language": "en",
        "words": len(body.split()),
        "body_chars": len(body),
        "page_chars": len(row["text"]),
        "headline_spans": [{"start": at, "end": cut}],
        "body_spans": [{"start": cut, "end": at + len(line)}],
        "caption_spans": [],
        "other_spans": [],
        "chrome_hits": 0,
        "confidence": 0.9,
        "reasons": ["test"],
        "text_hash": hashlib.sha256(line[2:].encode()).hexdigest(),
        "hash_version": 2,
        "splitter_version": "test-1",
        "failed": line[0] == "Q",
    }


def chrome_row(
    row: dict[str, Any], line: str, at: int, line_no: int, number: int
) -> dict[str, Any]:
    return {
        "page_id": row["page_id"],
        "chrome_no": number,
        "line_no": line_no,
        "start": at,
        "end": at + len(line),
        "role": "advert",
        "reason": "test",
        "text": line,
    }


def split_rows(rows: list[dict[str, Any]]) -> tuple[Judged, pa.Table]:
    stories: list[dict[str, Any]] = []
    chrome: list[dict[str, Any]] = []
    for row in rows:
        if row["outcome"] == "taken":
            found, rest = split_lines(row)
            stories += found
            chrome += rest
    parts = [*lake_schema.STORY_PARTS, lake_schema.FLAGS]
    failed = [c for c in lake_schema.QUARANTINE.columns if c.name in FAILED]
    landed = [{**s, "quality_flags": []} for s in stories if not s["failed"]]
    aside = [{**s, **FAILED, "quality_flags": ["w"]} for s in stories if s["failed"]]
    judged = Judged(
        pa.Table.from_pylist(landed, schema=lake_schema.schema_of(parts)),
        pa.Table.from_pylist(aside, schema=lake_schema.schema_of([*parts, *failed])),
        results_table(),
    )
    return judged, pa.Table.from_pylist(
        chrome, schema=lake_schema.schema_of(lake_schema.CHROME_PARTS)
    )


FAILED: dict[str, Any] = {
    "failed_rules": ["body.length"],
    "observed": [{"rule": "body.length", "value": "3"}],
    "suite_version": "1",
}


def results_table() -> pa.Table:
    row = {
        "batch_id": "batch-0000",
        "suite": "stories",
        "suite_version": "1",
        "rule_id": "body.length",
        "expectation": "expect_column_values_to_be_between",
        "check_column": "body_chars",
        "severity": "critical",
        "scope": "row",
        "status": "pass",
        "evaluated": 10,
        "failed": 1,
        "observed": None,
        "bound": ">= 12",
        "checked_at": DAWN,
    }
    names = set(row)
    kept = [c for c in lake_schema.QUALITY_RESULTS.columns if c.name in names]
    return pa.Table.from_pylist([row], schema=lake_schema.schema_of(kept))


def judge_files(
    folder: Path, run: Run, files: dict[str, str], ledger: Ledger, batch_files: int = 2
) -> GatedRun:
    """Give what an inbox lands, as `pipeline.steps` makes it with the real rooms."""
    seen: set[str] = set()
    told = [page_row(name, text, ledger, seen) for name, text in sorted(files.items())]
    rows = [row for row in told if row]
    count = {
        outcome: sum(row["outcome"] == outcome for row in rows)
        for outcome in ("taken", "rejected", "redelivered")
    }
    tally = FileTally(seen=len(files), skipped=len(files) - len(rows), **count)
    paths: dict[str, list[Path]] = {kind.name: [] for kind in lake_schema.LAKE_TABLES[:5]}
    for start in range(0, len(rows), batch_files):
        batch = rows[start : start + batch_files]
        judged, chrome = split_rows(batch)
        frames = {
            "pages": ledger_rows(pages_table(batch), judged, chrome, "test-1", run),
            "stories": lake_rows(judged.landed, lake_schema.STORIES, run),
            "chrome": lake_rows(chrome, lake_schema.CHROME, run),
            "quarantine": lake_rows(judged.quarantined, lake_schema.QUARANTINE, run),
            "quality_results": lake_rows(judged.results, lake_schema.QUALITY_RESULTS, run),
        }
        for name, frame in frames.items():
            path = folder / f"{hash(run.run_id)}-{start}.{name}.arrow"
            paths[name].append(write_frame(path, frame))
    return GatedRun(INBOX, tally, paths, splitter_version="test-1", suite_version="1")


def land_files(
    root: Path, run: Run, files: dict[str, str], now: datetime | None = None, **given: Any
) -> Landed:
    """Take, judge and land an inbox."""
    gated = judge_files(root.parent / "receipts", run, files, read_ledger(root))
    return land_run(root, gated, run, now or run.started_at + timedelta(seconds=5), **given)


def rows_of(root: Path, name: str, *left_out: str) -> list[dict[str, Any]]:
    """Give a lake table's rows, in a fixed order."""
    rows = DeltaTable(str(root / name)).to_pyarrow_table().drop_columns(list(left_out)).to_pylist()
    return sorted(rows, key=str)


def lake_of(root: Path) -> dict[str, list[dict[str, Any]]]:
    """Give all rows of all tables that exist."""
    kinds = [kind for kind in lake_schema.LAKE_TABLES if has_table(root, kind)]
    return {kind.name: rows_of(root, kind.name) for kind in kinds}

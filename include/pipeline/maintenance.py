"""
What is done to the lake at night: compact · gather · learn · vacuum · publish.

Like the steps of a run, each may run twice, may be killed at any point, and hands on the path of a
receipt. The lake's lock is held while something is committed, not while it is made: landings go on.
Files are compacted first: the evidence for the chrome book is kept by file.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from include.config.settings import Settings
from include.pipeline.cleanup import drop_leftovers
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.schema.lake import PAGES
from include.storage.locations import Root

if TYPE_CHECKING:
    from include.lake.maintenance.evidence import Evidence


def compact(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Compact the days that are due, each on its own; give the receipt `vacuum` adds to.

    A run that is killed is gone on with by the next: days that were compacted are due no more.
    Raises:
        LakeLocked: a run is landing.
    """
    from include.lake.maintenance.compact import compact_day, find_due

    done, left = [], 0
    for due in find_due(settings.lake, now, settings.ledger_index):
        made = compact_day(settings.lake, due, now)
        left += made is None
        if made is not None:
            done.append(made)
    content = {
        "days": [
            {"table": made.table, "day": made.day.isoformat() if made.day else None,
             "files": made.files, "size_bytes": made.size_bytes}
            for made in done
        ],
        "files": [sum(made.files[at] for made in done) for at in (0, 1)],
        "size_bytes": [sum(made.size_bytes[at] for made in done) for at in (0, 1)],
        "left": left,
    }  # fmt: skip
    return write_receipt(_folder(settings, run_id) / "compacted.json", "compact", content)


def vacuum(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Remove files that no version of the retention has, and no published warehouse; count the others.

    Nothing is removed while the published file cannot be asked what it shows.
    Raises:
        LakeLocked: a run is landing. What was removed is removed; the next time counts.
    """
    from include.lake.maintenance.vacuum import note_vacuumed, tables_there, vacuum_table
    from include.warehouse.published import forget_shown, shown_versions

    since = now - timedelta(days=settings.retention_days)
    shown = shown_versions(settings.warehouse, since)
    swept = [
        vacuum_table(settings.lake, kind, since, shown.get(kind.name, ()))
        for kind in tables_there(settings.lake)
        if shown is not None
    ]
    if swept:
        note_vacuumed(settings.lake, swept, now)
    forget_shown(settings.warehouse, since)
    content = {
        "removed_files": sum(found.files[0] - found.files[1] for found in swept),
        "removed_bytes": sum(found.size_bytes[0] - found.size_bytes[1] for found in swept),
        "kept_files": sum((found.kept or (0, 0))[0] for found in swept),
        "orphan_files": sum((found.orphans or (0, 0))[0] for found in swept),
        "unread": [found.table for found in swept if found.kept is None]
        + (["the warehouse"] if shown is None else []),
    }
    return write_receipt(_folder(settings, run_id) / "vacuumed.json", "vacuum", content)


def gather(settings: Settings, run_id: str) -> Path:
    """
    Gather the evidence of every landed page that gave none yet; give the receipt `learn` takes.

    What was gathered stays, file by file: a run that is killed is gone on with by the next.
    """
    from include.intake.decoding.page import reread_text
    from include.lake.delta.versions import read_version
    from include.lake.maintenance.compact import newest_change
    from include.lake.maintenance.evidence import Evidence
    from include.lake.reading.pages import read_pages, read_parts
    from include.splitter.chrome_book.learn import EVIDENCE, gather_evidence

    keep_days, asked_s = settings.keep_receipts_days, settings.review_s
    drop_leftovers(settings.receipts, datetime.now(UTC), keep_days, asked_s)
    pages = read_version(settings.lake).tables["pages"]
    evidence = Evidence(_shelf(settings), pages.files)
    missing = evidence.missing()
    for file in missing:
        parts = read_parts(settings.lake, file)
        lots = (
            gather_evidence(lot, parts.spans, parts.outlets)
            for lot in read_pages(settings.lake, file, reread_text)
        )
        evidence.put(file, lots, EVIDENCE)
    evidence.forget_others()
    version = newest_change(settings.lake, PAGES) if pages.files else 0
    content = {"files": list(pages.files), "pages_version": version, "read": len(missing)}
    return write_receipt(_folder(settings, run_id) / "evidence.json", "gather", content)


def learn(settings: Settings, evidence_receipt: str | Path, now: datetime) -> Path:
    """
    Learn the chrome book from all evidence and commit it, unless it stands already.

    Raises:
        LakeLocked: a run is landing; the old book stands.
    """
    from include.lake.decisions.chrome_book import write_book
    from include.lake.maintenance.evidence import Evidence
    from include.lake.reading.pages import read_current
    from include.splitter.chrome_book.learn import choose_lines, write_lines

    receipt = read_receipt(evidence_receipt, "gather")
    evidence = Evidence(_shelf(settings), tuple(receipt["files"]))
    content = {"book_version": 0, "changed": False, "lines": 0, "pages": 0}
    if evidence.files:
        standing = read_current(settings.lake)
        chosen = choose_lines(evidence, standing)
        lines = write_lines(chosen, _find_samples(settings.lake, evidence, chosen["key"]))
        basis = f"pages {receipt['pages_version']}"
        version, changed = write_book(settings.lake, lines, basis, now)
        content = {
            "book_version": version,
            "changed": changed,
            "lines": lines.num_rows,
            "pages": standing.num_rows,
        }
    return write_receipt(Path(evidence_receipt).with_name("book.json"), "learn", content)


def _find_samples(lake: Root, evidence: Evidence, keys: pa.ChunkedArray) -> pa.Table:
    """Read the text of each line of a book: key and text, from the first file that has it."""
    from include.intake.decoding.page import reread_text
    from include.lake.reading.pages import read_pages
    from include.splitter.chrome_book.learn import find_samples

    wanted = pc.unique(keys)
    found = [pa.table({"key": pa.array([], pa.uint64()), "text": pa.array([], pa.large_string())})]
    for file in sorted(evidence.files):
        pages = evidence.pages_with(file, wanted)
        for lot in read_pages(lake, file, reread_text, pages) if len(pages) else ():
            found.append(find_samples(lot, wanted))
            wanted = wanted.filter(pc.invert(pc.is_in(wanted, found[-1]["key"])))
    return pa.concat_tables(found, promote_options="permissive")


def _folder(settings: Settings, run_id: str) -> Path:
    return settings.receipts / run_key(run_id)


def _shelf(settings: Settings) -> Path:
    return settings.receipts / "tending"

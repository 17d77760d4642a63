"""
The nightly maintenance of the lake: compact · gather · learn · vacuum · publish.

Like the steps of a run, each may run twice, may be killed at any point, and returns the path of a
receipt. The lake's lock is held only during commits, so that landings continue. Files are compacted
first, since the evidence for the chrome book is stored per file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from include.config.settings import Settings
from include.pipeline.cleanup import drop_leftovers
from include.pipeline.maintenance_receipts import (
    CompactedDay,
    CompactReceipt,
    GatherReceipt,
    LearnReceipt,
    VacuumReceipt,
)
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.schema.lake import PAGES
from include.storage.locations import Root
from include.telemetry.signals import measured

if TYPE_CHECKING:
    from include.lake.maintenance.evidence import Evidence


LOT_DAYS = 200  # written on the cluster before they are committed
T = TypeVar("T")
log = logging.getLogger("copydesk.maintenance")


@measured("compact")
def compact(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Compact the days that are due, one commit each; give the receipt.

    The engine of the job `tend` writes the files; they are committed here. A day whose files cannot
    be written is left as it is.

    After a kill the next run resumes: days that were compacted are no longer due.

    Raises:
        LakeLocked: a run is landing.
    """
    from include.engine.outcomes import Failed
    from include.lake.maintenance.compact import commit_day, find_due, write_day
    from include.pipeline.engines import open_for

    done, left = [], 0
    write = partial(write_day, settings.lake, now)
    due_days = find_due(settings.lake, now, settings.ledger_index)
    lot_days = LOT_DAYS if "tend" in settings.spark_job_names else settings.workers
    for some in _in_lots(due_days, lot_days):
        with open_for(settings, "tend", in_process=True) as engine:
            rewritten = engine.map(write, some)
        for due, written in zip(some, rewritten, strict=True):
            compacted = None
            if isinstance(written, Failed):
                log.error("%s %s is left as it is: %s", due.kind.name, due.day, written.reason)
            elif written is not None:
                compacted = commit_day(settings.lake, due, written, now)
            left += compacted is None
            if compacted is not None:
                done.append(compacted)
    receipt = CompactReceipt(
        days=tuple(CompactedDay(d.table, d.day, d.files, d.size_bytes) for d in done),
        files=(sum(day.files[0] for day in done), sum(day.files[1] for day in done)),
        size_bytes=(sum(day.size_bytes[0] for day in done), sum(day.size_bytes[1] for day in done)),
        left=left,
    )
    return write_receipt(_folder(settings, run_id) / "compacted.json", receipt)


@measured("vacuum")
def vacuum(settings: Settings, run_id: str, now: datetime) -> Path:
    """
    Remove files that neither a version within the retention nor a published warehouse uses.

    Nothing is removed while the published warehouse cannot be read.

    Raises:
        LakeLocked: a run is landing. Files may have been removed; the next run counts them.
    """
    from include.lake.maintenance.vacuum import note_vacuumed, tables_there, vacuum_table
    from include.warehouse.published import forget_shown, shown_versions

    since = now - timedelta(days=settings.retention_days)
    shown = shown_versions(settings.warehouse, since)
    done = [
        vacuum_table(settings.lake, kind, since, shown.get(kind.name, ()))
        for kind in tables_there(settings.lake)
        if shown is not None
    ]
    if done:
        note_vacuumed(settings.lake, done, now)
    forget_shown(settings.warehouse, since)
    unread = [vacuumed.table for vacuumed in done if vacuumed.kept is None]
    receipt = VacuumReceipt(
        removed_files=sum(vacuumed.files[0] - vacuumed.files[1] for vacuumed in done),
        removed_bytes=sum(vacuumed.size_bytes[0] - vacuumed.size_bytes[1] for vacuumed in done),
        kept_files=sum((vacuumed.kept or (0, 0))[0] for vacuumed in done),
        orphan_files=sum((vacuumed.orphans or (0, 0))[0] for vacuumed in done),
        unread=(*unread, *(["the warehouse"] if shown is None else [])),
    )
    return write_receipt(_folder(settings, run_id) / "vacuumed.json", receipt)


@measured("gather")
def gather(settings: Settings, run_id: str) -> Path:
    """
    Gather evidence from landed pages that have none yet; give the receipt that `learn` takes.

    Evidence is stored per file of the lake, so after a kill the next run resumes.
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
        tables = (
            gather_evidence(pages_read, parts.spans, parts.outlets)
            for pages_read in read_pages(settings.lake, file, reread_text)
        )
        evidence.put(file, tables, EVIDENCE)
    evidence.forget_others()
    version = newest_change(settings.lake, PAGES) if pages.files else 0
    receipt = GatherReceipt(files=pages.files, pages_version=version, read=len(missing))
    return write_receipt(_folder(settings, run_id) / "evidence.json", receipt)


@measured("learn")
def learn(settings: Settings, evidence_receipt: str | Path, now: datetime) -> Path:
    """
    Learn the chrome book from all evidence; commit it if it changed.

    Raises:
        LakeLocked: a run is landing; the old book stays current.
    """
    from include.lake.decisions.chrome_book import write_book
    from include.lake.maintenance.evidence import Evidence
    from include.lake.reading.pages import read_current
    from include.splitter.chrome_book.learn import choose_lines, write_lines

    receipt = read_receipt(evidence_receipt, GatherReceipt)
    evidence = Evidence(_shelf(settings), receipt.files)
    learnt = LearnReceipt(book_version=0, changed=False, lines=0, pages=0)
    if evidence.files:
        current = read_current(settings.lake)
        chosen = choose_lines(evidence, current)
        lines = write_lines(chosen, _find_samples(settings.lake, evidence, chosen["key"]))
        basis = f"pages {receipt.pages_version}"
        version, changed = write_book(settings.lake, lines, basis, now)
        learnt = LearnReceipt(
            book_version=version, changed=changed, lines=lines.num_rows, pages=current.num_rows
        )
    return write_receipt(Path(evidence_receipt).with_name("book.json"), learnt)


def _find_samples(lake: Root, evidence: Evidence, keys: pa.ChunkedArray) -> pa.Table:
    """Read the text of each line of a book by its key, from the first file that has it."""
    from include.intake.decoding.page import reread_text
    from include.lake.reading.pages import read_pages
    from include.splitter.chrome_book.learn import find_samples

    wanted = pc.unique(keys)
    samples = [
        pa.table({"key": pa.array([], pa.uint64()), "text": pa.array([], pa.large_string())})
    ]
    for file in sorted(evidence.files):
        pages = evidence.pages_with(file, wanted)
        for pages_read in read_pages(lake, file, reread_text, pages) if len(pages) else ():
            samples.append(find_samples(pages_read, wanted))
            wanted = wanted.filter(pc.invert(pc.is_in(wanted, samples[-1]["key"])))
    return pa.concat_tables(samples, promote_options="permissive")


def _in_lots(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _folder(settings: Settings, run_id: str) -> Path:
    return settings.receipts / run_key(run_id)


def _shelf(settings: Settings) -> Path:
    return settings.receipts / "tending"

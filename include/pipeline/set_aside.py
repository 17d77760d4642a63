"""
Set aside the pages that splitting or judging fails on, so that one page never stops the others.

A page that is set aside becomes a rejected delivery: its reason names the step and the error, its
bytes are kept in the lake, and no story of it lands until a re-split succeeds on it. Errors that
are not one page's (a busy lake, a broken suite) still fail the run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.errors import CopydeskError, SuiteError, TallyUnbalanced
from include.lake.ledger.set_aside import JUDGE_FAILED, SPLIT_FAILED, UNBALANCED
from include.model import Split
from include.quality.judge import Ruling
from include.storage.frames import as_batch, open_frame, read_frame

MOST_UNJUDGED = 20  # pages of one batch; beyond it the suite is at fault, not the pages

log = logging.getLogger("copydesk.set_aside")

Splitting = Callable[[pa.Table], Split]
Judging = Callable[[pa.Table], Ruling]


def split_soundly(
    pages: pa.Table, split: Splitting, first: int = 0
) -> tuple[list[Split], dict[int, str]]:
    """
    Split pages together; if that fails, in halves, down to the pages that fail alone.

    Args:
        split: raises for the whole table if one page is at fault. first: row number of the first
            page.
    Returns:
        The parts that were split, in page order; the reason of each page set aside, by row number.
    """
    try:
        return [split(pages)], {}
    except BaseException as exc:
        if not _is_fault(exc, TallyUnbalanced):
            raise
        if pages.num_rows < 2:
            return [], {first: _give_reason(SPLIT_FAILED, pages["page_id"][0].as_py(), exc)}
    half = pages.num_rows // 2
    before, failed_before = split_soundly(pages.slice(0, half), split, first)
    after, failed_after = split_soundly(pages.slice(half), split, first + half)
    return [*before, *after], failed_before | failed_after


def mark_pages(source: Path, target: Path, reasons: Mapping[int, str]) -> Path:
    """Write a frame of pages again, with those at some row numbers rejected for a reason."""
    first, frames = 0, read_frame(source)
    begun = next(frames)
    with open_frame(target, begun.schema) as write:
        for batch in (begun, *frames):
            rows = range(first, first + batch.num_rows)
            first += batch.num_rows
            given = [reasons.get(row) for row in rows]
            write(as_batch(reject_pages(pa.Table.from_batches([batch]), given)))
    return target


def reject_pages(pages: pa.Table, reasons: list[str | None]) -> pa.Table:
    """Return pages with outcome rejected, without text, where there is a reason; else as is."""
    given = pa.array(reasons, pa.string())
    failed = pc.is_valid(given)
    changed = {
        "outcome": pc.if_else(failed, "rejected", pages["outcome"]),
        "reason": pc.if_else(failed, given, pages["reason"]),
        "text": pc.if_else(failed, pa.scalar(None, pa.string()), pages["text"]),
    }
    for name, values in changed.items():
        at = pages.schema.get_field_index(name)
        pages = pages.set_column(at, pages.schema.field(at), values.cast(pages.schema.types[at]))
    return pages


def judge_soundly(stories: pa.Table, judge: Judging) -> tuple[Ruling, dict[str, str]]:
    """
    Judge stories together; if that fails, without the pages that fail alone.

    Returns:
        The ruling on the stories of all other pages, in order; the reason of each page that is set
        aside, by page_id.
    Raises:
        The first error, if the suite fails on no stories at all, on every page of several, or on
        more than `MOST_UNJUDGED`.
    """
    try:
        return judge(stories), {}
    except BaseException as exc:
        if not _is_fault(exc, SuiteError):
            raise
        try:
            judge(stories.slice(0, 0))
        except Exception:
            raise exc from None
        reasons = _find_unjudged(stories, judge)
        pages = len(pc.unique(stories["page_id"]))
        if len(reasons) > MOST_UNJUDGED or len(reasons) == pages > 1:
            raise
    return judge(without_pages(stories, reasons)), reasons


def without_pages(rows: pa.Table, reasons: Mapping[str, str]) -> pa.Table:
    """Return rows that have a page_id, less those of some pages."""
    if not reasons:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows["page_id"], pa.array(list(reasons), pa.string()))))


def _find_unjudged(stories: pa.Table, judge: Judging) -> dict[str, str]:
    pages = pc.unique(stories["page_id"])
    try:
        judge(stories)
    except BaseException as exc:
        if not _is_fault(exc, SuiteError):
            raise
        if len(pages) < 2:
            return {page.as_py(): _give_reason(JUDGE_FAILED, page.as_py(), exc) for page in pages}
    else:
        return {}
    half = len(pages) // 2
    reasons: dict[str, str] = {}
    for some in (pages[:half], pages[half:]):
        if len(reasons) <= MOST_UNJUDGED:
            reasons |= _find_unjudged(stories.filter(pc.is_in(stories["page_id"], some)), judge)
    return reasons


def _is_fault(exc: BaseException, ours: type[CopydeskError]) -> bool:
    """
    Tell whether an error may be a page's: any but our own, of which only `ours` can be.

    A panic in Rust (polars) is a `BaseException`; so are interrupts and Airflow's timeout, which
    must pass.
    """
    if isinstance(exc, CopydeskError):
        return isinstance(exc, ours)
    return isinstance(exc, Exception) or type(exc).__name__ == "PanicException"


def _give_reason(step: str, page_id: str, exc: BaseException) -> str:
    """Give the reason, and log the error with its traceback; a message may hold story text."""
    reason = UNBALANCED if isinstance(exc, TallyUnbalanced) else f"{step}:{type(exc).__name__}"
    frames = exc.__traceback__
    while frames and frames.tb_next:
        frames = frames.tb_next
    where = f"{frames.tb_frame.f_code.co_name}:{frames.tb_lineno}" if frames else "?"
    log.error("page %s set aside: %s at %s", page_id, reason, where)
    return reason

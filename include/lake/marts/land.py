"""
Land an analysis, mart by mart, each all or nothing: its rows count once `analyses` has its row.

Order of commits: delete the rows of replaced splits, which readers no longer see; delete the rows
of a killed attempt, which have the same `analysis_id`; append the new rows; append the row of
`analyses`. Where another version of the analyzer rebuilt the mart, the old rows are deleted last.
One analysis lands at a time. Runs can land between its commits: the writers' lock is held for one
commit only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from include.lake.delta.lock import ANALYSIS, hold_lake
from include.lake.delta.tables import append_rows, create_tables, delete_rows, has_table, one_of
from include.lake.marts.changes import IDS_AT_ONCE, find_replaced
from include.lake.marts.plan import Plan, analysis_id
from include.lake.marts.progress import Progress, read_progress
from include.schema.lake import ANALYSES, ANALYSIS_TABLES, MART_TABLES, Table
from include.storage.frames import read_frames
from include.storage.locations import Root

PATIENCE_S = 60.0  # rebuilding a mart takes that long
Between = Callable[[str], None]


@dataclass(frozen=True)
class MartOutput:
    """
    What an analysis made for one mart: frames of its lake table, and the stories they are from.

    stale: predicates of rows to delete; None: the rows of splits that were replaced. evidence: a
    table beside the mart and a frame of its rows, which count once the mart has landed.
    """

    frames: tuple[Path, ...]
    stories: int
    failed_stories: int
    stale: tuple[str, ...] | None = None
    evidence: tuple[Table, Path] | None = None


def land_mart(
    root: Root,
    plan: Plan,
    output: MartOutput,
    run_id: str,
    now: datetime,
    between: Between = lambda point: None,
) -> int | None:
    """
    Land one analysis of one mart.

    Args:
        between: called after each commit with its name; tests kill the analysis there.
    Returns:
        The number of rows added, also if this run landed it before; None if another run's analysis
        landed first, and nothing was changed.
    Raises:
        LakeLocked: another analysis is landing, or a run.
    """
    kind = next(kind for kind in MART_TABLES if kind.name == plan.mart)
    with hold_lake(root, PATIENCE_S, ANALYSIS):
        last = read_progress(root, plan.mart)
        if last.analysis_no >= plan.analysis_no:
            _drop_outdated(root, kind, last)
            is_own = (last.analysis_no, last.made_by) == (plan.analysis_no, run_id)
            return last.rows_added if is_own else None
        with hold_lake(root):
            written = (kind, ANALYSES, *(output.evidence or ())[:1])
            create_tables(root, written if has_table(root, kind) else ANALYSIS_TABLES)
        _drop_outdated(root, kind, last)
        for predicate in _replaced_rows(root, plan) if output.stale is None else output.stale:
            _drop(root, kind, predicate)
        between("left")
        if output.evidence:
            table, frame = output.evidence
            _replace_rows(root, table, (frame,), plan, between)
        added = _replace_rows(root, kind, output.frames, plan, between)
        row = {
            **{name: getattr(plan, name) for name in ("mart", "analysis_no", "analyzer_version")},
            "analysis_id": plan.analysis_id,
            "since_version": plan.since,
            "lake_version": plan.until,
            "stories": output.stories,
            "failed_stories": output.failed_stories,
            "rows_added": added,
            "made_by": run_id,
            "made_at": now,
        }
        with hold_lake(root):
            rows = pa.Table.from_pylist([row], ANALYSES.schema()).to_batches()
            append_rows(root, ANALYSES, rows, {"analysis_id": plan.analysis_id})
        between(ANALYSES.name)
        _drop_outdated(root, kind, read_progress(root, plan.mart))
        return added


def _replace_rows(
    root: Root, kind: Table, frames: Sequence[Path], plan: Plan, between: Between
) -> int:
    """Append the rows of an analysis, after deleting those of a killed attempt; count them."""
    _drop(root, kind, one_of("analysis_id", [plan.analysis_id]))
    added = 0
    for rows in _chunk(frames, kind):
        with hold_lake(root):
            added += append_rows(root, kind, rows, {"analysis_id": plan.analysis_id})
        between(kind.name)
    return added


def _chunk(paths: Sequence[Path], kind: Table) -> Iterator[Iterator[pa.RecordBatch]]:
    """Yield the frames one by one, each to be one commit."""
    for path in paths:
        yield read_frames([path], kind.schema())


def _drop_outdated(root: Root, kind: Table, last: Progress) -> None:
    """Delete the rows of analyses before the last one, if that one rebuilt the mart."""
    if last.analysis_no > 1 and last.since_version == 0 and has_table(root, kind):
        own = analysis_id(kind.name, last.analysis_no)
        _drop(root, kind, f"analysis_id <> '{own}'")


def _replaced_rows(root: Root, plan: Plan) -> Iterator[str]:
    """Yield predicates for the rows of splits that were replaced since the mart's version."""
    if not plan.since:
        return
    for part in find_replaced(root, plan.since, plan.until).iter_slices(IDS_AT_ONCE):
        days = sorted({day.isoformat() for day in part["ingest_day"]})
        predicate = (
            one_of("ingest_day", days),
            one_of("page_id", sorted(set(part["page_id"]))),
            # a page that was split again has current rows too
            one_of("concat(page_id, run_id)", part["page_id"] + part["run_id"]),
        )
        yield " and ".join(predicate)


def _drop(root: Root, kind: Table, predicate: str) -> None:
    with hold_lake(root):
        delete_rows(root, kind, predicate, {"copydesk_undo": kind.name})

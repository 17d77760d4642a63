"""
Finish or undo a killed landing. Finds its remains from the log's statistics; scans no data.

A landing commits stories, chrome, quarantine and results first, then `pages`, removes what the run
superseded, and writes `runs` last. So there are two kinds of remains. A run in the first tables but
not in `pages` or `runs` was killed before it landed: its rows are deleted. A run in `pages` but not
in `runs` landed but did not finish: it is finished here, and its row of `runs` is in the history of
its `pages` commit. Compaction must recover first, under the same lock: it mixes several runs in a
file, and mixed files count as landed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable

from include.errors import LakeLocked, TallyUnbalanced
from include.lake.delta.connect import open_file
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import (
    append_rows,
    delete_rows,
    has_table,
    live_files,
    one_of,
    open_table,
)
from include.lake.delta.versions import read_version
from include.lake.landing.run_row import parse_row
from include.lake.ledger.current import superseded_rows
from include.lake.ledger.index import LedgerIndex, open_index
from include.lake.revisions.revisions import keep_revisions
from include.model import LakeVersion
from include.schema.lake import (
    CHROME,
    GATE_OPENINGS,
    PAGE_FLAGS,
    PAGES,
    QUALITY_RESULTS,
    QUARANTINE,
    RUN_FIGURES,
    RUNS,
    STORIES,
    STORY_REVISIONS,
    Table,
)
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

OF_THE_RUN = (QUALITY_RESULTS, PAGE_FLAGS, RUN_FIGURES, GATE_OPENINGS)
BEFORE_PAGES = (STORIES, CHROME, QUARANTINE, *OF_THE_RUN)
OF_PAGES = (STORIES, CHROME, QUARANTINE)
ROW_KEY = "copydesk_run"
IDS_AT_ONCE = 2_000  # 5,000 page ids in one predicate took 0.3 s to plan


def read_recovered(root: Root, index: Path | None = None) -> LakeVersion:
    """
    Read the lake's version after finishing or undoing killed landings.

    A run with nothing new never lands, so the remains would stay until new pages arrive. Nothing is
    done if there are no remains, or while a run is landing, since that run recovers first.
    """
    if has_table(root, RUNS) and _has_remains(root):
        with suppress(LakeLocked), hold_lake(root, patience_s=0), open_index(root, index) as ledger:
            recover(root, ledger)
    return read_version(root)


def _has_remains(root: Root) -> bool:
    """Check whether a file holds rows of a single run that has not finished."""
    with translate_disk_errors("lake", root):
        runs = {run for kind in (PAGES, *BEFORE_PAGES) for _, run in _lone_runs_of(root, kind)}
        return not runs <= finished_runs(root)


def recover(root: Root, ledger: LedgerIndex) -> None:
    """Undo the runs that did not land and finish those in the ledger that did."""
    finished = finished_runs(root)
    landed = finished | ledger.run_ids()
    for kind in BEFORE_PAGES:
        orphans = {run_id for _, run_id in _lone_runs(open_table(root, kind))} - landed
        if orphans:
            predicate = one_of("run_id", sorted(orphans))
            delete_rows(root, kind, predicate, {"copydesk_undo": ", ".join(sorted(orphans))})
    for run_id in sorted(landed - finished):
        finish_run(root, run_id, _row_in_history(root, run_id), ledger.about_run(run_id))


def finish_run(
    root: Root,
    run_id: str,
    row: pa.Table,
    deliveries: pl.DataFrame,
    between: Callable[[str], None] = lambda point: None,
) -> None:
    """
    Finish a landed run: keep superseded stories as revisions, delete superseded rows, write `runs`.

    Args:
        deliveries: all that are relevant to the run's names and pages, including its own rows.
    """
    superseded = superseded_rows(deliveries, run_id)
    keep_revisions(root, run_id, superseded, deliveries)
    between(STORY_REVISIONS.name)
    _remove_superseded(root, run_id, superseded, between)
    append_rows(root, RUNS, row.to_batches(), {"run_id": run_id})
    between(RUNS.name)


def finished_runs(root: Root) -> set[str]:
    """Return the ids of the runs that have a row in `runs`."""
    table = open_table(root, RUNS)
    lone = dict(_lone_runs(table))
    mixed = set(live_files(table)["path"]) - lone.keys()
    run_ids = set(lone.values())
    for path in sorted(mixed):
        with open_file(root, f"{RUNS.name}/{path}") as source:
            run_ids.update(pq.read_table(source, columns=["run_id"])["run_id"].to_pylist())
    return run_ids


def _remove_superseded(
    root: Root, run_id: str, rows: pl.DataFrame, between: Callable[[str], None]
) -> None:
    """Delete the stories, chrome and quarantine of superseded pages, by day, run and page."""
    for kind in OF_PAGES:
        for part in rows.sort("page_id").iter_slices(IDS_AT_ONCE):
            predicate = " and ".join(
                (
                    one_of("ingest_day", sorted({day.isoformat() for day in part["ingest_day"]})),
                    one_of("run_id", sorted(set(part["run_id"]))),
                    one_of("page_id", sorted(set(part["page_id"]))),
                    # those prune files; a page that another of these runs split may be current
                    one_of("concat(page_id, run_id)", part["page_id"] + part["run_id"]),
                )
            )
            delete_rows(root, kind, predicate, {"copydesk_superseded_by": run_id})
        between(f"superseded {kind.name}")


def _row_in_history(root: Root, run_id: str) -> pa.Table:
    """Read a run's row from the history of `pages`, newest commit first."""
    for commit in open_table(root, PAGES).history():
        if commit.get("run_id") == run_id and ROW_KEY in commit:
            return parse_row(commit[ROW_KEY])
    raise TallyUnbalanced(
        "landed run without a row",
        run_id,
        "Its commit is no longer in the history of `pages`; restore it.",
    )


def _lone_runs_of(root: Root, kind: Table) -> Iterator[tuple[str, str]]:
    """Return path and run of each file of a single run; none if the table does not exist yet."""
    return _lone_runs(open_table(root, kind)) if has_table(root, kind) else iter(())


def _lone_runs(table: DeltaTable) -> Iterator[tuple[str, str]]:
    """Yield path and run of each file that holds rows of a single run."""
    actions = live_files(table)
    if "min.run_id" in actions.columns:
        lone = actions.filter(pl.col("min.run_id") == pl.col("max.run_id"))
        yield from lone.select("path", "min.run_id").iter_rows()

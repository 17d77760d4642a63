"""
Erase pages from a lake: their rows in every table, and every file that holds or held them.

Order: a tombstone, from which on the pages are refused; rows, table by table, `pages` last, so that
an erasure that was killed is found and finished by the next one; then the files that no newest
version has, if they hold one of the pages. The last tombstone says that all is gone.

Versions of the lake before the erasure that need such a file can no longer be read. Only ids stay:
in Delta's log, and in rows of other pages (`revises_page_id`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.fs import FileSystem

from include.lake.delta.connect import reach
from include.lake.delta.lock import ANALYSIS, hold_lake
from include.lake.delta.tables import (
    append_rows,
    delete_rows,
    has_table,
    live_files,
    one_of,
    open_table,
    table_path,
)
from include.lake.delta.versions import list_files, open_folder
from include.lake.erasure.tombstones import BEGUN, ERASED, add_tombstones
from include.lake.erasure.traces import Traces, find_traces
from include.lake.landing.recover import recover
from include.lake.ledger.current import NAME, REPLACED, newest_pages
from include.lake.ledger.deliveries import read_deliveries
from include.lake.ledger.index import open_index
from include.schema.analysis import TEXT_PAIRS
from include.schema.lake import CHROME_BOOK, ERASURES, LAKE_TABLES, PAGES, STORY_REVISIONS, Table
from include.storage.locations import Root

PATIENCE_S = 120.0  # an analysis is landing
WORK = {"copydesk_erasure": "rows"}
PAIRS = ("text_a", "text_b")  # columns of `text_pairs`
Between = Callable[[str], None]


def erase_pages(
    root: Root,
    page_ids: Collection[str],
    reason: str,
    erased_by: str,
    now: datetime,
    between: Between = lambda point: None,
) -> Traces:
    """
    Erase some pages; return what there was of them.

    Args:
        between: called after each step; tests kill the erasure there.
    Raises:
        LakeLocked: an analysis or a run is landing.
    """
    with hold_lake(root, PATIENCE_S, ANALYSIS), hold_lake(root, PATIENCE_S):
        with open_index(root, None) as ledger:
            recover(root, ledger)
        traces = find_traces(root, page_ids)
        add_tombstones(root, BEGUN, traces.pages, reason, erased_by, now)
        between("begun")
        markers = _mark_names(root, page_ids)
        for kind in LAKE_TABLES:
            if kind not in (PAGES, ERASURES) and has_table(root, kind):
                _erase_rows(root, kind, page_ids, traces)
                between(kind.name)
        append_rows(root, PAGES, markers.to_batches(), WORK)
        delete_rows(root, PAGES, one_of("page_id", sorted(page_ids)), WORK)
        between(PAGES.name)
    return traces


def finish_erasure(
    root: Root, page_ids: Collection[str], traces: Traces, reason: str, by: str, now: datetime
) -> int:
    """
    Delete every file that held the pages, and write that they are erased; return the files deleted.

    Called when a new chrome book has been learnt, so that the old one can go.
    """
    with hold_lake(root, PATIENCE_S, ANALYSIS), hold_lake(root, PATIENCE_S):
        deleted = sum(
            _delete_files(root, kind, page_ids, traces)
            for kind in LAKE_TABLES
            if has_table(root, kind)
        )
        add_tombstones(root, ERASED, traces.pages, reason, by, now)
    return deleted


def _erase_rows(root: Root, kind: Table, page_ids: Collection[str], traces: Traces) -> None:
    """Delete the rows of pages, and what rows of other pages quote of them."""
    names = kind.schema().names
    if "page_id" in names:
        delete_rows(root, kind, one_of("page_id", sorted(page_ids)), WORK)
    if kind is STORY_REVISIONS:
        _forget_successors(root, page_ids)
    if kind is TEXT_PAIRS and traces.text_ids:
        for column in PAIRS:
            delete_rows(root, kind, one_of(column, sorted(traces.text_ids)), WORK)


def _forget_successors(root: Root, page_ids: Collection[str]) -> None:
    """Remove the texts of erased pages from the differences of the pages that they replaced."""
    predicate = one_of("replaced_by_page_id", sorted(page_ids))
    nothing = {"diff": "null", "new_story_id": "null", "similarity": "null"}
    with reach(root, table_path(root, STORY_REVISIONS)):
        open_table(root, STORY_REVISIONS).update(predicate=predicate, updates=nothing)


def _mark_names(root: Root, page_ids: Collection[str]) -> pa.Table:
    """
    Return rows of `pages` for names whose newest page is erased and that had other pages before.

    Without such a row an older page would become current again, without its stories.
    """
    deliveries = read_deliveries(root)
    is_erased = pl.col("page_id").is_in(list(page_ids))
    hidden = newest_pages(deliveries).filter(is_erased)
    left = newest_pages(deliveries.filter(~is_erased)).select(*NAME, left_id="page_id")
    rows = [
        {
            **{name: row[name] for name in (*NAME, "run_id", "ingested_at", "ingest_day")},
            "page_id": row["left_id"], "revises_page_id": row["left_id"],
            "delivery_id": f"{row['left_id'][:12]}{row['page_id'][:12]}",
            "size_bytes": 0, "modified_at": row["ingested_at"], "outcome": REPLACED,
            "reason": ERASED, "replaced_chars": 0, "flags": [], "page_chars": 0, "story_chars": 0,
            "chrome_chars": 0, "stories_landed": 0, "stories_quarantined": 0,
        }
        for row in hidden.join(left, on=NAME).to_dicts()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, PAGES.schema())


def _delete_files(root: Root, kind: Table, page_ids: Collection[str], traces: Traces) -> int:
    """Delete the files of older versions, and of killed writers, that hold one of the pages."""
    live = set(live_files(open_table(root, kind))["path"])
    folder, deleted = open_folder(root, kind), 0
    for file in list_files(root, kind):
        if file.path not in live and _holds(folder, file.path, kind, page_ids, traces):
            folder.delete_file(file.path)
            deleted += 1
    return deleted


def _holds(
    folder: FileSystem, path: str, kind: Table, page_ids: Collection[str], traces: Traces
) -> bool:
    """Tell whether a file has a row of the pages; one that cannot be read may have."""
    wanted: dict[str, Collection[str]] = {
        "page_id": page_ids, "replaced_by_page_id": page_ids,
        **dict.fromkeys(PAIRS, traces.text_ids),
    }  # fmt: skip
    if kind is CHROME_BOOK:
        if not traces.texts:  # an erasure that was killed is being finished
            return True
        wanted = {"text": traces.texts}
    try:
        with pq.ParquetFile(path, filesystem=folder) as source:
            columns = [name for name in wanted if name in source.schema_arrow.names]
            for batch in source.iter_batches(columns=columns) if columns else ():
                for name in columns:
                    values = batch[name].cast(pa.string())
                    if pc.any(pc.is_in(values, pa.array(list(wanted[name]), pa.string()))).as_py():
                        return True
    except (OSError, pa.ArrowException):
        return True
    return False


def is_in_inbox(name: str, inbox: str) -> bool:
    """Tell whether a file still lies in an inbox folder; False for members and stores."""
    place = Path(inbox)
    return place.is_absolute() and (place / name).is_file()

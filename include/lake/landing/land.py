"""
Land a run: all or nothing, and never twice.

Order of commits: stories, chrome, quarantine, quality_results; then `pages`, with which the run has
landed; then superseded stories are copied to `story_revisions` and superseded rows deleted; then
`runs`, with which it is finished. After a kill between any two commits, the next landing of any
run undoes or finishes this one (`recover`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import TallyUnbalanced
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import append_rows, create_tables, open_table
from include.lake.delta.versions import read_version
from include.lake.landing.arrivals import (
    ARRIVAL,
    decide_arrivals,
    decide_recalls,
    dropped_pages,
    settle_pages,
)
from include.lake.landing.recover import BEFORE_PAGES, ROW_KEY, finish_run, finished_runs, recover
from include.lake.landing.run_row import plain_row, tally_run, write_row
from include.lake.landing.same_url import as_deliveries, find_replaced, make_rows, pair_by_url
from include.lake.ledger.clock import finish_after
from include.lake.ledger.current import DELIVERY, NAME, touched_days
from include.lake.ledger.index import open_index
from include.model import INGEST, GatedRun, Landed, Run
from include.schema.lake import PAGES, QUARANTINE, RUNS, STORIES
from include.storage.frames import read_frames
from include.storage.locations import Root

Between = Callable[[str], None]


def land_run(
    root: Root,
    gated: GatedRun,
    run: Run,
    now: datetime,
    between: Between = lambda point: None,
    index: Path | None = None,
    by_url: Collection[str] = (),
) -> Landed:
    """
    Land the rows that passed the gate; return the same result if the run has landed before.

    A run id lands once: anything new that a repeated intake found is left for the next run.
    Args:
        between: called after each commit with its name; tests kill the run there.
        index: the file of the ledger's index; None builds one in memory.
        by_url: inboxes whose pages replace current pages with the same URL and another name.
    Raises:
        LakeLocked: another run is landing.
        TallyUnbalanced: rows, files or stories are not what was counted; nothing landed.
    """
    with hold_lake(root):
        create_tables(root)
        with open_index(root, index) as ledger:
            recover(root, ledger)
            if run.run_id in finished_runs(root):
                return _landed(root, run, ledger.about_run(run.run_id))
            arrivals = _read_arrivals(gated.rows["pages"])
            names, page_ids = arrivals.select(NAME), arrivals["page_id"]
            deliveries = ledger.about(names, page_ids)
            is_new = gated.kind == INGEST
            decide = decide_arrivals if is_new else decide_recalls
            decided = decide(arrivals, deliveries, run)
            ended = finish_after(root, run.started_at, now)
            row = tally_run(decided, gated, run, ended)
            pairs = pair_by_url(root, gated.rows, decided, by_url)
            if pairs.height:
                deliveries = ledger.about(names, pl.concat([page_ids, pairs["page_id"]]))
            replaced = make_rows(find_replaced(pairs, decided, deliveries, run), run)
            _commit_rows(root, gated.rows, decided, row, between, replaced)
            arrived = decided.filter(pl.col("outcome_now") != "skipped").with_columns(
                outcome=pl.col("outcome_now")
            )
            arrived = arrived.select(list(DELIVERY)).cast(DELIVERY)
            deliveries = pl.concat([deliveries, arrived, as_deliveries(replaced)])
            finish_run(root, run.run_id, row, deliveries, between)
            ledger.follow(root)
            return _landed(root, run, deliveries)


def _landed(root: Root, run: Run, deliveries: pl.DataFrame) -> Landed:
    """Return the result of a finished run, read from the lake alone."""
    row = open_table(root, RUNS).to_pyarrow_table(filters=[("run_id", "=", run.run_id)])
    return Landed(plain_row(row), touched_days(deliveries, run.run_id), read_version(root))


def _read_arrivals(paths: Sequence[Path]) -> pl.DataFrame:
    batches = read_frames(paths, PAGES.schema(), ARRIVAL)
    schema = pa.schema([PAGES.schema().field(name) for name in ARRIVAL])
    frame = pl.from_arrow(pa.Table.from_batches(batches, schema=schema))
    assert isinstance(frame, pl.DataFrame)
    return frame


def _commit_rows(
    root: Root,
    rows: Mapping[str, Sequence[Path]],
    decided: pl.DataFrame,
    row: pa.Table,
    between: Between,
    replaced: pa.RecordBatch,
) -> None:
    """Commit the run's rows, `pages` last; `replaced`: the ledger rows of replaced pages."""
    counted = plain_row(row)
    run_id = str(counted["run_id"])
    dropped = dropped_pages(decided).to_arrow()
    written = {}
    for kind in BEFORE_PAGES:
        batches = read_frames(rows.get(kind.name, []), kind.schema())
        kept = (_without(batch, dropped) for batch in batches)
        written[kind.name] = append_rows(root, kind, kept, {"run_id": run_id})
        between(kind.name)
    for kind, column in ((STORIES, "stories_landed"), (QUARANTINE, "stories_quarantined")):
        if written[kind.name] != counted[column]:
            raise TallyUnbalanced(
                f"rows of {kind.name} written, and {column}",
                (written[kind.name], counted[column]),
                "Judge the run again: its rows and its ledger come from different splits.",
            )
    metadata = {"run_id": run_id, ROW_KEY: write_row(row)}
    settled = chain(_settled(rows[PAGES.name], decided), [replaced])
    append_rows(root, PAGES, settled, metadata)
    between(PAGES.name)


def _settled(paths: Sequence[Path], decided: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """Yield the ledger's rows as they land, batch by batch; `decided` is in the same order."""
    at = 0
    for batch in read_frames(paths, PAGES.schema()):
        yield settle_pages(batch, decided.slice(at, batch.num_rows))
        at += batch.num_rows


def _without(batch: pa.RecordBatch, dropped: pa.Array) -> pa.RecordBatch:
    """Remove the rows of dropped pages; rows that belong to no page stay."""
    if not len(dropped) or "page_id" not in batch.schema.names:
        return batch
    return batch.filter(pc.invert(pc.is_in(batch["page_id"], value_set=dropped)))

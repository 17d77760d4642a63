"""
Compare what a re-split would change in the lake before it lands, and store the changes afterwards.

A history may hold a million stories. The lake is read once per SHARES batches and its stories are
written to one file per batch; then one batch at a time is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from include.lake.delta.damage import read_guarded
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import (
    append_rows,
    create_tables,
    one_of,
    open_table,
    select_rows,
    table_path,
)
from include.lake.ledger.current import current_rows
from include.lake.ledger.deliveries import read_deliveries
from include.lake.ledger.set_aside import read_set_aside
from include.lake.revisions.differences import COMPARED, Differences, compare_stories
from include.model import Run
from include.schema.lake import PAGES, QUARANTINE, RESPLIT_CHANGES, STORIES, Table, schema_of
from include.schema.revisions import CHANGE
from include.storage.frames import map_frame, open_frame, read_frames
from include.storage.locations import Root

SHARES = 64  # files open at once; of a day of 2 GB the stories are read once
ROWS_AT_ONCE = 1_000  # stories read from the lake: some 3 MB
VERDICTS = ((STORIES, "landed"), (QUARANTINE, "quarantined"))
READ = tuple(dict.fromkeys(COMPARED))
STORED = pa.schema([STORIES.schema().field(name) for name in READ] + [("verdict", pa.string())])
CHANGES = schema_of(CHANGE)
PAGE = ["page_id", "run_id"]
Batch = tuple[Path, Path, Path]  # the Arrow files of its pages, stories and quarantine


def compare_run(
    root: Root, batches: Sequence[Batch], run: Run, folder: Path
) -> Iterator[tuple[int, Differences]]:
    """
    Yield for each batch how many of its pages are compared, and what differs on them.

    A page that a later run has revised or split again is left out, since landing will skip it.
    Args:
        folder: for temporary files with the current stories of each batch.
    """
    deliveries = read_deliveries(root)
    standing = pl.concat([current_rows(deliveries), read_set_aside(root, deliveries)])
    standing = standing.filter(pl.col("ingested_at") <= run.started_at)
    for first in range(0, len(batches), SHARES):
        some = batches[first : first + SHARES]
        delivered = [_read_outlets(pages) for pages, _, _ in some]
        numbered = (frame.with_columns(share=at) for at, frame in enumerate(delivered))
        stands = standing.select(*PAGE, "ingest_day").join(pl.concat(numbered), on="page_id")
        shares = _share_out(root, stands, len(some), folder)
        for at, (_, stories, quarantine) in enumerate(some):
            pages = stands.filter(share=at)
            before = pl.DataFrame(map_frame(shares[at]))
            after = _read_judged(stories, quarantine, pages)
            outlets = dict(pages.select("page_id", "outlet").iter_rows())
            yield pages.height, compare_stories(before, after, outlets)
            shares[at].unlink()


def add_changes(
    root: Root,
    run: Run,
    rows: Iterator[pa.RecordBatch],
    decision: str,
    decided_by: str | None,
    decided_at: datetime,
) -> int:
    """
    Store a decision on a run's changes; a decision that is already stored is not added again.

    Args:
        rows: columns of `CHANGE`.
    Returns:
        The number of rows added.
    Raises:
        LakeLocked: a run is landing.
    """
    stamps = {
        "decision": decision, "decided_by": decided_by, "decided_at": decided_at,
        "run_id": run.run_id, "ingested_at": run.started_at, "ingest_day": run.ingest_day,
    }  # fmt: skip
    with hold_lake(root):
        create_tables(root)
        same_decision = f"{one_of('run_id', [run.run_id])} and {one_of('decision', [decision])}"
        if select_rows(root, RESPLIT_CHANGES, ["run_id"], same_decision).num_rows:
            return 0
        stamped = (_stamp(batch, stamps) for batch in rows)
        return append_rows(root, RESPLIT_CHANGES, stamped, {"run_id": run.run_id})


def _stamp(batch: pa.RecordBatch, stamps: Mapping[str, object]) -> pa.RecordBatch:
    schema = RESPLIT_CHANGES.schema()
    columns = [
        batch[field.name]
        if field.name in batch.schema.names
        else pa.array([stamps[field.name]] * batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _read_outlets(path: Path) -> pl.DataFrame:
    """
    Read page_id and the delivered outlet of each page of a batch, once per page.

    Pages that could not be split again are left out: landing keeps their stories as they are.
    """
    read = list(read_frames([path], PAGES.schema(), ["page_id", "outlet", "outcome"]))
    frame = pl.DataFrame(pa.Table.from_batches(read)).filter(pl.col("outcome") != "rejected")
    return frame.select("page_id", "outlet").unique("page_id", keep="first", maintain_order=True)


def _share_out(root: Root, stands: pl.DataFrame, count: int, folder: Path) -> list[Path]:
    """Write the current stories of some pages to one file per batch."""
    paths = [folder / f"standing-{at:02d}.arrow" for at in range(count)]
    keys = stands.select(*PAGE, "share")
    with ExitStack() as files:
        write = [files.enter_context(open_frame(path, STORED)) for path in paths]
        for kind, verdict in VERDICTS:
            for batch in _scan(root, kind, stands):
                rows = pl.DataFrame(pa.Table.from_batches([batch])).join(keys, on=PAGE)
                for (at,), part in rows.partition_by("share", as_dict=True).items():
                    table = part.select(*READ, verdict=pl.lit(verdict)).to_arrow().cast(STORED)
                    for piece in table.combine_chunks().to_batches():
                        write[int(at)](piece)
    return paths


def _scan(root: Root, kind: Table, stands: pl.DataFrame) -> Iterator[pa.RecordBatch]:
    """
    Read a table's rows for the days of some pages, a few at a time.

    Arrow's filters cannot compare strings in files that a deletion rewrote, so the caller filters.
    """
    days = pa.array(stands["ingest_day"].unique(), pa.date32())
    wanted = pc.is_in(ds.field("ingest_day"), days)
    source = open_table(root, kind).to_pyarrow_dataset()
    scanner = source.scanner(
        columns=[*READ, "run_id"], filter=wanted, batch_size=ROWS_AT_ONCE, use_threads=False,
        batch_readahead=2, fragment_readahead=1,
    )  # fmt: skip
    yield from read_guarded(table_path(root, kind), scanner.to_batches())


def _read_judged(stories: Path, quarantine: Path, pages: pl.DataFrame) -> pl.DataFrame:
    """Read the newly judged stories of a batch, for the pages that are compared."""
    parts = [
        pl.DataFrame(pa.Table.from_batches([batch])).with_columns(verdict=pl.lit(verdict))
        for path, (kind, verdict) in zip((stories, quarantine), VERDICTS, strict=True)
        for batch in read_frames([path], kind.schema(), READ)
    ]
    empty = pl.DataFrame(STORED.empty_table())
    judged = pl.concat([empty, *parts], how="vertical_relaxed")
    return judged.join(pages.select("page_id"), on="page_id", how="semi")

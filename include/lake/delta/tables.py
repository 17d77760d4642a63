"""
Create, open, append to and delete from the Delta tables. Every commit to the lake is made here.

One append is one commit, whatever its size, since batches are streamed. Statistics are kept for ids
and times only (Delta's default is the first 32 columns, which include the body but not `run_id`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

import polars as pl
import pyarrow as pa
from deltalake import (
    BloomFilterProperties,
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    QueryBuilder,
    Schema,
    WriterProperties,
    write_deltalake,
)
from deltalake.transaction import AddAction, RemoveAction

from include.lake.delta.connect import open_delta, options_of, reach
from include.lake.delta.damage import check_log, translate_damage
from include.lake.delta.lease import check_fence
from include.schema.lake import INGEST_TABLES, Table
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

STATS = ("run_id", "page_id", "story_id", "ingested_at", "analysis_id")
BLOOMED = ("story_id", "page_id")
ROW_GROUP = 2_000  # rows that the writer holds in memory: about 20 MB of typical pages
STATS_BYTES = 1024  # Airflow's longest run id has 250 characters; a truncated one is ambiguous
FILE_BYTES = 128 * 2**20  # 2.1 GB streamed in one commit took 0.75 GB of memory, 0.5 GB took 0.9


def table_path(root: Root, kind: Table) -> str:
    """Return the folder of a table, or its URL."""
    return f"{root}/{kind.name}"


def has_table(root: Root, kind: Table) -> bool:
    """
    Check whether a table was created.

    Raises:
        StorageRefused: its log may not be listed. Delta would report that there is no table, and
        an empty warehouse would be published.
        LakeDamaged: its log is missing or broken.
    """
    if isinstance(root, Path):
        table = root / kind.name
        with translate_disk_errors(f"table {kind.name}", table / "_delta_log"):
            if not check_log(table):
                return False
    with reach(root):
        return bool(DeltaTable.is_deltatable(table_path(root, kind), options_of(root)))


def open_table(root: Root, kind: Table, version: int | None = None) -> DeltaTable:
    """Open a table at its newest version, or at an older version that is still kept."""
    return open_delta(root, table_path(root, kind), version, kind.schema())


def open_to_write(root: Root, kind: Table) -> DeltaTable:
    """Open a table for one commit, unless it has been fenced."""
    table = open_table(root, kind)
    check_fence(root, table)
    return table


def live_files(table: DeltaTable) -> pl.DataFrame:
    """
    Return a table version's files, one per row: path, size_bytes, num_records, min.*, max.*.

    A table partitioned by day also has partition.<its name>, a date.
    """
    frame = pl.from_arrow(pa.table(table.get_add_actions(flatten=True)))
    assert isinstance(frame, pl.DataFrame)
    return frame


def create_tables(root: Root, kinds: Sequence[Table] = INGEST_TABLES) -> None:
    """
    Create those tables that are missing, empty and with the schema of their columns.

    A table written by an older Copydesk gets the columns it lacks, filled with nulls.
    """
    for kind in kinds:
        if has_table(root, kind):
            _add_columns(root, kind)
            continue
        kept = [column.name for column in kind.columns if column.name in STATS]
        with reach(root, table_path(root, kind)):
            DeltaTable.create(
                table_path(root, kind),
                schema=kind.schema(),
                mode="ignore",
                partition_by=[kind.partition] if kind.partition else None,
                name=kind.name,
                description=kind.grain,
                configuration={"delta.dataSkippingStatsColumns": ",".join(kept)},
                storage_options=options_of(root),
            )


def append_rows(
    root: Root, kind: Table, batches: Iterable[pa.RecordBatch], metadata: dict[str, str]
) -> int:
    """
    Append batches of exactly the table's schema in one commit; no commit if there are no rows.

    Args:
        metadata: stored with the commit in the table's history.
    Returns:
        The rows appended.
    """
    counted = 0

    def count(stream: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        nonlocal counted
        for batch in stream:
            counted += batch.num_rows
            yield batch

    filled = (batch for batch in batches if batch.num_rows)
    first = next(filled, None)
    if first is None:
        return 0
    stream = pa.RecordBatchReader.from_batches(kind.schema(), count(chain([first], filled)))
    with reach(root, table_path(root, kind)):
        write_deltalake(
            open_to_write(root, kind),
            stream,
            mode="append",
            target_file_size=FILE_BYTES,
            writer_properties=_writer(kind),
            commit_properties=CommitProperties(custom_metadata=metadata),
        )
    return counted


def replace_rows(root: Root, kind: Table, rows: pa.Table, metadata: dict[str, str]) -> None:
    """Replace all rows of a table, in one commit."""
    with reach(root, table_path(root, kind)):
        write_deltalake(
            open_to_write(root, kind),
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            writer_properties=_writer(kind),
            commit_properties=CommitProperties(custom_metadata=metadata),
        )


def delete_rows(root: Root, kind: Table, predicate: str, metadata: dict[str, str]) -> None:
    """Delete the rows that match a predicate; files that statistics rule out are not read."""
    table = open_to_write(root, kind)
    with translate_damage(table_path(root, kind)), reach(root, table_path(root, kind)):
        table.delete(
            predicate,
            writer_properties=_writer(kind),
            commit_properties=CommitProperties(custom_metadata=metadata),
        )


def exchange_files(
    root: Root,
    table: DeltaTable,
    old: pl.DataFrame,
    new: list[AddAction],
    now: datetime,
    metadata: dict[str, str],
) -> None:
    """
    Replace files with others that hold the same rows, in one commit that changes no data.

    Args:
        old: rows of `live_files`, of one partition.
    """
    check_fence(root, table)
    moment = round(now.timestamp() * 1000)
    gone = [
        RemoveAction(row["path"], False, moment, row["size_bytes"], new[0].partition_values)
        for row in old.iter_rows(named=True)
    ]
    with translate_damage(table.table_uri):
        table.create_write_transaction(
            [*gone, *new],
            "append",
            table.schema(),
            table.metadata().partition_columns,
            commit_properties=CommitProperties(custom_metadata=metadata),
        )


def select_rows(root: Root, kind: Table, columns: Sequence[str], predicate: str) -> pa.Table:
    """
    Read some columns of the rows that match a predicate; skip files that statistics rule out.

    This uses Delta's own engine: the files it rewrites when rows are deleted store strings in a
    type that Arrow's filters cannot compare.
    """
    table = open_table(root, kind)
    held = {field.name for field in table.schema().fields}  # others came with a later Copydesk
    names = ", ".join(f'"{n}"' if n in held else f'null as "{n}"' for n in columns)
    query = f"select {names} from rows where {predicate}"  # noqa: S608 - quoted by `quote`
    with translate_damage(table_path(root, kind)), reach(root, table_path(root, kind)):
        rows = pa.table(QueryBuilder().register("rows", table).execute(query))
    return rows.cast(pa.schema([kind.schema().field(name) for name in columns]))


def quote(text: str) -> str:
    """Return a text as a SQL literal; run ids come from outside and may contain anything."""
    return "'" + text.replace("'", "''") + "'"


def one_of(column: str, texts: Iterable[str]) -> str:
    """Return the predicate that a column equals one of some texts."""
    return f"{column} in ({', '.join(quote(text) for text in texts)})"


def _add_columns(root: Root, kind: Table) -> None:
    """Add the columns that a table lacks; new columns are always nullable."""
    table = open_to_write(root, kind)
    present = {field.name for field in table.schema().fields}
    new = [field for field in kind.schema() if field.name not in present]
    if new:
        with reach(root, table_path(root, kind)):
            table.alter.add_columns(Schema.from_arrow(pa.schema(new)).fields)


def _writer(kind: Table) -> WriterProperties:
    bloom = ColumnProperties(
        bloom_filter_properties=BloomFilterProperties(True, fpp=0.01, ndv=ROW_GROUP)
    )
    names = [column.name for column in kind.columns]
    return WriterProperties(
        compression="ZSTD",
        compression_level=3,
        max_row_group_size=ROW_GROUP,
        statistics_truncate_length=STATS_BYTES,
        column_properties={name: bloom for name in BLOOMED if name in names},
    )

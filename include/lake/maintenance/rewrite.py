"""
Rewrite the rows of some files of a table: sorted, in few files, with stronger compression.

Rows are sorted in lots of LOT_BYTES, so memory does not grow with the size of a day; within a lot a
reader skips the row groups that its filter rules out. No commit is made here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction
from pyarrow.fs import PyFileSystem

from include.lake.delta.damage import translate_damage
from include.lake.delta.tables import BLOOMED, FILE_BYTES, ROW_GROUP, STATS
from include.schema.lake import Table

SORTED_BY = {
    "pages": ("inbox", "name", "page_id"),
    "stories": ("outlet", "published_at", "story_id"),
    "quarantine": ("outlet", "published_at", "story_id"),
    "chrome": ("page_id", "run_id", "chrome_no"),
    "analyses": ("mart", "analysis_no"),
    "text_pairs": ("text_a", "text_b"),
    "event_members": ("event_id", "story_id"),
    "event_changes": ("analysis_id", "event_id"),
}
LANDED = ("ingested_at", "run_id")  # of all others that have these columns
ZSTD = 9
LOT_BYTES = 128 * 2**20  # sorted at once, as Arrow has them: some 60,000 stories
ROWS_AT_ONCE = 64  # read from a file; the largest page that is taken has 64 MB


@dataclass
class NewFiles:
    """Files that are being written for one partition of a table; `written` once they are whole."""

    kind: Table
    place: PyFileSystem
    day: str | None
    now: datetime
    written: list[AddAction] = field(default_factory=list)
    _begun: list[str] = field(default_factory=list)

    def write(self, paths: Iterable[str]) -> None:
        """Write the rows of some files of the same partition."""
        schema = pa.schema([f for f in self.kind.schema() if f.name != self.kind.partition])
        rows = _sort_lots(self._read(paths, schema), _sort_keys(self.kind))
        part = next(rows, None)
        while part is not None:
            part = self._write_one(schema, part, rows)

    def discard(self) -> None:
        """Delete the new files, complete or not."""
        for path in dict.fromkeys((*self._begun, *(file.path for file in self.written))):
            with suppress(FileNotFoundError):
                self.place.delete_file(path)

    def _read(self, paths: Iterable[str], schema: pa.Schema) -> Iterator[pa.Table]:
        for path in paths:
            with (
                translate_damage(f"{self.kind.name}/{path}"),
                pq.ParquetFile(path, filesystem=self.place) as source,
            ):
                for batch in source.iter_batches(ROWS_AT_ONCE):
                    yield _fit(pa.Table.from_batches([batch]), schema)

    def _write_one(self, schema: pa.Schema, part: pa.Table, rows: Iterator[pa.Table]) -> Any:
        """Write one file from `part` and later ones; return the first part that did not fit."""
        folder = f"{self.kind.partition}={self.day}/" if self.day else ""
        path = f"{folder}part-00000-{uuid.uuid4()}-c000.zstd.parquet"
        bloom = {name: {"ndv": ROW_GROUP, "fpp": 0.01} for name in BLOOMED if name in schema.names}
        stats, left = _Stats(), part
        self._begun.append(path)
        packing = {"compression": "zstd", "compression_level": ZSTD, "bloom_filter_options": bloom}
        with (
            self.place.open_output_stream(path) as sink,
            pq.ParquetWriter(sink, schema, **packing) as out,
        ):
            while left is not None and (not stats.rows or sink.tell() < FILE_BYTES):
                out.write_table(left, row_group_size=ROW_GROUP)
                stats.add(left)
                left = next(rows, None)
        size_bytes = self.place.get_file_info(path).size
        partition = {self.kind.partition: self.day} if self.day and self.kind.partition else {}
        moment = round(self.now.timestamp() * 1000)
        self.written.append(AddAction(path, size_bytes, partition, moment, False, stats.to_json()))
        return left


class _Stats:
    """A file's statistics for Delta's log, of the columns in STATS."""

    def __init__(self) -> None:
        self.rows = 0
        self.least: dict[str, Any] = {}
        self.most: dict[str, Any] = {}
        self.nulls: dict[str, int] = {}

    def add(self, part: pa.Table) -> None:
        """Count the rows of a part."""
        self.rows += part.num_rows
        for name in set(STATS) & set(part.schema.names):
            self.nulls[name] = self.nulls.get(name, 0) + part[name].null_count
            bounds = pc.min_max(part[name]).as_py()
            if bounds["min"] is not None:
                self.least[name] = min(bounds["min"], self.least.get(name, bounds["min"]))
                self.most[name] = max(bounds["max"], self.most.get(name, bounds["max"]))

    def to_json(self) -> str:
        """Return the statistics as JSON in the format of Delta's log."""
        values = {
            "numRecords": self.rows,
            "minValues": self.least,
            "maxValues": self.most,
            "nullCount": self.nulls,
        }
        return json.dumps(values, default=_write_time, ensure_ascii=False)


def _write_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _sort_keys(kind: Table) -> list[tuple[str, str]]:
    names = {column.name for column in kind.columns}
    keys = SORTED_BY.get(kind.name, LANDED)
    return [(key, "ascending") for key in keys if key in names]


def _fit(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give rows the current columns; a column that an older Copydesk did not write is null."""
    columns = [
        rows[f.name] if f.name in rows.schema.names else pa.nulls(rows.num_rows, f.type)
        for f in schema
    ]
    return pa.Table.from_arrays(columns, names=schema.names).cast(schema)


def _sort_lots(parts: Iterator[pa.Table], keys: list[tuple[str, str]]) -> Iterator[pa.Table]:
    """Sort the rows in lots of about LOT_BYTES; yield each lot in parts of ROW_GROUP rows."""
    lot: list[pa.Table] = []
    size_bytes = 0
    for part in parts:
        lot.append(part)
        size_bytes += part.nbytes
        if size_bytes >= LOT_BYTES:
            yield from _sort(lot, keys)
            lot, size_bytes = [], 0
    if lot:
        yield from _sort(lot, keys)


def _sort(lot: list[pa.Table], keys: list[tuple[str, str]]) -> Iterator[pa.Table]:
    rows = pa.concat_tables(lot).combine_chunks()
    lot.clear()
    order = pc.sort_indices(rows, sort_keys=keys) if keys else pa.array(range(rows.num_rows))
    for start in range(0, rows.num_rows, ROW_GROUP):
        yield rows.take(order.slice(start, ROW_GROUP))

"""
What a column and a table are, and the types and columns that several tables share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type, meaning (with the unit), and whether it may be null."""

    name: str
    type: pa.DataType
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table. grain: what a row is. partition: the column that the lake partitions it by."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    partition: str | None = "ingest_day"

    def schema(self) -> pa.Schema:
        """Return the Arrow schema, in column order."""
        return schema_of(self.columns)


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """Return the Arrow schema of some columns, in their order."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in columns])


def mirror(name: str, grain: str, kind: Table, *more: Column) -> Table:
    """Describe a warehouse table that has the columns of a lake table, except the raw bytes."""
    kept = tuple(column for column in kind.columns if column.name != "raw")
    return Table(name, grain, (*kept, *more), partition=None)


def pick(kind: Table, *names: str) -> tuple[Column, ...]:
    """Return some columns of a table, as described there."""
    return tuple(next(c for c in kind.columns if c.name == name) for name in names)


STAMP = pa.timestamp("us", tz="UTC")
WORDS = pa.list_(pa.string())
SPAN = pa.struct([pa.field("start", pa.int32()), pa.field("end", pa.int32())])
SPANS = pa.list_(SPAN)
ROLE_SPANS = pa.list_(
    pa.struct(
        [pa.field("start", pa.int32()), pa.field("end", pa.int32()), pa.field("role", pa.string())]
    )
)
CAPTIONS = pa.list_(pa.struct([pa.field("text", pa.string()), pa.field("credit", pa.string())]))
OBSERVED = pa.list_(pa.struct([pa.field("rule", pa.string()), pa.field("value", pa.string())]))

PAGE_ID = Column("page_id", pa.string(), "sha256 of the page's bytes, 64 hex digits")
RUN = (
    Column("run_id", pa.string(), "run that wrote this row: Airflow's run id, or cli__<time>"),
    Column("ingested_at", STAMP, "start of that run (UTC)"),
)
DAY = Column(
    "ingest_day", pa.date32(), "day (UTC) of ingested_at; a page that is re-split keeps its day"
)

"""
The nouns of the data dictionary: a column, a table, and the types and columns that tables share.
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
    """One table: what a row is, and its columns. `partition` is the lake's partition column."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    partition: str | None = "ingest_day"

    def schema(self) -> pa.Schema:
        """Give the Arrow schema, in column order."""
        return schema_of(self.columns)


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """Give the Arrow schema of some columns, in their order."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in columns])


def take_over(name: str, grain: str, kind: Table, *more: Column) -> Table:
    """Describe a table of the warehouse whose columns are a lake table's, less the raw bytes."""
    kept = tuple(column for column in kind.columns if column.name != "raw")
    return Table(name, grain, (*kept, *more), partition=None)


def pick(kind: Table, *names: str) -> tuple[Column, ...]:
    """Give some columns of a table, described as there."""
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

PAGE_ID = Column("page_id", pa.string(), "sha256 of the page's own bytes, 64 hex digits")
RUN = (
    Column("run_id", pa.string(), "the run that wrote this row; Airflow's run id, or cli__<time>"),
    Column("ingested_at", STAMP, "when that run began (UTC)"),
)
DAY = Column(
    "ingest_day", pa.date32(), "the day (UTC) of ingested_at; a page split again keeps its day"
)

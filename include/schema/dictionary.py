"""
Render the data dictionary: docs/data-dictionary.md, and the rows of `meta.data_dictionary`, which
are also the comments in DuckDB. `python -m include.schema.dictionary` writes the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from include.schema.lake import LAKE_TABLES, Table
from include.schema.warehouse import MACROS, SCHEMAS, WAREHOUSE_TABLES

PATH = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"
PLAIN_TYPES = {
    pa.string(): "varchar",
    pa.binary(): "blob",
    pa.bool_(): "boolean",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us", tz="UTC"): "timestamp with time zone",
}
HEAD = """# Data dictionary

Generated from `include/schema/` by `make docs`; a test fails if the two differ. The warehouse has
the same text as comments, and as rows of `meta.data_dictionary`. Offsets count characters of the
page's decoded text; ends are exclusive.
"""


@dataclass(frozen=True)
class Entry:
    """One row of `meta.data_dictionary`."""

    schema_name: str
    table_name: str
    column_no: int
    column_name: str | None
    type: str | None
    nullable: bool | None
    meaning: str


def sql_type(kind: pa.DataType) -> str:
    """
    Return DuckDB's name of an Arrow type.

    Raises:
        KeyError: a type that no column had when `PLAIN_TYPES` was written.
    """
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return "struct(" + ", ".join(f'"{f.name}" {sql_type(f.type)}' for f in kind) + ")"
    return PLAIN_TYPES[kind]


def list_entries() -> Iterator[Entry]:
    """List the warehouse's dictionary: for each table, its own row, then one per column."""
    for table in WAREHOUSE_TABLES:
        schema, name = table.name.split(".")
        yield Entry(schema, name, 0, None, None, None, table.grain)
        for number, column in enumerate(table.columns, 1):
            yield Entry(
                schema, name, number, column.name, sql_type(column.type), column.nullable,
                column.meaning,
            )  # fmt: skip


def render_dictionary() -> str:
    """Return docs/data-dictionary.md: first the warehouse, then the lake."""
    parts = [HEAD, "## Warehouse\n"]
    for schema, meaning in SCHEMAS.items():
        if schema == "lake":
            continue
        parts.append(f"### Schema `{schema}`: {meaning}\n")
        parts += [_render(t) for t in WAREHOUSE_TABLES if t.name.startswith(f"{schema}.")]
    parts.append("### Macros\n")
    parts.append(
        "If you attach the warehouse, run `use` first: macros look in the current database.\n"
    )
    parts += [f"- `{m.name}({', '.join(m.arguments)})`: {m.meaning}" for m in MACROS]
    parts.append("\n## Lake\n")
    parts.append("Delta tables; the warehouse has a view of each in schema `lake`.\n")
    parts += [_render(table) for table in LAKE_TABLES]
    return "\n".join(parts).rstrip() + "\n"


def _render(table: Table) -> str:
    """Return one table as a section."""
    partition = f" Partitioned by `{table.partition}`." if table.partition else ""
    rows = [
        f"| `{c.name}` | {sql_type(c.type).replace('|', chr(92) + '|')} "
        f"| {'yes' if c.nullable else ''} | {c.meaning} |"
        for c in table.columns
    ]
    head = ["| column | type | null | meaning |", "|---|---|---|---|"]
    return "\n".join(
        [f"#### `{table.name}`", f"A row is {table.grain}.{partition}\n", *head, *rows, ""]
    )


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(render_dictionary(), encoding="utf-8")

"""
The data dictionary as people read it: docs/data-dictionary.md, and the rows that DuckDB comments
and `meta.data_dictionary` are made of. `python -m include.schema.dictionary` writes the file.
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

Made from `include/schema/lake.py` and `include/schema/warehouse.py` by `python -m
include.schema.dictionary`; a test holds them together. The same words are comments in the
warehouse, and rows of `meta.data_dictionary`. Offsets count characters of the page's decoded text,
end-exclusive.
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
    Give DuckDB's name of an Arrow type.

    Raises:
        KeyError: a type that columns.py does not use yet.
    """
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_struct(kind):
        return "struct(" + ", ".join(f'"{f.name}" {sql_type(f.type)}' for f in kind) + ")"
    return PLAIN_TYPES[kind]


def list_entries() -> Iterator[Entry]:
    """Give the warehouse's dictionary, a table's own row before its columns'."""
    for table in WAREHOUSE_TABLES:
        schema, name = table.name.split(".")
        yield Entry(schema, name, 0, None, None, None, table.grain)
        for number, column in enumerate(table.columns, 1):
            yield Entry(
                schema, name, number, column.name, sql_type(column.type), column.nullable,
                column.meaning,
            )  # fmt: skip


def render_dictionary() -> str:
    """Give docs/data-dictionary.md: warehouse first, then the lake."""
    parts = [HEAD, "## Warehouse\n"]
    for schema, meaning in SCHEMAS.items():
        if schema == "lake":
            continue
        parts.append(f"### Schema `{schema}`: {meaning}\n")
        parts += [_render(t) for t in WAREHOUSE_TABLES if t.name.startswith(f"{schema}.")]
    parts.append("### Macros\n")
    parts.append("An attached warehouse needs `use` before them: macros look in the current one.\n")
    parts += [f"- `{m.name}({', '.join(m.arguments)})`: {m.meaning}" for m in MACROS]
    parts.append("\n## Lake\n")
    parts.append("Delta tables; the warehouse shows them in schema `lake`, column by column.\n")
    parts += [_render(table) for table in LAKE_TABLES]
    return "\n".join(parts).rstrip() + "\n"


def _render(table: Table) -> str:
    """Give one table as a section."""
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

"""
Write a query's rows as a table, as JSON, as CSV, or as CSV that is safe in a spreadsheet.

Numbers, times and ids are never truncated. Text is truncated only at a terminal.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, TextIO, TypeAlias

import pyarrow as pa
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from include.terminal.table import GAP, Column, find_least, print_fitted, print_whole
from include.text import sanitize

CELL_CHARS = 80  # of a text cell at a terminal
DIGITS = 6  # significant digits of a float in a table; a share or a mean needs fewer
LARGEST = 1e15  # above, and below SMALLEST, a float is written as 1.5e+20
SMALLEST = 1e-4
FORMULA = re.compile(r"[=+\-@\t\uff1d\uff0b\uff0d\uff20]")  # wide forms: Excel in Japanese
# control characters but tab and line feed, and what turns the direction of text
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
EXCEL_CHARS = 32_767  # that a cell of Excel holds
BOM = "\ufeff"  # without it Excel reads UTF-8 as the code page of the machine
ID = re.compile(r"(?:.*_)?(?:id|hash|key)")
Row = tuple[Any, ...]
Rows: TypeAlias = pa.Table | pa.RecordBatchReader


def write_json(rows: Rows, out: TextIO) -> None:
    """Write one JSON object per row; NaN and infinity, which JSON lacks, become null."""
    names = make_unique(rows.schema.names)
    for row in read_rows(rows):
        values = dict(zip(names, map(_plain, row), strict=True))
        out.write(json.dumps(values, ensure_ascii=False, default=str) + "\n")


def write_csv(rows: Rows, out: TextIO, to_eyes: bool) -> None:
    """
    Write RFC 4180: a header, then one line per row; null is empty, a list or struct is JSON.

    Args:
        to_eyes: the output goes to a terminal, so control characters are replaced.
    """
    writer = csv.writer(out)
    cells = (
        [format_field(value) for value in row]
        for row in chain([rows.schema.names], read_rows(rows))
    )
    writer.writerows(map(sanitize, row) if to_eyes else row for row in cells)


def write_spreadsheet(rows: Rows, out: TextIO) -> None:
    """
    Write CSV for Excel and its kin: with a byte order mark, no text a formula, no cell too long.

    A text that a spreadsheet would calculate gets an apostrophe in front. Numbers stay numbers.
    """
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow([_make_inert(name) for name in rows.schema.names])
    for row in read_rows(rows):
        writer.writerow([_spreadsheet_cell(value) for value in row])


def _spreadsheet_cell(value: object) -> str:
    is_number = isinstance(value, (int, float, Decimal))
    return format_field(value) if is_number else _make_inert(format_field(value))


def _make_inert(text: str) -> str:
    text = UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
    text = f"'{text}" if FORMULA.match(text) else text
    return text if len(text) <= EXCEL_CHARS else text[: EXCEL_CHARS - 1] + "…"


def print_table(rows: pa.Table, console: Console) -> None:
    """
    Print rows as a table; if a terminal is too narrow for that, one column per line.
    """
    columns = [_column(field) for field in rows.schema]
    most = CELL_CHARS if console.is_terminal else None
    cells = [
        [
            _cell(value, None if column.whole else most)
            for value, column in zip(row, columns, strict=True)
        ]
        for row in read_rows(rows)
    ]
    if not console.is_terminal:
        print_whole(console, columns, cells)
    elif find_least(columns, cells) <= console.width:
        print_fitted(console, columns, cells, header_style="bold")
    else:
        _print_vertically(console, columns, cells)


def _print_vertically(console: Console, columns: Sequence[Column], rows: list[list[str]]) -> None:
    """Print rows one below the other, one column per line."""
    label = max(cell_len(column.name) for column in columns)
    for number, row in enumerate(rows, 1):
        console.print(Text(f"row {number}", style="dim"))
        for cell, column in zip(row, columns, strict=True):
            name = column.name + " " * (label + GAP - cell_len(column.name))
            console.print(Text.assemble((name, "bold"), cell), soft_wrap=True)


def read_rows(rows: Rows) -> Iterator[Row]:
    """Yield rows as tuples, since two columns may share a name."""
    for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def make_unique(names: Sequence[str]) -> list[str]:
    """Append a number to a name that an earlier column has."""
    unique: list[str] = []
    for name in names:
        number = 1
        while (new := name if number == 1 else f"{name}_{number}") in unique:
            number += 1
        unique.append(new)
    return unique


def _column(field: pa.Field) -> Column:
    kind = field.type
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    time = pa.types.is_temporal(kind) or pa.types.is_boolean(kind)
    is_id = not pa.types.is_nested(kind) and ID.fullmatch(field.name.lower()) is not None
    return Column(sanitize(field.name), whole=number or time or is_id, right=number)


def _plain(value: object) -> object:
    """Convert a value to one that JSON has."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return value


def format_field(value: object) -> str:
    """Format a value as a field of CSV: null is empty, a list or struct is JSON."""
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(_plain(value), ensure_ascii=False, default=str)
    return "" if value is None else str(value)


def _cell(value: object, most: int | None) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    elif isinstance(value, float):
        value = round_float(value)
    text = "" if value is None else sanitize(str(value))
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


def round_float(value: float) -> str:
    """Format a number with DIGITS significant digits, and always its whole integer part."""
    size = abs(value)
    if not math.isfinite(value) or (size and not SMALLEST <= size < LARGEST):
        return f"{value:.{DIGITS - 1}g}"
    before = math.floor(math.log10(size)) + 1 if size else 1
    digits = f"{value:.{max(1, DIGITS - max(before, 0))}f}".rstrip("0")
    return digits + "0" * digits.endswith(".")

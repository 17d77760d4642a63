"""
Write rows as an Excel workbook in which no cell is calculated.

Text is stored as text, so Excel never evaluates `=cmd()`. A sheet holds 1,048,575 rows below its
header, and a cell 32,767 characters: further rows go to another sheet, longer texts are cut, and
the command reports both.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

from include.terminal.rows import EXCEL_CHARS, UNSAFE, Rows, format_field, read_rows
from include.text import pluralize

SHEET_ROWS = 1_048_575
EXACT = 2**53  # Excel's numbers are doubles
FIRST_DAY = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900, so earlier days shift
OPTIONS = {
    "constant_memory": True,  # a row is written out when the next begins
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
WIDTHS = ((pa.types.is_string, 30), (pa.types.is_temporal, 19))


def write_excel(rows: Rows, path: Path) -> str:
    """Write rows to a workbook; return a note on what was cut or moved to fit, or ''."""
    book = xlsxwriter.Workbook(str(path), OPTIONS)
    book.use_zip64()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    cut = at = 0
    sheets = [_add_sheet(book, rows.schema)]
    for row in read_rows(rows):
        if at == SHEET_ROWS:
            sheets.append(_add_sheet(book, rows.schema))
            at = 0
        at += 1
        for column, value in enumerate(row):
            cut += _write_cell(sheets[-1], at, column, value, day)
    book.close()
    notes = [f"{pluralize(cut, 'text')} cut to {EXCEL_CHARS:,} characters"] if cut else []
    notes += [f"{len(sheets)} sheets"] if len(sheets) > 1 else []
    return "".join(f"; {note}" for note in notes)


def _add_sheet(book: Any, schema: pa.Schema) -> Any:
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(schema):
        width = next((width for is_kind, width in WIDTHS if is_kind(field.type)), 12)
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, _fit(field.name)[0], bold)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> int:
    """Write a value as Excel's own type if it has one, else as text; return 1 if it was cut."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and -EXACT < value < EXACT:
        sheet.write_number(row, column, value)
    elif isinstance(value, datetime) and value.date() >= FIRST_DAY:
        utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(row, column, utc)
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, day)
    else:
        text, is_cut = _fit(format_field(value))
        sheet.write_string(row, column, text)
        return is_cut
    return 0


def _fit(text: str) -> tuple[str, int]:
    """Replace control characters and cut long texts; return 1 if cut. Excel counts UTF-16 units."""
    text = UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
    units = text.encode("utf-16-le", "replace")
    if len(units) // 2 <= EXCEL_CHARS:
        return text, 0
    return units[: 2 * (EXCEL_CHARS - 1)].decode("utf-16-le", "ignore") + "…", 1

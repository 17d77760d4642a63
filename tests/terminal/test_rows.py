"""A query's rows: whole in a pipe, readable at a terminal, numbers as numbers everywhere."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from include.terminal.rows import (
    print_table,
    round_float,
    write_csv,
    write_json,
    write_spreadsheet,
)

PAGE_ID = "c0ffee" * 10 + "1234"
AT = datetime(2031, 3, 1, 6, 30, 5, tzinfo=UTC)
HEADLINE = 'The harbour "votes", 港, ' + "and votes again " * 10
ROWS = pa.table(
    {
        "page_id": [PAGE_ID],
        "headline": [HEADLINE],
        "words": pa.array([Decimal(12345678901234567890)], pa.decimal128(38, 0)),
        "price": pa.array([Decimal("1.50")], pa.decimal128(4, 2)),
        "share": [0.8123456789],
        "published_at": [AT],
        "day": [date(2031, 3, 1)],
        "reasons": [["one", "two"]],
        "none": pa.nulls(1),
    }
)


def shown(width: int, terminal: bool, rows: pa.Table = ROWS) -> str:
    out = io.StringIO()
    print_table(rows, Console(file=out, width=width, force_terminal=terminal, no_color=True))
    return Text.from_ansi(out.getvalue()).plain


def test_in_json_numbers_are_numbers() -> None:
    out = io.StringIO()
    write_json(ROWS, out)
    row = json.loads(out.getvalue())
    assert (row["words"], row["price"], row["share"]) == (12345678901234567890, 1.5, 0.8123456789)
    assert (row["none"], row["reasons"], row["day"]) == (None, ["one", "two"], "2031-03-01")


def test_in_json_nan_is_null_and_equal_column_names_are_numbered() -> None:
    out = io.StringIO()
    write_json(pa.table([[float("nan")], [[float("inf"), 1.0]]], names=["a", "a"]), out)
    assert json.loads(out.getvalue()) == {"a": None, "a_2": [None, 1.0]}


def test_csv_is_read_back_as_it_was_and_nothing_is_rounded() -> None:
    out = io.StringIO(newline="")
    write_csv(ROWS, out, to_eyes=False)
    assert out.getvalue().endswith("\r\n")
    head, row = csv.reader(io.StringIO(out.getvalue(), newline=""))
    told = dict(zip(head, row, strict=True))
    assert told["headline"] == HEADLINE
    assert (told["words"], told["price"], told["share"]) == (
        "12345678901234567890", "1.50", "0.8123456789",
    )  # fmt: skip
    assert (json.loads(told["reasons"]), told["none"]) == (["one", "two"], "")


@pytest.mark.parametrize(("to_eyes", "speaks"), [(True, False), (False, True)])
def test_csv_at_a_terminal_holds_no_control_sequences(to_eyes: bool, speaks: bool) -> None:
    out = io.StringIO(newline="")
    write_csv(pa.table({"headline": ["\x1b[31mred"]}), out, to_eyes=to_eyes)
    assert ("\x1b" in out.getvalue()) is speaks


def test_in_a_pipe_a_row_is_a_line_and_nothing_is_cut() -> None:
    lines = shown(80, terminal=False).splitlines()
    assert len(lines) == 2
    for told in (PAGE_ID, HEADLINE.strip(), "12345678901234567890", str(AT), "2031-03-01"):
        assert told in lines[1]


@pytest.mark.parametrize("width", [30, 80, 140, 300])
def test_at_a_terminal_no_number_time_or_id_is_broken(width: int) -> None:
    out = shown(width, terminal=True)
    for told in (PAGE_ID, "12345678901234567890", "1.50", "0.812346", str(AT), "2031-03-01"):
        assert told in out


def test_a_table_that_fits_is_no_wider_than_the_terminal() -> None:
    lines = shown(80, True, ROWS.select(["headline", "words", "day"])).splitlines()
    assert all(cell_len(line) <= 80 for line in lines)
    assert lines[0].split() == ["headline", "words", "day"]


def test_numbers_stand_right_whatever_their_type() -> None:
    rows = pa.table({"sum": pa.array([Decimal(5), Decimal(1500)], pa.decimal128(38, 0))})
    assert shown(80, False, rows).splitlines() == [" sum", "   5", "1500"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.0, "0.0"), (1.0, "1.0"), (0.1 + 0.2, "0.3"), (2 / 3, "0.666667"),
        (-224.83333333, "-224.833"),
        (1234567.891, "1234567.9"), (1.5e20, "1.5e+20"), (1.23456789e-7, "1.2346e-07"),
        (0.00123456, "0.001235"), (float("nan"), "nan"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_a_float_in_a_table_has_six_digits(value: float, told: str) -> None:
    assert round_float(value) == told


def test_no_text_is_a_formula_in_a_spreadsheet() -> None:
    hostile = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "=cmd|' /C calc'!A0",
        "\r=1",
        "\x00=1",
    ]
    texts = [*hostile, "plain", "a=b", "two\r\nlines", "x" * 40_000]
    table = pa.table({"=head": texts, "n": [-1.5] * len(texts), "i": [-2] * len(texts)})
    out = io.StringIO()
    write_spreadsheet(table, out)
    assert out.getvalue().startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(out.getvalue()[1:]))
    assert head == ["'=head", "n", "i"]
    cells = [row[0] for row in rows]
    assert not any(cell[:1] in "=+-@\t\r＝" for cell in cells)
    assert not any(letter in cell for cell in cells for letter in "\x00\r")
    assert cells[:4] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)"]
    assert cells[-4:-1] == ["plain", "a=b", "two\nlines"]
    assert len(cells[-1]) == 32_767
    assert {(row[1], row[2]) for row in rows} == {("-1.5", "-2")}

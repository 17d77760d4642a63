"""Figures are never cut; texts give way."""

from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from include.terminal.table import Column, fit_widths, print_fitted

COLUMNS = (
    Column("file"),
    Column("no", whole=True, right=True),
    Column("headline"),
    Column("confidence", whole=True, right=True),
)
ROWS = [
    ["a_long_name" * 9, "1", "The harbour votes " * 9, "0.99"],
    ["b.txt", "12", "港" * 40, "1.00"],
]


def lines_at(width: int) -> list[str]:
    out = StringIO()
    print_fitted(Console(file=out, width=width), COLUMNS, ROWS)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [20, 40, 80, 116, 140, 400])
def test_numbers_and_their_headers_are_whole_at_any_width(width: int) -> None:
    lines = lines_at(width)
    assert lines[0].endswith("confidence")
    assert {"0.99", "1.00"} == {
        line.split()[-1] for line in lines if line.endswith(("0.99", "1.00"))
    }


@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_line_is_wider_than_the_screen_and_no_text_is_lost(width: int) -> None:
    lines = lines_at(width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).count("港") == 40


def test_the_widest_texts_give_way_first() -> None:
    assert fit_widths([30, 2, 90, 16], [False, True, False, False], 100) == [30, 2, 52, 16]
    assert fit_widths([90, 2, 90], [False, True, False], 82) == [40, 2, 40]
    assert fit_widths([90, 20], [False, True], 10) == [8, 20]

"""The command `plot`: series over time as text, in the width of the terminal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from rich.cells import cell_len

pytest.importorskip("plotext")

from include.__main__ import main
from include.terminal.plot import PART_DAYS, TITLES, choose_part, draw, find_levels, gather
from include.terminal.plot_options import PARTS, SERIES
from include.warehouse.series import WITH_TERM
from tests.lake.builders import land_files, run_at
from tests.lake.marts.analyses import analyse, make_settings
from tests.warehouse.readers import publish_and_ask

ESC = "\x1b[2J"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = make_settings(tmp_path_factory.mktemp("plot"))
    ferry = "S One|The ferry to Oslo sank, said Petra Lindqvist.\nQ Bad|No."
    for day in (0, 1, 3):
        texts = {f"{day}.txt": f"{ferry} {day}", f"{day}b.txt": f"S Two|Nothing {day} {ESC} sank."}
        land_files(settings.lake, run_at(day * 1440), texts)
    analyse(settings, "a-1")
    publish_and_ask(settings, "select 1")
    return settings.home


def plot(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main(["plot", *words, "--home", str(home)])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("series", SERIES)
@pytest.mark.parametrize("columns", [80, 50, 160])
def test_every_series_fits_the_terminal_without_colour(home, capsys, monkeypatch, series, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    term = [{"word": "ferry", "entity": "Petra Lindqvist"}[series]] if series in WITH_TERM else []

    code, out, err = plot(capsys, home, series, *term)

    assert (code, err) == (0, "")
    assert "2026-11-21" in out
    assert "\x1b" not in out
    assert max(map(cell_len, out.splitlines())) <= columns


def test_the_options_are_what_can_be_drawn():
    assert tuple(TITLES) == SERIES
    assert tuple(PART_DAYS) == PARTS


def test_an_outlet_and_a_day_restrict_the_series(home, capsys):
    _, out, err = plot(capsys, home, "stories", "--outlet", "herald", "--since", "2026-11-23")
    assert "2026-11-24" in out
    assert "2026-11-21" not in out
    assert err == ""
    assert plot(capsys, home, "stories", "--outlet", "Gazette") == (0, "", "no stories to plot\n")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["word"], "word or entity"),
        (["stories", "ferry"], "ferry"),
        (["stories", "--since", "yesterday"], "yesterday"),
    ],
)
def test_wrong_usage_is_refused(home, capsys, words, problem):
    code, out, err = plot(capsys, home, *words)
    assert (code, out) == (2, "")
    assert problem in err


def test_an_unknown_entity_is_an_error(home, capsys):
    code, _, err = plot(capsys, home, "entity", "nobody")
    assert code == 1
    assert "nobody" in err


def test_a_word_cannot_control_the_terminal(home, capsys):
    assert "\x1b" not in plot(capsys, home, "word", f"{ESC}ferry")[1]


def days(*rows: tuple[str, float, float | None]) -> pa.Table:
    named = [
        {"day": date.fromisoformat(day), "part": part, "whole": whole} for day, part, whole in rows
    ]
    types = [("day", pa.date32()), ("part", pa.float64()), ("whole", pa.float64())]
    return pa.Table.from_pylist(named, pa.schema(types))


def test_a_day_without_stories_counts_zero_and_has_no_share():
    counts = gather(days(("2026-03-01", 4, None), ("2026-03-03", 2, None)), "day")
    assert [value for _, value in counts] == [4, 0, 2]
    shares = gather(days(("2026-03-01", 1, 4), ("2026-03-03", 2, 2)), "day")
    assert [value for _, value in shares] == [0.25, None, 1]


def test_weeks_begin_on_monday_and_months_on_the_first():
    rows = days(("2026-03-01", 1, 2), ("2026-03-02", 0, 6), ("2026-05-30", 3, 3))
    assert gather(rows, "week")[:2] == [(date(2026, 2, 23), 0.5), (date(2026, 3, 2), 0)]
    assert gather(rows, "month") == [
        (date(2026, 3, 1), 0.125),
        (date(2026, 4, 1), None),
        (date(2026, 5, 1), 1),
    ]


@pytest.mark.parametrize(
    ("last", "part"), [("2026-02-01", "day"), ("2027-01-01", "week"), ("2040-01-01", "month")]
)
def test_a_long_series_is_drawn_in_larger_parts(last, part):
    assert choose_part(days(("2026-01-01", 1, None), (last, 1, None)), 144) == part


@pytest.mark.parametrize(
    ("values", "is_share", "levels"),
    [
        ([1, 3], False, [0, 1, 2, 3]),
        ([23], False, [0, 5, 10, 15, 20, 25]),
        ([0.3], True, [0, 0.1, 0.2, 0.3]),
        ([100], True, [0, 20, 40, 60, 80, 100]),
        ([], True, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([0], False, [0, 1]),
    ],
)
def test_the_axis_has_round_numbers(values, is_share, levels):
    assert find_levels(values, is_share) == levels


def test_points_beside_a_gap_are_drawn():
    first = date(2026, 3, 1)
    points = [(first, 1.0), (first.replace(day=2), None), (first.replace(day=3), 1.0)]
    assert draw(points, "title", 60, True).count("•") == 2

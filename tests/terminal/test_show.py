"""What a person sees of a page: the margin stays in place, whatever the text holds."""

import io
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from include.__main__ import main
from include.config.settings import ROOT
from include.terminal.page_layout import END, ISOLATE, Entry, lay_out, wrap

SAMPLES = ROOT / "include" / "sample_inbox"
ARABIC = "وافق مجلس الميناء يوم الثلاثاء على تشغيل عبّارة ليلية بين الرصيف القديم والجزيرة"
JAPANESE = "港の評議会は火曜日、古い桟橋と島を結ぶ夜行フェリーの運航を承認した。" * 3
THAI = "สภาเมืองลงมติเมื่อวันอังคารให้เก็บเครนเก่าไว้ที่เดิมหลังจากการอภิปราย" * 2
HINDI = "बंदरगाह परिषद ने मंगलवार को पुराने घाट और द्वीप के बीच रात की नौका को मंज़ूरी दी " * 2


def rows_of(text: str, width: int = 80, terminal: bool = True, why: str = "") -> list[str]:
    console = Console(width=width, force_terminal=terminal, file=io.StringIO())
    entries = [Entry("7", "1", "body", text, why, "default")]
    return [row.plain for row in lay_out(entries, console, bool(why))][1:]


@pytest.mark.parametrize("text", [ARABIC, JAPANESE, THAI, HINDI, "ferry " * 60, "x" * 300])
@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_row_is_wider_than_the_terminal_and_nothing_is_lost(text: str, width: int) -> None:
    rows = rows_of(text, width)
    assert all(cell_len(row) <= width for row in rows)
    shown = "".join(rows).translate(str.maketrans("", "", ISOLATE + END))
    assert text.replace(" ", "") in shown.replace(" ", "")


@pytest.mark.parametrize("text", [THAI, HINDI])
def test_a_row_does_not_begin_with_a_mark(text: str) -> None:
    for row in wrap(text, 30):
        assert not unicodedata.category(row[0]).startswith("M")


def test_every_row_begins_after_the_margin() -> None:
    rows = rows_of("ferry " * 60)
    margin = rows[0].index("ferry")
    assert {len(row) - len(row.lstrip()) for row in rows[1:]} == {margin}


def test_right_to_left_text_is_isolated_row_by_row() -> None:
    for row in rows_of(ARABIC, 60):
        assert row.count(ISOLATE) == row.count(END) == 1
        assert row.index(ISOLATE) < row.index(END)


def test_text_that_turns_the_line_is_disarmed() -> None:
    rows = rows_of("name \u202eyrtsiger\u202c \x1b[31mred \u2066open")
    assert not any(sign in row for row in rows for sign in "\u202e\u202c\x1b\u2066")


def test_joiners_that_shape_letters_stay_and_what_has_no_shape_goes() -> None:
    (row,) = rows_of("می\u200cشود re\u00adgistry")
    assert "می\u200cشود registry" in row


def test_elsewhere_than_at_a_terminal_a_piece_is_one_plain_row() -> None:
    (row,) = rows_of(ARABIC * 4, terminal=False)
    assert ARABIC * 4 in row
    assert ISOLATE not in row


def test_reasons_stand_below_the_text() -> None:
    rows = rows_of("A ferry.", why="prose: a paragraph of sentences")
    assert rows[1].strip() == "↳ prose: a paragraph of sentences"


def test_no_colour_is_used_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["show", str(SAMPLES / "08_greek.txt")]) == 0
    assert "\x1b[3" not in capsys.readouterr().out


def test_the_least_sure_of_a_folder_come_first_with_the_command_that_shows_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "--least-sure", "3", str(SAMPLES)]) == 0
    out = capsys.readouterr().out
    sure = [float(line.split()[0]) for line in out.splitlines() if line[:2] == "0."]
    assert len(sure) == 3
    assert sure == sorted(sure)
    assert out.count("-m include show ") == 3


def test_a_path_right_after_the_option_is_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "--least-sure", str(SAMPLES / "05_aggregator.txt")]) == 0
    assert "4 stories on 1 page" in capsys.readouterr().out


def test_the_least_sure_before_the_first_run_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--least-sure", "--home", str(tmp_path)]) == 1
    assert "ingest" in capsys.readouterr().err


def test_show_of_nothing_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show"]) == 2
    assert "--least-sure" in capsys.readouterr().err

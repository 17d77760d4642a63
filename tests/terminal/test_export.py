"""What `export` writes is what the query selects, and nothing in it runs."""

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.__main__ import main
from include.config.settings import ROOT
from include.terminal import excel
from include.terminal.excel import write_excel
from include.terminal.feed import write_feed

HOSTILE = [
    "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-2+3", "<script>alert(1)</script> & ]]>", "a\x00b\x1bc",
    "\u202egnp.exe", "x" * 40_000, "", "https://example.org/?a=1&b=2", "007", "line\nbreak\r\n",
]  # fmt: skip
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def export(home: Path, *words: str) -> int:
    return main(["export", *words, "--home", str(home)])


def cells(path: Path, sheet: int = 1) -> list[ET.Element]:
    with zipfile.ZipFile(path) as book:
        return list(ET.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{MAIN}c"))


def text_of(cell: ET.Element) -> str:
    return "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl", "xlsx", "rss"])
def test_every_format_holds_every_story(lived: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "out" / f"stories.{form}"
    assert export(lived, "--format", form, "--to", str(target)) == 0

    def lines() -> list[str]:
        return target.read_text(encoding="utf-8").splitlines(keepends=True)

    rows: dict[str, Any] = {
        "parquet": lambda: pq.read_table(target)["story_id"].to_pylist(),
        "csv": lambda: [r["story_id"] for r in csv.DictReader(lines())],
        "jsonl": lambda: [json.loads(r)["story_id"] for r in lines()],
        "xlsx": lambda: [
            text_of(c) for c in cells(target) if re.fullmatch(r"A[2-9]", c.attrib["r"])
        ],
        "rss": lambda: [guid.text for guid in ET.parse(target).iter("guid")],
    }
    found = rows[form]()
    assert len(found) == len(set(found)) == 4
    assert list(target.parent.iterdir()) == [target]


def test_a_query_chooses_rows_and_columns(lived: Path, tmp_path: Path) -> None:
    target = tmp_path / "few.csv"
    sql = "select headline as a, words as a from stories order by 2 limit 2"
    assert export(lived, sql, "--format", "csv", "--to", str(target)) == 0
    assert target.read_bytes().startswith(b"a,a\r\n")
    assert target.read_bytes().count(b"\r\n") == 3
    assert export(lived, sql, "--format", "parquet", "--to", str(target)) == 0
    assert pq.read_table(target).column_names == ["a", "a_2"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["copy stories to 'x.csv'", "--format", "csv", "--to", "x.csv"], "statement that reads"),
        (["from nowhere", "--format", "csv", "--to", "x.csv"], "nowhere"),
        (["select 1 as a", "--format", "rss", "--to", "x.rss"], "headline"),
        (["--format", "csv", "--to", "."], "folder"),
    ],
)
def test_what_cannot_be_exported_leaves_no_file(
    lived: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    problem: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert export(lived, *words) != 0
    assert problem in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_does_not_hold_the_warehouse(lived: Path, tmp_path: Path) -> None:
    script = (
        "from include.__main__ import main\n"
        "for words in (['select 1 as a', '--format', 'rss', '--to', 'x.rss'],\n"
        "              ['--format', 'csv', '--to', 'x.csv']):\n"
        f"    code = main(['export', *words, '--home', {str(lived)!r}])\n"
        "raise SystemExit(code)"
    )
    command = [sys.executable, "-c", script]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # before, the second waited for ever: DuckDB opens no file whose last result is still held
    done = subprocess.run(command, cwd=tmp_path, env=environment, timeout=120, check=False)
    assert done.returncode == 0
    assert (tmp_path / "x.csv").exists()


def test_copydesks_own_files_are_no_target(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for own in ("warehouse.duckdb", "lake/stories/part.parquet"):
        before = sorted(lived.rglob("*"))
        assert export(lived, "--format", "parquet", "--to", str(lived / own)) != 0
        assert "Copydesk's own" in capsys.readouterr().err
        assert sorted(lived.rglob("*")) == before


def test_excel_calculates_nothing_and_cuts_only_what_it_must(tmp_path: Path) -> None:
    note = write_excel(pa.table({"=1+1": HOSTILE}), tmp_path / "a.xlsx")
    written = cells(tmp_path / "a.xlsx")
    assert note == "; 1 text cut to 32,767 characters"
    assert not [cell for cell in written if cell.find(f"{MAIN}f") is not None]
    assert {cell.attrib["t"] for cell in written if list(cell)} == {"inlineStr"}
    texts = [text_of(cell) for cell in written if list(cell)]
    assert texts[:6] == ["=1+1", *HOSTILE[:5]]
    assert texts[6:8] == ["a\ufffdb\ufffdc", "\ufffdgnp.exe"]
    assert len(texts[8]) == 32_767
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert not [name for name in book.namelist() if "hyperlink" in name or "vba" in name]


def test_excel_keeps_numbers_times_and_what_it_has_no_kind_for(tmp_path: Path) -> None:
    at = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    rows = pa.table(
        {
            "whole": [2**53 + 1, 7], "part": [float("nan"), 0.5], "at": [at, None],
            "day": [date(1889, 5, 6), date(2026, 3, 1)], "yes": [True, False], "list": [["a"], []],
        }
    )  # fmt: skip
    assert write_excel(rows, tmp_path / "a.xlsx") == ""
    kinds = {cell.attrib["r"]: cell for cell in cells(tmp_path / "a.xlsx") if list(cell)}
    assert text_of(kinds["A2"]) == str(2**53 + 1)
    assert kinds["A3"].findtext(f"{MAIN}v") == "7"
    assert "B2" not in kinds
    assert float(kinds["C2"].findtext(f"{MAIN}v") or 0) == pytest.approx(46082.2708333)
    assert text_of(kinds["D2"]) == "1889-05-06"
    assert kinds["D3"].findtext(f"{MAIN}v") == "46082"
    assert text_of(kinds["F2"]) == '["a"]'


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "SHEET_ROWS", 2)
    assert write_excel(pa.table({"n": [1, 2, 3]}), tmp_path / "a.xlsx") == "; 2 sheets"
    assert [cell.attrib["r"] for cell in cells(tmp_path / "a.xlsx", 2)] == ["A1", "A2"]


def test_a_feed_reads_back_as_it_was_and_links_only_to_the_web(tmp_path: Path) -> None:
    stories = pa.table(
        {
            "story_id": [str(n) for n in range(len(HOSTILE))], "headline": HOSTILE, "body": HOSTILE,
            "url": ["javascript:alert(1)", "https://example.org/a?b=1&c=2"] + [None] * 10,
            "published_at": [datetime(2026, 3, 1, 6, tzinfo=UTC)] + [None] * 11,
        }
    )  # fmt: skip
    write_feed(stories, tmp_path / "a.rss")
    items = list(ET.parse(tmp_path / "a.rss").iter("item"))
    assert [item.findtext("description") for item in items][4] == HOSTILE[4]
    assert [item.findtext("link") for item in items][:2] == [None, "https://example.org/a?b=1&c=2"]
    assert items[0].findtext("pubDate") == "Sun, 01 Mar 2026 06:00:00 +0000"

"""`show` sees what intake sees: pages in archives and records as well."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from include.__main__ import main
from tests.pipeline.pages import GOOD, OTHER


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder to stand in: a zip, records, a compressed page and a broken zip."""
    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.writestr("in/a.txt", GOOD)
        archive.writestr("in/picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(99))
        archive.writestr("in/evil\x1b[31m.txt", OTHER)
    lines = [json.dumps({"text": text}) for text in (GOOD, OTHER)]
    (tmp_path / "records.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "one.txt.gz").write_bytes(gzip.compress(OTHER.encode()))
    (tmp_path / "broken.zip").write_bytes((tmp_path / "news.zip").read_bytes()[:200])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def show(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(("show", *words))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_an_archive_lists_its_pages_and_how_to_show_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = show(capsys, "news.zip")
    assert code == 0
    assert "news.zip: 3 in it" in out
    assert "news.zip!in/picture.txt  not taken: binary:png" in out
    assert "-m include show 'news.zip!in/a.txt'" in out
    assert "-m include why news.zip" in out
    assert "\x1b" not in out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("news.zip!in/a.txt", GOOD),
        ("records.jsonl!2", OTHER),
        ("one.txt.gz", OTHER),
        ("one.txt.gz!one.txt", OTHER),
    ],
)
def test_a_page_in_an_archive_or_a_record_is_shown_by_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    code, out, _ = show(capsys, name)
    assert code == 0
    assert text.splitlines()[0] in out
    assert f"{Path(name).name.partition('!')[0]}" in out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("news.zip!in/none.txt", "lists the pages"),
        ("news.zip!in/picture.txt", "binary:png"),
        ("none.zip!a", "ARCHIVE!PAGE"),
        ("none.txt", "ARCHIVE!PAGE"),
    ],
)
def test_a_missing_page_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    code, _, err = show(capsys, name)
    assert code == 1
    assert said in err


def test_a_broken_archive_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = show(capsys, "broken.zip")
    assert "broken.zip: 0 in it" in out
    assert "broken.zip  not taken: cut_off:zip" in out


def test_the_least_sure_of_an_archive_are_those_of_its_pages(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = show(capsys, "--least-sure", "records.jsonl", "one.txt.gz")
    assert "on 3 pages" in out

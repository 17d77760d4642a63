"""`show` sees what intake sees: pages in archives and records as well."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from include.__main__ import main
from include.intake import isolation
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


def test_a_file_that_never_ends_is_rejected_and_not_waited_for(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    attributes = " ".join(f"a{number}=1" for number in range(70_000))
    slow = f"<!doctype html><html><body><p {attributes}>Slow.</p></body></html>"
    (folder / "slow.html").write_text(slow)
    with zipfile.ZipFile(folder / "slow.zip", "w") as archive:
        archive.writestr("a.txt", GOOD)
        archive.writestr("b.html", slow)
    monkeypatch.setattr(isolation.IsolatedParser.__init__, "__defaults__", (1.0,))
    code, _, err = show(capsys, "slow.html")
    assert code == 1
    assert "The file was rejected: too_slow" in err
    code, out, _ = show(capsys, "slow.zip")
    assert code == 0
    assert "slow.zip!b.html  not taken: too_slow" in out
    assert show(capsys, "slow.zip!a.txt")[0] == 0


def test_a_file_above_the_limit_is_rejected_as_intake_rejects_it(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_MAX_PAGE_BYTES", "1000")
    (folder / "large.txt").write_text("word " * 300)
    (folder / "large.jsonl").write_text("\n".join(json.dumps({"text": GOOD}) for _ in "123"))
    _, out, _ = show(capsys, "large.txt")
    assert "large.txt  not taken: too_large" in out
    _, out, _ = show(capsys, "large.jsonl")
    assert "large.jsonl: 3 in it" in out

"""`resplit` shows what would change, and lands only what somebody agreed to."""

import json
import shutil
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import ROOT

SAMPLES = ROOT / "include" / "sample_inbox"
RUNS = "select run_id, kind from meta.runs order by ingested_at"


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("resplit")
    (folder / "inbox").mkdir()
    shutil.copy(SAMPLES / "01_three_stories_joined.txt", folder / "inbox")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPYDESK_SETTLE_S", "0")
        words = ["ingest", str(folder / "inbox"), "--home", str(folder / "home"), "--json"]
        assert main(words) == 0
    return folder / "home"


@pytest.fixture
def home(landed: Path, tmp_path: Path) -> Path:
    shutil.copytree(landed, tmp_path / "home")
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main([*words, "--home", str(home)])
    told = capsys.readouterr()
    return code, told.out, told.err


def kinds(capsys: pytest.CaptureFixture[str], home: Path) -> list[str]:
    out = run(capsys, home, "query", RUNS, "--json")[1]
    return [json.loads(line)["kind"] for line in out.splitlines()]


def test_pages_of_this_splitter_need_no_splitting(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, home, "resplit", "--yes")
    assert code == 0
    assert "nothing to split again" in out


def test_resplit_with_yes_lands_without_asking(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, home, "resplit", "--all", "--yes")
    assert code == 0, out
    assert "Split 1 page again?" in out
    assert "landed: 3 stories" in out
    assert kinds(capsys, home)[-1] == "resplit"


def test_a_dry_run_lands_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = kinds(capsys, home)
    code, out, _ = run(capsys, home, "resplit", "--all", "--dry-run")
    assert code == 0
    assert "no story was changed: the result is the same" in out
    assert kinds(capsys, home) == before


@pytest.mark.parametrize(("answer", "lands"), [("y", True), ("n", False), ("", False)])
def test_at_a_terminal_a_person_is_asked(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    lands: bool,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda *_: answer)
    before = kinds(capsys, home)
    code, _, _ = run(capsys, home, "resplit", "--all")
    assert code == 0
    assert (len(kinds(capsys, home)) > len(before)) is lands


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("resplit",), "--yes"),
        (("resplit", "--yes", "--days", "soon"), "2026-01-31"),
        (("resplit", "--yes", "--days", "2026-01-31..2026-01-01"), "2026-01-01..2026-01-31"),
        (("resplit", "--yes", "--all", "--workers", "0"), "--workers"),
    ],
    ids=["nobody", "no day", "backwards", "no worker"],
)
def test_wrong_usage_says_what_to_do(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    code, _, err = run(capsys, home, *words)
    assert code == 2
    assert said in " ".join(err.split())


@pytest.mark.parametrize(
    "words",
    [("resplit", "--yes"), ("tend",), ("correct", 'lines of A like "b" are promo')],
    ids=["resplit", "tend", "correct"],
)
def test_a_home_that_no_run_wrote_to_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, _, err = run(capsys, tmp_path / "mistyped", *words)
    assert code == 1
    assert "ingest first" in " ".join(err.split())
    assert not list(tmp_path.iterdir())


def test_a_pattern_for_an_outlet_of_no_page_is_noted_with_a_warning(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, home, "correct", 'lines of The Harold like "^Read" are promo')
    assert code == 0
    assert "noted: lines of The Harold" in out
    assert "no page of The Harold is known" in out
    assert "resplit --home" in out
    assert '--all --outlet "The Harold"' in out


def test_a_correction_of_a_line_without_a_page_says_what_is_missing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, home, "correct", "line 12 starts")
    assert code == 2
    assert "--page" in err

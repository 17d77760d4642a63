"""The command `search`: ranked stories at a terminal and as JSON, and what it refuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from include.__main__ import main
from tests.warehouse.search.stories import PAGES, land, land_and_index

ESC = "\x1b[2J"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    land_and_index(tmp_path, 0, {**PAGES, "f.txt": f"S Odd {ESC}eel|An eel {ESC} [red]swam."})
    return tmp_path


def search(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main(["search", *words, "--home", str(home)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_stories_are_printed_best_first(home, capsys):
    code, out, err = search(capsys, home, "ferry AND strike")

    assert (code, err) == (0, "")
    first, origin, text, *_ = out.splitlines()
    assert first.endswith("  Ferry strike")
    assert float(first.split()[0]) > 0
    assert "Herald · no date · " in origin
    assert "Crews of the ferry walk out" in text
    assert out.index("Ferry strike") < out.index("Harbour news")


def test_json_is_one_object_per_story(home, capsys):
    _, out, _ = search(capsys, home, "ferry", "--json", "--limit", "1")

    (row,) = map(json.loads, out.splitlines())
    assert row["headline"] == "Ferry strike"
    assert list(row)[-2:] == ["around", "score"]


def test_story_text_cannot_control_the_terminal(home, capsys):
    _, out, _ = search(capsys, home, "eel")

    assert "\x1b" not in out
    assert "[red]swam" in out


def test_a_query_that_begins_with_a_minus_is_given_after_two(home, capsys):
    main(["search", "--json", "--home", str(home), "--", "-ferry -prime -eel -été"])

    out = capsys.readouterr().out
    assert [json.loads(line)["headline"] for line in out.splitlines()] == ["Goose fair"]


def test_analyze_makes_the_index(lived, tmp_path, capsys):
    home = Path(shutil.copytree(lived, tmp_path / "copy"))
    code, _, err = search(capsys, home, "boat")
    assert (code, "include analyze" in err) == (1, True)

    assert main(["analyze", "--home", str(home)]) == 0
    assert "search: 4 stories added" in capsys.readouterr().out
    _, out, _ = search(capsys, home, '"goose bridge" cake', "--json")
    sources = {json.loads(line)["source_name"] for line in out.splitlines()}
    assert sources == {"news.zip!in/b.txt", "news.zip!in/evil\x1b[31m.txt"}

    assert main(["analyze", "--home", str(home), "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert done["search"] == {"lake_version": 4, "stories": 0}


def test_no_match_and_an_index_that_is_behind_are_said(home, capsys):
    land(home, 1, {**PAGES, "g.txt": "S Gale|A zeppelin flew."})
    code, out, err = search(capsys, home, "zeppelin")

    assert (code, out) == (0, "")
    assert "the index lacks the last 1 run" in err
    assert "include analyze" in err
    assert "no story matches" in err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (['"ferry'], "is never closed"),
        (["author:x"], "There is no field author:"),
        ([""], "no word to search for"),
        (["ferry", "--limit", "0"], "Give 1 or more"),
        (["ferry", "--limit", "-3"], "Give 1 or more"),
    ],
)
def test_a_bad_query_is_wrong_usage(home, capsys, words, why):
    code, out, err = search(capsys, home, *words)

    assert (code, out) == (2, "")
    assert why in " ".join(err.split())


def test_a_home_without_a_warehouse_is_refused(tmp_path, capsys):
    code, _, err = search(capsys, tmp_path / "nowhere", "ferry")

    assert code == 1
    assert "Run ingest first" in " ".join(err.split())
    assert not (tmp_path / "nowhere").exists()

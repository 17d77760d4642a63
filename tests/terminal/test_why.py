"""Why: the whole life of a page or story, and nothing in it speaks to the terminal."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from include.__main__ import main
from include.config.settings import ROOT, Settings
from include.warehouse.read import run_query
from tests.pipeline.pages import GOOD, REVISED


def why(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> str:
    assert main(["why", *words, "--home", str(home)]) == 0
    return " ".join(capsys.readouterr().out.split())  # as it reads, however it is wrapped


def story_of(home: Path, name: str) -> str:
    sql = f"select story_id from stories where source_name = '{name}'"  # ours
    return str(run_query(Settings(home=home).warehouse, sql)["story_id"][0].as_py())


def test_a_revised_page_shows_both_versions_and_when_each_was_current(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, "a.txt")
    assert "current since version 2" in out
    assert "current in version 1" in out
    assert "revised since" in out
    assert "no chrome book: 1 landed, 0 set aside" in out
    assert "% alike (revised)" in out


def test_a_diff_is_shown_only_on_request(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "It will carry ninety" not in why(capsys, lived, "a.txt")
    assert "It will carry ninety" in why(capsys, lived, "a.txt", "--diff")


def test_a_page_that_was_never_revised_says_so_where_a_diff_is_asked_for(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "diff nothing was revised" in why(capsys, lived, "b.txt", "--diff")
    assert "nothing was revised" not in why(capsys, lived, "b.txt")


def test_the_history_of_a_page_is_chronological(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, "c.txt")
    assert out.index("delivered") < out.index("split again") < out.index("decoded")


def test_what_was_set_aside_did_not_land_before_the_version_that_released_it(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, "c.txt")
    came, again = (
        out.index("0 landed, 1 set aside; page current since version 1"),
        out.index("left v"),
    )
    assert came < again
    assert "1 landed, 0 set aside Airflow's run manual__edited (review), which left v" in out


def test_lines_are_shown_with_role_and_reason(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, story_of(lived, "a.txt"), "--lines")
    assert "↳ the headline" in out
    assert "promo" in out, "a correction bears on the lines"


def test_a_review_shows_who_when_and_why(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, lived, "c.txt")
    assert "reviewed release from published.not_ahead an editor" in out
    assert "so it is'); drop table stories;--" in out
    assert "flagged published.not_ahead" in out
    assert "split again" in out
    assert "Airflow's run manual__edited (review), which left version 3" in out


def test_a_correction_is_shown_with_its_id(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "corrected line 7 is promo" in why(capsys, lived, "a.txt")


def test_an_archive_lists_its_members_and_a_member_is_a_page(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, "news.zip")
    assert "2 members of news.zip" in out
    assert "news.zip!in/b.txt landed 1 0" in out
    assert "current since version 1" in why(capsys, lived, "news.zip!in/b.txt")
    assert why(capsys, lived, "in/b.txt") == why(capsys, lived, "b.txt")


def test_a_rejected_file_is_shown_with_its_reason(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "rejected: empty" in why(capsys, lived, "empty.txt")


def test_a_copy_names_the_one_that_counts(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = why(capsys, lived, "in/b.txt")
    assert "same text" in out


@pytest.mark.parametrize("key", ["a.txt", "c.txt", "news.zip"])
def test_output_holds_no_control_sequences(
    lived: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ((), ("--lines", "--diff")):
        out = why(capsys, lived, key, *words)
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_json_is_one_object_a_row(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "c.txt", "--json", "--home", str(lived)]) == 0
    rows: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["row"] for row in rows} == {"delivery", "story", "review", "event"}
    events = [row["event"] for row in rows if row["row"] == "event"]
    assert events == ["delivered", "split", "reviewed", "split again", "landed"]


def test_a_story_id_shows_that_story_only(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story_id = story_of(lived, "c.txt")
    assert main(["why", story_id, "--json", "--home", str(lived)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["story_id"] for row in rows if row["row"] == "story"} == {story_id}


def test_a_story_that_was_split_again_is_shown_as_rewritten(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = why(capsys, lived, "a.txt")
    assert "replaced rewritten under the same id, " in out
    assert "no clear successor" not in out


def test_a_page_whose_old_bytes_came_under_another_name_says_that_both_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    (inbox / "a.txt").write_text(GOOD, encoding="utf-8")
    assert main(["ingest", str(inbox), "--home", str(home)]) == 0
    (inbox / "copy.txt").write_text(GOOD, encoding="utf-8")
    (inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    assert main(["ingest", str(inbox), "--home", str(home)]) == 0
    capsys.readouterr()

    out = why(capsys, home, "a.txt", "--diff")
    assert "which is still current as copy.txt in" in out
    assert "nothing was revised" not in out
    assert out.count("no story was replaced:") == 2
    assert "no story was replaced: this page is still current under another name" in why(
        capsys, home, "copy.txt", "--diff"
    )


def test_a_correction_that_merges_stories_says_so_and_how_to_undo_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    text = (ROOT / "include" / "sample_inbox" / "02_same_story_again.txt").read_text("utf-8")
    (inbox / "two.txt").write_text(text, encoding="utf-8")
    assert main(["ingest", str(inbox), "--home", str(home)]) == 0
    line = text.splitlines().index("Lighthouse Keepers' Union Rejects Offer to Work From Home") + 1
    capsys.readouterr()

    words = ["correct", f"line {line} joins", "--page", "two.txt", "--home", str(home)]
    assert main(words) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "2 stories (" in out
    assert ") became one: “" in out
    undo = re.search(r"to undo: .* --withdraw (\w+)", out)
    assert undo is not None
    assert main(["correct", "--withdraw", undo[1], "--home", str(home)]) == 0
    out = capsys.readouterr().out
    assert "became 2 stories" in out
    assert "to undo" not in out

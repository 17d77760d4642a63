"""The commands are a contract: their words, their JSON, their exit codes."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import ROOT
from tests import sample

SAMPLES = sample.INBOX
FIGURES = {
    "files_seen", "files_taken", "files_skipped", "files_rejected", "files_redelivered",
    "files_unpacked", "files_waiting", "files_ignored",
    "stories_landed", "stories_quarantined", "seconds",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with the sample pages landed, copied so that they have long settled."""
    folder = tmp_path_factory.mktemp("terminal")
    shutil.copytree(SAMPLES, folder / "inbox")
    patch = pytest.MonkeyPatch()
    patch.setenv("COPYDESK_SETTLE_S", "0")
    assert main(["ingest", str(folder / "inbox"), "--home", str(folder / "home"), "--json"]) == 0
    patch.undo()
    return folder / "home"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_ingest_again_skips_all_and_says_so_in_one_object(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = str(home.parent / "inbox")
    code, out, _ = run(capsys, "ingest", inbox, "--home", str(home), "--json")
    figures = json.loads(out.splitlines()[-1])
    assert code == 0
    assert set(figures) == FIGURES
    assert figures["files_seen"] - sample.SIDECARS == figures["files_skipped"] == sample.KNOWN
    assert figures["stories_landed"] == figures["files_taken"] == 0


def test_two_processes_land_what_one_does(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    monkeypatch.setenv("COPYDESK_BATCH_BYTES", "9000")
    inbox = str(home.parent / "inbox")
    words = ("ingest", inbox, "--home", str(tmp_path), "--workers", "2", "--json")
    assert run(capsys, *words)[0] == 0
    query = "select story_id, text_hash, confidence from stories order by story_id"
    one = run(capsys, "query", query, "--home", str(home), "--json")[1]
    two = run(capsys, "query", query, "--home", str(tmp_path), "--json")[1]
    assert one == two
    assert len(one.splitlines()) == sample.LANDED


@pytest.mark.parametrize(
    "words",
    [
        ("why", "a\udcff.txt"),
        ("query", "select '\udcff'"),
        ("correct", "line 1 \udcff"),
        ("resplit", "--outlet", "\udcff"),
        ("ingest", "in\udcffbox"),
    ],
    ids=lambda words: words[0],
)
def test_a_word_that_is_not_utf_8_is_wrong_usage(
    home: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, _, err = run(capsys, *words, "--home", str(home))
    assert code == 2
    assert "\\xff" in err
    assert "UTF-8" in err


def test_a_file_whose_name_is_not_utf_8_is_found_by_the_name_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    shutil.copy(SAMPLES / "05_aggregator.txt", inbox / "a\udcff.txt")
    assert run(capsys, "ingest", str(inbox), "--home", str(home), "--json")[0] == 0
    code, out, _ = run(capsys, "why", r"a\xff.txt", "--home", str(home))
    assert (code, r"a\xff.txt" in out) == (0, True)


def test_a_folder_out_of_reach_is_named_and_ends_with_1_after_all_else_landed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    inbox.mkdir()
    shutil.copy(SAMPLES / "05_aggregator.txt", inbox)
    monkeypatch.chdir(inbox)
    for _ in range(20):  # a path too long to list; root may read whatever permissions say
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    monkeypatch.chdir(ROOT)
    code, out, _ = run(capsys, "ingest", str(inbox), "--home", str(home), "--json")
    told = json.loads(out.splitlines()[-1])
    assert (code, told["stories_landed"], told["files_waiting"]) == (1, 4, 1)
    (name,) = told["error"]["value"]
    assert name.startswith("ddd")
    assert name.endswith("d/ (path_too_long)")
    code, out, err = run(capsys, "ingest", str(inbox), "--home", str(home))
    assert (code, "path_too_long" in out, "path_too_long" in err) == (1, True, True)


def test_query_gives_one_object_a_row(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select count(*) as stories from stories"
    code, out, _ = run(capsys, "query", sql, "--home", str(home), "--json")
    assert (code, json.loads(out)) == (0, {"stories": sample.LANDED})


def test_a_refused_query_fails_and_says_why(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "query", "select nothing from nowhere", "--home", str(home))
    assert code == 1
    assert "nowhere" in err


def test_why_tells_of_a_file_and_of_a_story(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "why", "05_aggregator.txt", "--home", str(home))
    assert code == 0
    assert "an aggregator's block names the outlet" in out
    sql = "select story_id from stories where story_no = 7"
    row = json.loads(run(capsys, "query", sql, "--home", str(home), "--json")[1])
    code, out, _ = run(capsys, "why", row["story_id"], "--home", str(home))
    assert code == 0
    assert "06_live_blog.txt" in out


def test_why_names_the_reason_of_a_rejected_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "why", "10_picture_named_txt.txt", "--home", str(home))
    assert "rejected: binary:png" in out


def test_why_of_an_unknown_name_fails(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "why", "never_came.txt", "--home", str(home))
    assert code == 1
    assert "never_came.txt" in err


def test_status_shows_what_the_warehouse_holds(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "status", "--home", str(home))
    assert code == 0
    assert "later copies" in out
    assert str(home.name) in out
    assert out.count("not counted yet; `tend` counts them") == 2, "kept and orphan files"


def test_status_begins_with_places_and_the_last_run_and_hides_the_lake_key(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "status", "--home", str(home))
    labels = [line.split("  ")[0] for line in out.splitlines()]
    assert labels[:5] == ["lake", "warehouse", "version", "last run id", "last finished at"]
    assert "pages=" not in out


def test_analyze_makes_the_marts_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inbox, home = tmp_path / "inbox", str(tmp_path / "home")
    inbox.mkdir()
    shutil.copy(SAMPLES / "05_aggregator.txt", inbox)
    assert run(capsys, "ingest", str(inbox), "--home", home)[0] == 0
    code, out, _ = run(capsys, "analyze", "--home", home, "--json")
    done = json.loads(out)["marts"]["signatures"]
    figures = {"lake_version": 1, "stories": 4, "failed_stories": 0, "rows_added": 4}
    assert (code, done) == (0, figures)
    code, out, _ = run(capsys, "analyze", "--home", home)
    assert (code, "nothing landed since the last analysis" in out) == (0, True)
    sql = "select mart, versions_behind from meta.freshness where mart = 'signatures'"
    code, out, _ = run(capsys, "query", sql, "--home", home, "--json")
    assert (code, json.loads(out)) == (0, {"mart": "signatures", "versions_behind": 0})


def test_status_as_json_is_one_object_with_the_last_runs(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "status", "--home", str(home), "--json")
    status = json.loads(out)
    assert code == 0
    assert " chrome=1 " in status["lake_key"]
    assert status["last_runs"][0]["run_id"] == status["last_run_id"]
    assert datetime.fromisoformat(status["last_finished_at"]).tzinfo is not None
    assert status["stories"] > 0


def test_status_counts_every_file_of_a_run_and_says_what_kind_of_run_it_was(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "status", "--home", str(home))
    (last,) = [line for line in out.splitlines() if line.lstrip().startswith("1 ")]
    assert "ingest" in last
    assert "28  22 taken, 1 rejected, 1 unpacked, 4 ignored" in last


def test_an_empty_query_is_wrong_usage(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "query", "", "--home", str(home))[0] == 2
    assert run(capsys, "query", "select 1; select 2", "--home", str(home))[0] == 2


def test_duckdbs_caret_stays_below_the_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "query", "select 1 form stories", "--home", str(home))
    *_, line, mark = err.splitlines()
    assert code == 1
    assert line[mark.index("^") :].startswith("stories")


def test_csv_has_a_head_and_a_line_a_row(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sql = "select source_name, sum(words) as words from stories group by all order by 1 limit 2"
    _, out, _ = run(capsys, "query", sql, "--home", str(home), "--csv")
    assert out.splitlines()[0] == "source_name,words"
    assert out.splitlines()[1] == "01_three_stories_joined.txt,824"


def test_a_closed_pipe_is_not_an_error(home: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "include", "query", "from range(9)", "--home", str(home)]
    ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_status_before_the_first_run_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "status", "--home", str(tmp_path))
    assert code == 1
    assert "ingest" in err


def test_show_numbers_stories_and_prints_no_control_sequences(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, "show", str(SAMPLES / "09_hostile.txt"), "--reasons")
    assert code == 0
    assert "1 story" in out
    assert "\x1b[31m" not in out
    assert "\u202e" not in out


def test_the_least_sure_of_the_warehouse_name_the_file_to_look_at(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "show", "--least-sure", "4", "--home", str(home))
    assert code == 0
    looks = [line.strip() for line in out.splitlines() if "-m include" in line]
    assert len(looks) == 4
    assert any(f"show --home {home} {home.parent / 'inbox'}" in look for look in looks)
    assert any(" why " in look for look in looks)  # a record of a feed is no file to show


@pytest.mark.parametrize("count", ["0", "-3"])
def test_a_number_of_stories_below_one_is_wrong_usage(
    home: Path, capsys: pytest.CaptureFixture[str], count: str
) -> None:
    code, _, err = run(capsys, "show", "--least-sure", count, "--home", str(home))
    assert code == 2
    assert "of 1 or more" in err


def test_split_quotes_the_text_it_was_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (SAMPLES / "05_aggregator.txt").read_text(encoding="utf-8")
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"doc_id": "a", "text": text}) + "\n", encoding="utf-8")
    assert run(capsys, "split", str(source), str(target))[0] == 0
    (page,) = map(json.loads, target.read_text(encoding="utf-8").splitlines())
    assert set(page) == {"doc_id", "stories", "chrome"}
    assert set(page["stories"][0]) == {
        "headline", "headline_span", "headline_spans", "body_spans", "caption_spans", "other_spans",
        "confidence", "reasons",
    }  # fmt: skip
    assert set(page["chrome"][0]) == {"span", "role", "reason"}
    for story in page["stories"]:
        start, end = story["headline_span"]
        assert text[start:end] == story["headline"]


def test_split_of_a_broken_line_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"doc_id": "a"}\n', encoding="utf-8")
    code, _, err = run(capsys, "split", str(source), str(tmp_path / "out.jsonl"))
    assert code == 2
    assert "line 1" in err


@pytest.mark.parametrize("target", ["no/such/out.jsonl", "."])
def test_split_into_no_file_of_a_folder_is_wrong_usage_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"doc_id": "a", "text": "b"}\n', encoding="utf-8")
    assert run(capsys, "split", str(source), str(tmp_path / target))[0] == 2
    assert run(capsys, "split", str(tmp_path / "none"), str(tmp_path / "out"))[0] == 2
    source.write_bytes(b'{"doc_id": "a", "text": "\xff"}\n')
    assert run(capsys, "split", str(source), str(tmp_path / "out"))[0] == 2
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("words", "code", "thing"),
    [
        (("ingest", "nowhere", "--json"), 1, "inbox"),
        (("ingest", "nowhere", "--json", "--workers", "-2"), 2, "--workers"),
        (("tend", "--json"), 1, "lake"),
        (("analyze", "--json"), 1, "lake"),
    ],
)
def test_a_failed_command_with_json_ends_in_an_object(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    thing: str,
) -> None:
    ended, out, err = run(capsys, *words, "--home", str(tmp_path / "home"))
    (told,) = map(json.loads, out.splitlines())
    assert ended == code
    assert set(told["error"]) == {"thing", "value", "way_out"}
    assert told["error"]["thing"] == thing
    assert err


def test_a_missed_inbox_is_reported_with_the_figures_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = [("here", tmp_path / "here"), ("gone", tmp_path / "gone")]
    lines = ["inboxes:", *(f"- {{name: {name}, url: {folder}}}" for name, folder in listed)]
    (tmp_path / "here").mkdir()
    (tmp_path / "inboxes.yaml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("COPYDESK_INBOXES", str(tmp_path / "inboxes.yaml"))
    code, out, _ = run(capsys, "ingest", "--json", "--home", str(tmp_path / "home"))
    (told,) = map(json.loads, out.splitlines())
    assert code == 1
    assert set(told) == FIGURES | {"error"}
    assert "gone" in told["error"]["value"][0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("query", "select x"), 1),
        (("query", "copy stories to 'stories.csv'"), 2),
        (("query", "with a as (copy stories to 'stories.csv') from a"), 2),
        (("query", "from read_text('/etc/passwd')"), 2),
        (("query", ""), 2),
        (("query", "from stories", "--version", "99"), 1),
        (("why", "nothing.txt"), 1),
    ],
)
def test_a_failed_question_with_json_prints_the_error_alone(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, out, err = run(capsys, *words, "--home", str(home), "--json")
    (answer,) = map(json.loads, out.splitlines())
    assert (ended, set(answer["error"])) == (code, {"thing", "value", "way_out"})
    assert err
    assert list(tmp_path.iterdir()) == []


def test_a_bug_with_json_ends_in_an_object_and_its_traceback(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr("include.terminal.ingest.run_ingest", fail)
    with pytest.raises(ZeroDivisionError):
        main(["ingest", "--home", str(home), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["error"]["thing"], answer["error"]["value"]) == ("ZeroDivisionError", "of ours")


def test_a_missing_inbox_fails_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "ingest", str(tmp_path / "no"), "--home", str(tmp_path / "h"))
    assert code == 1
    assert str(tmp_path.name) in err


def test_a_variable_that_names_no_setting_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COPYDESK_IMBOX", "x")
    code, _, err = run(capsys, "status", "--home", str(tmp_path))
    assert code == 1
    assert "COPYDESK_IMBOX" in err


def test_an_unknown_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["publish"])
    assert ended.value.code == 2

"""The past at a terminal: each version is asked as the present is, and says which it is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.delta.time_travel import find_version
from include.terminal.query import read_time

COUNTS = """select
    (select count(*) from stories) as stories,
    (select count(*) from quality.quarantine) as aside,
    (select count(*) from stories where contains(body, 'ninety')) as ninety,
    (select max(version) from meta.runs) as version"""


def ask(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main(["query", COUNTS, "--home", str(home), "--json", *words])
    told = capsys.readouterr()
    return code, told.out, told.err


def counts(out: str) -> tuple[int, ...]:
    return tuple(json.loads(out).values())


def test_each_version_answers_with_the_rows_of_its_time(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {number: counts(ask(capsys, lived, "--version", number)[1]) for number in "1234"}
    assert told == {"1": (3, 1, 0, 1), "2": (3, 1, 1, 2), "3": (4, 0, 1, 3), "4": (4, 0, 0, 4)}
    assert told["4"] == counts(ask(capsys, lived)[1])


def test_the_answering_version_is_named_on_stderr(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, err = ask(capsys, lived, "--version", "3")
    assert "version 3, as manual__edited left it" in err
    assert len(out.splitlines()) == 1


def test_a_time_between_two_runs_is_of_the_first(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = find_version(Settings(home=lived).lake, 2).at
    before = (second - timedelta(milliseconds=1)).isoformat()
    assert counts(ask(capsys, lived, "--as-of", before)[1])[3] == 1
    assert counts(ask(capsys, lived, "--as-of", second.isoformat())[1])[3] == 2


def test_a_future_time_is_answered_by_the_newest_version_and_says_so(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = find_version(Settings(home=lived).lake, 4)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    _, out, err = ask(capsys, lived, "--as-of", tomorrow)
    assert counts(out)[3] == 4
    assert f"{tomorrow} 23:59:59 UTC is in the future: version 4 is the newest" in err
    assert f"as {newest.run_id} left it at {newest.at:%Y-%m-%d %H:%M:%S} UTC" in err


def test_a_time_between_runs_names_the_landing_time_of_its_version(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (find_version(Settings(home=lived).lake, n).at for n in (1, 2))
    before = (second - timedelta(milliseconds=1)).isoformat()
    _, _, err = ask(capsys, lived, "--as-of", before)
    assert "version 1 was current at " in err
    assert f"left it at {first:%Y-%m-%d %H:%M:%S} UTC" in err


def test_an_unknown_version_is_not_found_and_says_what_to_do(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("--version", "5"), ("--version", "0"), ("--as-of", "1999-12-31")):
        code, out, err = ask(capsys, lived, *words)
        assert code == 1
        assert json.loads(out)["error"]["thing"]  # its `ask` asks for JSON, and so is answered
        assert "Versions 1 to 4" in " ".join(err.split()) or "first run" in err


def test_a_time_that_cannot_be_read_and_two_pasts_at_once_are_wrong_usage(
    lived: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(capsys, lived, "--as-of", "yesterday")[0] == 2
    with pytest.raises(SystemExit) as ended:
        ask(capsys, lived, "--as-of", "2026-01-01", "--version", "1")
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-01", "2026-03-01T23:59:59.999999+00:00"),
        ("20260301", "2026-03-01T23:59:59.999999+00:00"),
        ("2026-03-01T06:30", "2026-03-01T06:30:00+00:00"),
        ("2026-03-01 06:30:05", "2026-03-01T06:30:05+00:00"),
        ("2026-03-01T06:30+02:00", "2026-03-01T04:30:00+00:00"),
        ("2026-03-01T06:30Z", "2026-03-01T06:30:00+00:00"),
    ],
)
def test_a_day_means_its_end_and_a_time_without_zone_is_utc(text: str, at: str) -> None:
    assert read_time(text).isoformat() == at


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "0001-01-01T00:00+14:00", "\x1b[31m"])
def test_no_time_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageWrong):
        read_time(text)

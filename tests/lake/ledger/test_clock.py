from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

import pytest

from include.lake.ledger.clock import start_after
from include.model import Run
from tests.lake.builders import land_files, rows_of, run_at

A = "S Ship sails|The ship left the port."
B = "S Ship sinks|The ship went down."
NOON, DAWN = run_at(360).started_at, run_at(0).started_at


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def test_a_run_begins_now_while_the_clock_goes_forward(root, caplog):
    assert start_after(root, DAWN) == DAWN
    land_files(root, run_at(0), {"a.txt": A})

    assert start_after(root, run_at(1).started_at) == run_at(1).started_at
    assert caplog.records == []


def test_a_changed_file_is_the_newest_after_the_clock_was_set_back(root, caplog):
    odd = NOON + timedelta(microseconds=999_999)
    land_files(root, Run("cli__noon", odd), {"a.txt": A})

    began = start_after(root, DAWN)
    land_files(root, Run("cli__dawn", began), {"a.txt": B})

    assert odd < began < odd + timedelta(seconds=1)
    assert [row["headline"] for row in rows_of(root, "stories")] == ["Ship sinks"]
    (warning,) = caplog.records
    assert warning.levelno == logging.WARNING
    assert DAWN.isoformat() in warning.getMessage()


def test_runs_follow_one_another_until_the_clock_has_caught_up(root):
    land_files(root, Run("cli__noon", NOON), {"a.txt": A})
    for number, text in enumerate([B, A, B]):
        began = start_after(root, DAWN + timedelta(seconds=number))
        land_files(root, Run(f"cli__dawn{number}", began), {"a.txt": text})

    assert [row["headline"] for row in rows_of(root, "stories")] == ["Ship sinks"]
    later = NOON + timedelta(seconds=1)
    assert start_after(root, later) == later


def test_a_run_never_ends_before_it_began(root):
    landed = land_files(root, run_at(5), {"a.txt": A}, now=run_at(4).started_at)

    assert landed.run_row["seconds"] == 0
    assert landed.run_row["finished_at"] == landed.run_row["ingested_at"]


def test_a_run_never_ends_before_a_run_that_landed_earlier(root):
    ends = []
    for number, minute in enumerate([360, 0, 1, 2, 700]):
        start = start_after(root, run_at(minute).started_at)
        run = Run(f"cli__{9 - number}", start)
        now = run_at(minute).started_at + timedelta(minutes=5)
        landed = land_files(root, run, {"a.txt": f"{A} No. {number}"}, now=now)
        ends.append(landed.run_row["finished_at"])

    assert ends == sorted(set(ends))

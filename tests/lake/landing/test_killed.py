from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from deltalake import DeltaTable

from include.config.settings import ROOT
from include.lake.delta.lock import hold_lake
from include.lake.delta.versions import read_version
from include.lake.landing.land import land_run
from include.lake.landing.recover import BEFORE_PAGES, read_recovered
from tests.faults.driver import COMMITS
from tests.killing import Killed, kill_at
from tests.lake.builders import (
    judge_files,
    lake_of,
    land_files,
    rows_of,
    run_at,
)
from tests.lake.ledgers import read_ledger

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down."
C = "Q Brief|Bad.\nS Third|Third story body."
FILES = {"a.txt": A, "b.txt": C, "c.txt": "Cookies\nShare", "d.txt": "<html>", "e.txt": A}
HOSTILE = "manual__2026-11-21T06:00:00+00:00 it's \"%_*\\ ; drop table é" + "x" * 200


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def test_every_commit_of_a_run_is_one_that_tests_kill_it_at(root):
    reached: list[str] = []
    land_files(root, run_at(0), FILES, between=reached.append)
    assert tuple(reached) == COMMITS


@pytest.mark.parametrize("point", COMMITS)
def test_a_killed_run_run_again_is_one_clean_run(root, tmp_path, point):
    clean = tmp_path / "clean" / "lake"
    for lake in (root, clean):
        land_files(lake, run_at(0), FILES)
    changed = {**FILES, "b.txt": B, "f.txt": "S New|A new story."}
    run = run_at(1, HOSTILE)
    with pytest.raises(Killed):
        land_files(root, run, changed, between=kill_at(point))

    gated = judge_files(tmp_path / "again", run, changed, read_ledger(clean))
    land_run(root, gated, run, run_at(1).started_at)
    land_run(clean, gated, run, run_at(1).started_at)

    assert _timeless(lake_of(root)) == _timeless(lake_of(clean))


@pytest.mark.parametrize("point", COMMITS)
def test_a_killed_run_is_undone_or_finished_by_the_next_one(root, point):
    land_files(root, run_at(0), {"a.txt": A})
    with pytest.raises(Killed):
        land_files(root, run_at(1), {"a.txt": B}, between=kill_at(point))

    land_files(root, run_at(2), {"a.txt": B, "c.txt": C})

    stories = {row["headline"] for row in rows_of(root, "stories")}
    assert stories == {"Ship sinks", "Third"}
    runs = {row["run_id"] for row in rows_of(root, "runs")}
    assert runs == {row["run_id"] for row in rows_of(root, "pages")}
    assert {row["run_id"] for row in rows_of(root, "stories")} <= runs


@pytest.mark.parametrize("point", COMMITS)
def test_a_killed_run_is_undone_or_finished_when_nothing_new_comes(root, point):
    land_files(root, run_at(0), {"a.txt": A})
    with pytest.raises(Killed):
        land_files(root, run_at(1), {"a.txt": B}, between=kill_at(point))
    has_landed = COMMITS.index(point) >= COMMITS.index("pages")

    version = read_recovered(root)

    assert version == read_version(root)
    headlines = {row["headline"] for row in rows_of(root, "stories")}
    assert headlines == ({"Ship sinks"} if has_landed else {"Ship sails", "Rain"})
    runs = {row["run_id"] for row in rows_of(root, "runs")}
    assert runs == {row["run_id"] for row in rows_of(root, "pages")}
    assert read_recovered(root) == version


def test_a_landing_at_work_is_left_alone(root):
    land_files(root, run_at(0), {"a.txt": A})
    with pytest.raises(Killed):
        land_files(root, run_at(1), {"a.txt": B}, between=kill_at("pages"))

    with hold_lake(root):
        before = read_version(root)
        assert read_recovered(root) == before


@pytest.mark.parametrize("point", ["chrome", "pages", "superseded stories"])
def test_a_power_cut_leaves_what_one_clean_run_would(root, point):
    land_files(root, run_at(0), {"a.txt": A})
    script = f"""
        import os, signal
        from pathlib import Path
        from tests.lake.builders import land_files, run_at
        def between(point):
            if point == {point!r}:
                os.kill(os.getpid(), signal.SIGKILL)
        land_files(Path({str(root)!r}), run_at(1), {{"a.txt": {B!r}}}, between=between)
    """
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=env, check=False)
    assert done.returncode == -signal.SIGKILL

    land_files(root, run_at(1), {"a.txt": B})

    assert [row["headline"] for row in rows_of(root, "stories")] == ["Ship sinks"]
    assert rows_of(root, "chrome") == []
    assert [row["run_id"] for row in rows_of(root, "runs")] == ["cli__000", "cli__001"]


def test_orphans_leave_by_statistics_with_no_file_rewritten(root):
    land_files(root, run_at(0), {"a.txt": A})
    with pytest.raises(Killed):
        land_files(root, run_at(1, HOSTILE), {"b.txt": B}, between=kill_at("quality_results"))

    land_files(root, run_at(2), {"c.txt": C})

    for kind in BEFORE_PAGES:
        undone = DeltaTable(str(root / kind.name)).history()
        removed = [c["operationMetrics"] for c in undone if c["operation"] == "DELETE"]
        assert all(metrics["num_added_files"] == 0 for metrics in removed)
    assert {row["run_id"] for row in rows_of(root, "stories")} == {"cli__000", "cli__002"}


def _timeless(lake: dict) -> dict:
    """Leave out when it landed: the retry is later."""
    for row in lake["runs"]:
        row.pop("finished_at"), row.pop("seconds")
    return lake

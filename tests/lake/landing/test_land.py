from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from deltalake import DeltaTable

from include.errors import LakeLocked, ReceiptMissing, TallyUnbalanced
from include.lake.delta.lock import hold_lake
from include.lake.landing.land import land_run
from include.schema import lake as lake_schema
from tests.lake.builders import (
    INBOX,
    judge_files,
    lake_of,
    land_files,
    page_id_of,
    rows_of,
    run_at,
)
from tests.lake.ledgers import Ledger, read_ledger

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down."
C = "Q Brief|Bad.\nS Third|Third story body."
FILES = {"a.txt": A, "b.txt": C, "c.txt": "Cookies\nShare", "d.txt": "<html>", "e.txt": A}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def test_every_row_lands_with_its_run_and_the_run_balances(root):
    landed = land_files(root, run_at(0), FILES)

    assert len(rows_of(root, "stories")) == 3
    assert len(rows_of(root, "quarantine")) == 1
    assert len(rows_of(root, "chrome")) == 3
    outcomes = {row["name"]: row["outcome"] for row in rows_of(root, "pages")}
    assert outcomes == {
        "a.txt": "landed",
        "b.txt": "landed",
        "c.txt": "no_story",
        "d.txt": "rejected",
        "e.txt": "redelivered",
    }
    row = landed.run_row
    assert (row["files_seen"], row["files_taken"]) == (5, 3)
    assert (row["files_rejected"], row["files_redelivered"]) == (1, 1)
    assert (row["stories_found"], row["stories_landed"], row["stories_quarantined"]) == (4, 3, 1)
    assert row["page_chars"] == row["story_chars"] + row["chrome_chars"] > 0
    assert row["seconds"] == 5.0
    assert landed.days == (run_at(0).ingest_day,)


def test_landing_a_run_twice_changes_nothing(root):
    run = run_at(0)
    gated = judge_files(root.parent / "receipts", run, FILES, Ledger())
    first = land_run(root, gated, run, run.started_at)
    before = lake_of(root)

    second = land_run(root, gated, run, run_at(9).started_at)

    assert second == first
    assert lake_of(root) == before


def test_a_run_is_one_commit_a_table(root):
    landed = land_files(root, run_at(0), FILES)

    idle = {
        "chrome_book", "page_flags", "run_figures", "gate_openings", "reviews", "overrides",
        "story_revisions", "tendings", "resplit_changes",
    }  # fmt: skip
    later = {kind.name: -1 for kind in (*lake_schema.ANALYSIS_TABLES, lake_schema.ERASURES)}
    assert {name: table.version for name, table in landed.version.tables.items()} == later | {
        kind.name: int(kind.name not in idle) for kind in lake_schema.INGEST_TABLES
    }


def test_files_hold_the_columns_of_the_dictionary(root):
    land_files(root, run_at(0), FILES)

    for kind in lake_schema.INGEST_TABLES:
        fields = DeltaTable(str(root / kind.name)).schema().fields
        assert [(f.name, f.nullable) for f in fields] == [
            (c.name, c.nullable) for c in kind.columns
        ]


def test_rows_that_another_run_landed_meanwhile_are_skipped(root):
    files = {"a.txt": A, "b.txt": C}
    late, early = run_at(0), run_at(1)
    gated = judge_files(root.parent / "late", late, files, Ledger())
    land_files(root, early, {"a.txt": A})

    landed = land_run(root, gated, late, late.started_at)

    assert landed.run_row["files_skipped"] == 1
    assert landed.run_row["files_taken"] == 1
    assert len(rows_of(root, "stories")) == 3
    assert len(rows_of(root, "pages")) == 2


def test_a_page_that_landed_meanwhile_under_another_name_is_redelivered(root):
    gated = judge_files(root.parent / "late", run_at(1), {"b.txt": A}, Ledger())
    land_files(root, run_at(0), {"a.txt": A})

    landed = land_run(root, gated, run_at(1), run_at(1).started_at)

    assert landed.run_row["files_redelivered"] == 1
    assert landed.run_row["stories_found"] == 0
    (row,) = [row for row in rows_of(root, "pages") if row["name"] == "b.txt"]
    assert (row["outcome"], row["raw"], row["story_chars"]) == ("redelivered", None, 0)
    assert len(rows_of(root, "stories")) == 2


def test_a_name_that_a_newer_run_has_taken_is_not_set_back(root):
    gated = judge_files(root.parent / "late", run_at(0), {"a.txt": A}, Ledger())
    land_files(root, run_at(1), {"a.txt": B})

    landed = land_run(root, gated, run_at(0), run_at(2).started_at)

    assert landed.run_row["files_skipped"] == 1
    assert [row["headline"] for row in rows_of(root, "stories")] == ["Ship sinks"]
    assert read_ledger(root).newest == {(INBOX, "a.txt"): page_id_of(B)}


def test_two_runs_that_land_at_once_both_land(root):
    runs = [run_at(minute) for minute in range(4)]
    gated_runs = [
        judge_files(
            root.parent / run.run_id,
            run,
            {"same.txt": A, f"{run.run_id}.txt": f"S {run.run_id}|Own body."},
            Ledger(),
        )
        for run in runs
    ]
    threads = [
        threading.Thread(target=land_run, args=(root, gated, run, run.started_at))
        for gated, run in zip(gated_runs, runs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(rows_of(root, "runs")) == 4
    assert len(rows_of(root, "stories")) == 2 + 4


def test_a_held_lake_names_its_holder(root):
    with (
        hold_lake(root),
        pytest.raises(LakeLocked, match=str(os.getpid())),
        hold_lake(root, patience_s=0),
    ):
        pass


def test_rows_that_are_not_the_ledgers_stop_the_run_before_it_lands(root):
    run = run_at(0)
    gated = judge_files(root.parent / "receipts", run, FILES, Ledger())
    gated.rows["stories"].clear()

    with pytest.raises(TallyUnbalanced, match="stories"):
        land_run(root, gated, run, run.started_at)

    assert rows_of(root, "pages") == []


def test_a_batch_that_is_missing_stops_the_run(root):
    run = run_at(0)
    gated = judge_files(root.parent / "receipts", run, FILES, Ledger())
    gated.rows["pages"].pop()

    with pytest.raises(TallyUnbalanced, match="a batch is missing"):
        land_run(root, gated, run, run.started_at)


def test_a_frame_that_is_gone_is_an_error_with_its_name(root):
    run = run_at(0)
    gated = judge_files(root.parent / "receipts", run, FILES, Ledger())
    gated.rows["chrome"][0].unlink()

    with pytest.raises(ReceiptMissing, match="chrome"):
        land_run(root, gated, run, run.started_at)

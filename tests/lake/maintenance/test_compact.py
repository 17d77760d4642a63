"""Compaction changes files and no row; landings, revisions and recovery go on as before."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from include.errors import LakeLocked
from include.lake.decisions.chrome_book import read_book, write_book
from include.lake.delta.lock import hold_lake
from include.lake.delta.tables import append_rows, create_tables, live_files, open_table
from include.lake.delta.versions import list_files, read_version
from include.lake.landing.recover import finished_runs, recover
from include.lake.ledger.index import open_index
from include.lake.maintenance import rewrite
from include.lake.maintenance.compact import (
    COMPACTABLE,
    PARTS,
    Compacted,
    compact_day,
    find_due,
    newest_change,
)
from include.lake.maintenance.log import read_tendings
from include.schema import lake as lake_schema
from tests.killing import Killed, kill_at
from tests.lake.builders import DAWN, lake_of, land_files, rows_of, run_at

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down."
C = "Q Brief|Bad.\nS Third|Third story body."
TONIGHT = DAWN + timedelta(days=1)
SAME_DAY = DAWN + timedelta(hours=9)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "lake"


def fill(root: Path, runs: int = 3) -> None:
    """Land runs of one day: each of two new pages with stories, quarantine and chrome."""
    files: dict[str, str] = {}
    for minute in range(runs):
        files |= {f"{minute}-a.txt": f"{A} No. {minute}", f"{minute}-c.txt": f"{C} No. {minute}"}
        land_files(root, run_at(minute), files)


def compact(root: Path, now: datetime = TONIGHT, **given: object) -> list[Compacted | None]:
    return [compact_day(root, due, now, **given) for due in find_due(root, now)]  # type: ignore[arg-type]


def due_in(root: Path, now: datetime) -> set[str]:
    """Name the tables that are due; `tendings` is when enough was told in it."""
    return {due.kind.name for due in find_due(root, now)} - {"tendings"}


def untended(root: Path) -> dict[str, list]:
    return {name: rows for name, rows in lake_of(root).items() if name != "tendings"}


def files_in(root: Path, kind: lake_schema.Table) -> int:
    return live_files(open_table(root, kind)).height


def test_compaction_changes_no_row_and_leaves_one_file_a_day(root: Path) -> None:
    fill(root)
    before = untended(root)
    made = compact(root)

    assert untended(root) == before
    for kind in (
        lake_schema.PAGES,
        lake_schema.STORIES,
        lake_schema.CHROME,
        lake_schema.QUARANTINE,
    ):
        assert files_in(root, kind) == 1
    assert {(one.table, one.files, one.day) for one in made if one} == {
        (name, (3, 1), date(2026, 11, 21))
        for name in ("pages", "stories", "chrome", "quarantine", "quality_results")
    }
    last = DeltaTable(str(root / "stories")).history(1)[0]
    assert last["copydesk_compacted"] == "2026-11-21"


def test_a_commit_of_compaction_says_that_no_data_changed(root: Path) -> None:
    fill(root)
    compact(root)
    (log,) = sorted((root / "stories" / "_delta_log").glob("*.json"))[-1:]
    text = log.read_text()
    assert text.count('"dataChange":false') == 4  # three removed, one added
    assert '"dataChange":true' not in text


def test_a_closed_day_is_compacted_once_an_open_one_when_it_has_eight_parts(root: Path) -> None:
    fill(root, PARTS - 1)
    assert due_in(root, SAME_DAY) == set()
    files = {f"{minute}-a.txt": f"{A} No. {minute}" for minute in range(PARTS)}
    land_files(root, run_at(PARTS), files)
    due = find_due(root, SAME_DAY)
    assert {one.kind.name for one in due} >= {"pages", "stories", "runs"}
    assert len([made for made in compact(root, SAME_DAY) if made]) == len(due)
    assert due_in(root, SAME_DAY) == set()
    late = {**files, "late.txt": B}
    land_files(root, run_at(PARTS + 1), late)
    assert due_in(root, SAME_DAY) == set()
    assert due_in(root, TONIGHT) >= {"pages", "stories"}
    compact(root)
    assert due_in(root, TONIGHT) == set()


def test_a_day_of_one_file_and_the_chrome_book_are_left_alone(root: Path) -> None:
    fill(root, 1)
    lines = lake_schema.CHROME_BOOK.schema().empty_table()
    for basis in ("one", "two", "three"):
        write_book(
            root, lines.drop_columns(["book_version", "rule_version", "built_at"]), basis, DAWN
        )
    version = read_book(root).version
    assert due_in(root, TONIGHT) == set()
    fill(root, PARTS + 1)
    compact(root)
    assert read_book(root).version == version == 3
    assert lake_schema.CHROME_BOOK not in COMPACTABLE


def test_files_are_sorted_packed_and_keep_statistics_and_bloom_filters(root: Path) -> None:
    fill(root, 12)
    compact(root)
    (row,) = live_files(open_table(root, lake_schema.STORIES)).iter_rows(named=True)
    stories = rows_of(root, "stories")
    for name in ("run_id", "page_id", "story_id", "ingested_at"):
        values = [story[name] for story in stories]
        assert (row[f"min.{name}"], row[f"max.{name}"]) == (min(values), max(values))
        assert row[f"null_count.{name}"] == 0
    assert row["num_records"] == len(stories)
    file = pq.ParquetFile(root / "stories" / row["path"])
    names = [file.metadata.row_group(0).column(at).path_in_schema for at in range(5)]
    group = file.metadata.row_group(0)
    bloomed = {name for at, name in enumerate(names) if group.column(at).bloom_filter_offset}
    assert bloomed == {"story_id", "page_id"}
    found = file.read(columns=["outlet", "story_id"])
    assert found["story_id"].to_pylist() == sorted(story["story_id"] for story in stories)


def test_a_day_larger_than_a_lot_and_a_file_is_the_same_rows_in_several(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(root, 9)
    before = untended(root)
    monkeypatch.setattr(rewrite, "LOT_BYTES", 1)
    monkeypatch.setattr(rewrite, "FILE_BYTES", 1)
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 2)
    compact(root)
    assert untended(root) == before
    assert files_in(root, lake_schema.STORIES) > 1
    assert due_in(root, TONIGHT) == set(), "what was compacted is not due again, however many files"


def test_readers_of_the_old_version_read_on(root: Path) -> None:
    fill(root)
    old = read_version(root).tables["stories"]
    compact(root)
    assert sum(pq.read_metadata(root / file).num_rows for file in old.files) == 9
    assert DeltaTable(str(root / "stories"), version=old.version).to_pyarrow_table().num_rows == 9


def test_landing_redelivery_revision_and_recovery_go_on_after_compaction(
    root: Path, tmp_path: Path
):
    plain = tmp_path / "plain" / "lake"
    for lake in (root, plain):
        fill(lake)
    files = {f"{m}-{x}.txt": f"{t} No. {m}" for m in range(3) for x, t in (("a", A), ("c", C))}
    for minute, change in enumerate(
        ({"0-a.txt": B}, {"copy.txt": f"{C} No. 1"}, {"0-a.txt": f"{A} No. 0"}), 10
    ):
        compact(root, TONIGHT + timedelta(minutes=minute))
        files = {**files, **change}
        for lake in (root, plain):
            land_files(lake, run_at(minute), files)
        assert untended(root) == untended(plain)
    assert finished_runs(root) == {f"cli__{minute:03d}" for minute in (0, 1, 2, 10, 11, 12)}
    land_files(root, run_at(11), files)  # landed before: nothing twice
    assert untended(root) == untended(plain)


@pytest.mark.parametrize("point", ["stories", "quality_results", "pages", "superseded stories"])
def test_a_killed_run_is_recovered_before_its_files_are_compacted(
    root: Path, tmp_path: Path, point: str
) -> None:
    plain = tmp_path / "plain" / "lake"
    for lake in (root, plain):
        fill(lake)
        with pytest.raises(Killed):
            land_files(lake, run_at(7), {"0-a.txt": B, "n.txt": A}, between=kill_at(point))
    compact(root)
    with open_index(plain) as ledger:
        recover(plain, ledger)
    assert untended(root) == untended(plain)


@pytest.mark.parametrize("point", ["written", "committed"])
def test_killed_at_any_point_no_row_is_lost_and_the_next_compaction_succeeds(
    root: Path, point: str
) -> None:
    fill(root)
    before = untended(root)
    with pytest.raises(Killed):
        compact(root, between=kill_at(point))
    assert untended(root) == before
    left = len(list_files(root, lake_schema.PAGES)) - files_in(root, lake_schema.PAGES)
    assert left == (1 if point == "written" else 3)
    compact(root)
    assert untended(root) == before
    assert files_in(root, lake_schema.STORIES) == files_in(root, lake_schema.PAGES) == 1


def test_a_day_that_changed_meanwhile_is_left_to_the_next_night(root: Path) -> None:
    fill(root)
    due = {one.kind.name: one for one in find_due(root, TONIGHT)}
    land_files(root, run_at(9), {"0-a.txt": B})  # deletes stories: their file is written anew
    before = untended(root)
    assert compact_day(root, due["stories"], TONIGHT) is None
    made = compact_day(root, due["pages"], TONIGHT)
    assert made is not None
    assert made.files == (3, 1), "the file that landed meanwhile stays"
    assert untended(root) == before

    def revise(point: str) -> None:
        if point == "written":
            land_files(root, run_at(10), {"1-a.txt": B + " Again."})

    (due_now,) = (one for one in find_due(root, TONIGHT) if one.kind is lake_schema.STORIES)
    assert compact_day(root, due_now, TONIGHT, revise) is None
    assert len(list_files(root, lake_schema.STORIES)) == len(
        {*_paths_of_all_versions(root, lake_schema.STORIES)}
    ), "what was written in vain is gone"


def _paths_of_all_versions(root: Path, kind: lake_schema.Table) -> set[str]:
    newest = open_table(root, kind).version()
    return {
        path for at in range(newest + 1) for path in live_files(open_table(root, kind, at))["path"]
    }


def test_a_lake_that_is_held_is_left_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(root)
    due = find_due(root, TONIGHT)
    files = {file.path for file in list_files(root, due[0].kind)}
    at_once = partial(hold_lake, patience_s=0.0)
    monkeypatch.setattr("include.lake.maintenance.compact.hold_lake", at_once)
    with hold_lake(root), pytest.raises(LakeLocked):
        compact_day(root, due[0], TONIGHT)
    assert {file.path for file in list_files(root, due[0].kind)} == files


def test_landings_go_on_while_files_are_written(root: Path) -> None:
    fill(root)
    held = []

    def land(point: str) -> None:
        if point == "written" and not held:
            held.append(land_files(root, run_at(20), {"new.txt": B}))

    assert all(compact(root, between=land))
    assert {story["headline"] for story in rows_of(root, "stories")} >= {"Ship sinks"}


def test_an_older_file_without_a_column_is_compacted_with_nulls(root: Path) -> None:
    fill(root, 2)
    rows = open_table(root, lake_schema.RUNS).to_pyarrow_table().drop_columns(["book_version"])
    shutil.rmtree(root / "runs")
    kept = tuple(one for one in lake_schema.RUNS.columns if one.name != "book_version")
    older = lake_schema.Table("runs", "", kept, None)
    create_tables(root, (older,))
    for _ in range(PARTS):
        append_rows(root, older, rows.to_batches(), {})
    before = rows_of(root, "runs")
    (made,) = (one for one in compact(root) if one and one.table == "runs")
    assert made.files == (PARTS, 1)
    assert rows_of(root, "runs", "book_version") == before
    assert {row["book_version"] for row in rows_of(root, "runs")} == {None}


def test_the_bytes_of_a_page_split_again_are_packed_once(root: Path) -> None:
    noise = Random(7)  # what nothing can pack
    files = {f"{n}.txt": f"{A} {noise.randbytes(10_000).hex()}" for n in range(8)}
    land_files(root, run_at(0), files)
    rows = open_table(root, lake_schema.PAGES).to_pyarrow_table()
    once = live_files(open_table(root, lake_schema.PAGES))["size_bytes"].sum()
    append_rows(root, lake_schema.PAGES, rows.to_batches(), {})
    compact(root)
    table = open_table(root, lake_schema.PAGES)
    assert table.to_pyarrow_table(columns=["raw"])["raw"].to_pylist().count(None) == 0
    assert live_files(table)["size_bytes"].sum() < 1.1 * once


def test_the_newest_change_is_that_of_rows_not_of_files(root: Path) -> None:
    fill(root)
    version = newest_change(root, lake_schema.PAGES)
    compact(root)
    assert open_table(root, lake_schema.PAGES).version() == version + 1
    assert newest_change(root, lake_schema.PAGES) == version
    land_files(root, run_at(30), {"new.txt": B})
    assert newest_change(root, lake_schema.PAGES) == version + 2


def test_compaction_is_recorded_in_tendings(root: Path) -> None:
    fill(root)
    compact(root)
    (row,) = read_tendings(root).filter(table_name="stories").iter_rows(named=True)
    assert (row["work"], row["files_before"], row["files_after"]) == ("compacted", 3, 1)
    assert (row["day"], row["tended_at"]) == (date(2026, 11, 21), TONIGHT)
    assert row["bytes_after"] == read_version(root).tables["stories"].size_bytes
    assert row["kept_files"] is None
    assert TONIGHT.tzinfo is UTC
    assert pa.types.is_int64(lake_schema.TENDINGS.schema().field("kept_files").type)

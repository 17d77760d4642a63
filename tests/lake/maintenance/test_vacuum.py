"""The sweep removes what nobody can need, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.lake.delta.tables import live_files, open_table
from include.lake.delta.versions import list_files
from include.lake.maintenance import vacuum as lake_sweep
from include.lake.maintenance.compact import compact_day, find_due
from include.lake.maintenance.log import read_tendings
from include.lake.maintenance.vacuum import Vacuumed, note_vacuumed, tables_there, vacuum_table
from include.schema import lake as lake_schema
from tests.killing import Killed
from tests.lake.builders import lake_of, land_files, run_at

A = "S Ship sails|The ship left the port."
B = "S Ship sinks|The ship went down."
DAY = timedelta(days=1)


def die(point: str) -> None:
    raise Killed(point)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three runs of one day, compacted; commits and files are of this minute."""
    root = tmp_path / "lake"
    files: dict[str, str] = {}
    for minute in range(3):
        files |= {f"{minute}.txt": f"{A} No. {minute}"}
        land_files(root, run_at(minute), files)
    return root


def compact(root: Path) -> None:
    night = run_at(0).started_at + DAY
    for due in find_due(root, night):
        compact_day(root, due, night)


def now() -> datetime:
    return datetime.now(UTC)


def paths_of(root: Path, version: int | None = None) -> set[str]:
    return set(live_files(open_table(root, lake_schema.STORIES, version))["path"])


def on_disk(root: Path) -> set[str]:
    return {file.path for file in list_files(root, lake_schema.STORIES)}


def sweep(root: Path, since: datetime, shown: tuple[int, ...] = ()) -> Vacuumed:
    return vacuum_table(root, lake_schema.STORIES, since, shown)


def test_removed_files_are_kept_for_the_retention_and_then_deleted(root: Path) -> None:
    compact(root)
    before = lake_of(root)
    found = sweep(root, now() - DAY)
    assert (found.files, found.kept, found.orphans) == ((4, 4), (3, found.kept[1]), (0, 0))

    found = sweep(root, now() + DAY)
    assert (found.files, found.kept) == ((4, 1), (0, 0))
    assert found.oldest_version == open_table(root, lake_schema.STORIES).version()
    assert on_disk(root) == paths_of(root)
    assert lake_of(root) == before


def test_every_version_of_the_retention_can_be_read(root: Path) -> None:
    between = now()
    compact(root)
    found = sweep(root, between)
    for version in range(found.oldest_version, open_table(root, lake_schema.STORIES).version() + 1):
        assert open_table(root, lake_schema.STORIES, version).to_pyarrow_table().num_rows == 3
    assert found.oldest_version == 3, "the newest when the retention began"


def test_a_version_that_a_warehouse_shows_stays_however_old(root: Path) -> None:
    shown = paths_of(root, 2)
    compact(root)
    sweep(root, now() + DAY, shown=(2,))
    assert on_disk(root) == shown | paths_of(root)
    assert open_table(root, lake_schema.STORIES, 2).to_pyarrow_table().num_rows == 2


def test_a_file_that_was_live_until_today_stays_however_old_it_is(root: Path) -> None:
    import os

    old = (now() - 90 * DAY).timestamp()
    for path in paths_of(root):
        os.utime(root / "stories" / path, (old, old))
    before = on_disk(root)
    compact(root)
    sweep(root, now() - DAY)
    assert before < on_disk(root)


def test_the_upload_of_a_killed_writer_is_removed_after_the_retention(root: Path) -> None:
    upload = root / "stories" / "ingest_day=2026-03-01" / "part-00000-of-a-killed-run.parquet#1"
    upload.parent.mkdir(exist_ok=True)
    upload.write_bytes(b"PAR1")
    sweep(root, now() - DAY)
    assert upload.exists(), "it may be in the making"
    sweep(root, now() + DAY)
    assert not upload.exists()
    assert on_disk(root) == paths_of(root)


def test_leftovers_of_a_killed_tending_are_removed_after_the_retention(root: Path) -> None:
    night = run_at(0).started_at + DAY
    (due,) = (one for one in find_due(root, night) if one.kind is lake_schema.STORIES)
    with pytest.raises(Killed):
        compact_day(root, due, night, die)
    found = sweep(root, now() - DAY)
    assert (found.files, found.orphans) == ((4, 4), (1, found.orphans[1])), (
        "it may be in the making"
    )
    found = sweep(root, now() + DAY)
    assert (found.files, found.orphans) == ((4, 3), (0, 0))
    assert on_disk(root) == paths_of(root)


def test_no_file_is_removed_if_an_older_version_cannot_be_read(root: Path) -> None:
    compact(root)
    before = on_disk(root)
    open_table(root, lake_schema.STORIES).create_checkpoint()
    for version in range(3):
        (root / "stories" / "_delta_log" / f"{version:020}.json").unlink()
    found = sweep(root, now() + DAY, shown=(2,))
    assert (found.kept, found.orphans, found.oldest_version) == (None, None, None)
    assert on_disk(root) == before


def test_a_vacuum_commits_to_no_table_it_cleans(root: Path) -> None:
    compact(root)
    versions = {kind.name: open_table(root, kind).version() for kind in tables_there(root)}
    for kind in tables_there(root):
        vacuum_table(root, kind, now() + DAY, ())
    assert versions == {kind.name: open_table(root, kind).version() for kind in tables_there(root)}
    assert "chrome_book" in versions


def test_a_vacuum_is_recorded_only_if_something_changed(root: Path) -> None:
    def tend(at: datetime, since: datetime) -> int:
        found = [vacuum_table(root, kind, since, ()) for kind in tables_there(root)]
        return note_vacuumed(root, found, at)

    compact(root)
    assert tend(now(), now() - DAY) == len(lake_schema.INGEST_TABLES)
    quiet = [tend(now(), now() - DAY) for _ in range(3)]
    assert quiet == [0, 0, 0]
    assert tend(now(), now() + DAY) == 4  # whose files were compacted
    told = read_tendings(root).filter(table_name="stories", work="swept").sort("tended_at")
    assert told["kept_files"].to_list() == [3, 0]
    assert told["files_after"].to_list() == [4, 1]
    assert tend(now() + DAY, now() + DAY) <= 1  # what telling left in `tendings` itself


def test_a_commit_without_a_row_keeps_its_place_in_the_log(root: Path) -> None:
    assert lake_sweep.FIGURES[-1] == "oldest_version"
    land_files(root, run_at(9), {"0.txt": B})
    found = sweep(root, now() + DAY)
    assert found.oldest_version == open_table(root, lake_schema.STORIES).version()

"""A lake is copied while runs land in it, and every copy is what one run left."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from deltalake import DeltaTable

from include.errors import LakeDamaged
from include.lake.copying import check_copy, copy_lake, put_back
from include.lake.landing.recover import read_recovered
from tests.lake.builders import lake_of, land_files, rows_of, run_at

RUNS = 12


def files_after(run: int) -> dict[str, str]:
    """Give the inbox at a run: each adds a page, and changes one."""
    pages = {f"{n}.txt": f"S Story {n}|Body of story {n}." for n in range(run + 1)}
    return {**pages, "living.txt": f"S Live|Update {run} of the living page."}


def stories_of(root: Path) -> set[tuple[str, str]]:
    """Give name and body of every story that counts: those of landed pages."""
    landed = {(row["page_id"], row["run_id"]) for row in rows_of(root, "pages", "raw")}
    return {
        (row["source_name"], row["body"])
        for row in rows_of(root, "stories")
        if (row["page_id"], row["run_id"]) in landed
    }


def expected(run: int) -> set[tuple[str, str]]:
    return {(name, text.partition("|")[2]) for name, text in files_after(run).items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lake = tmp_path / "home" / "lake"
    land_files(lake, run_at(0), files_after(0))
    return lake


def test_a_copy_made_while_runs_land_is_what_one_run_left(root, tmp_path):
    done = threading.Event()

    def land() -> None:
        for number in range(1, RUNS):
            land_files(root, run_at(number), files_after(number))
        done.set()

    writer = threading.Thread(target=land)
    writer.start()
    copies = []
    while not done.is_set():
        target = tmp_path / f"copy {len(copies)}" / "lake"
        check_copy(target, copy_lake(root, target))
        copies.append(target)
    writer.join()
    last = tmp_path / "last" / "lake"
    check_copy(last, copy_lake(root, last))
    for copy in (*copies, last):
        read_recovered(copy)
        newest = max(row["finished_at"] for row in rows_of(copy, "runs"))
        runs = sum(row["finished_at"] <= newest for row in rows_of(copy, "runs"))
        assert stories_of(copy) == expected(runs - 1)
    assert lake_of(last) == lake_of(root)


def test_a_restored_lake_takes_what_came_after_the_copy(root, tmp_path):
    copy, again = tmp_path / "copy" / "lake", tmp_path / "again" / "lake"
    tables = copy_lake(root, copy)
    land_files(root, run_at(1), files_after(1))
    shutil.rmtree(root)
    put_back(copy, again)
    check_copy(again, tables)
    landed = land_files(again, run_at(2), files_after(1))
    assert landed.run_row["files_taken"] == 2
    assert stories_of(again) == expected(1)


def test_older_versions_are_copied_too(root, tmp_path):
    land_files(root, run_at(1), files_after(1))
    copy = tmp_path / "copy" / "lake"
    copy_lake(root, copy)
    for version in range(DeltaTable(str(root / "stories")).version() + 1):
        old = DeltaTable(str(copy / "stories"), version=version).to_pyarrow_table()
        assert (
            old.num_rows
            == DeltaTable(str(root / "stories"), version=version).to_pyarrow_table().num_rows
        )


def test_a_second_copy_links_what_has_not_changed(root, tmp_path):
    first, second = tmp_path / "1" / "lake", tmp_path / "2" / "lake"
    copy_lake(root, first)
    land_files(root, run_at(1), files_after(1))
    tables = copy_lake(root, second, first)
    check_copy(second, tables)
    old = {path.stat().st_ino for path in first.rglob("*.parquet")}
    new = {path.stat().st_ino for path in second.rglob("*.parquet")}
    assert old & new
    shutil.rmtree(first)
    check_copy(second, tables)


@pytest.mark.parametrize("harm", ["file", "cut", "table", "log"])
def test_a_copy_that_lacks_something_is_refused(root, tmp_path, harm):
    copy = tmp_path / "copy" / "lake"
    tables = copy_lake(root, copy)
    file = next(iter((copy / "stories").rglob("*.parquet")))
    if harm == "file":
        file.unlink()
    elif harm == "cut":
        file.write_bytes(file.read_bytes()[:-10])
    elif harm == "table":
        shutil.rmtree(copy / "stories")
    else:
        newest = max((copy / "stories" / "_delta_log").glob("*.json"))
        newest.unlink()
    with pytest.raises(LakeDamaged):
        check_copy(copy, tables)

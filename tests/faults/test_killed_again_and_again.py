from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable

from tests.faults.driver import Place, ingest
from tests.faults.remains import leftovers_of, missing_of, orphans_of, tend
from tests.faults.storm import KILLS, READERS, Storm, rage

pytestmark = pytest.mark.faults

# When a row landed, in which run, under which of its page's names; and what a flag says, since the
# driver's suites are cut down and the real command's are not.
LEFT_OUT = {"run_id", "ingested_at", "ingest_day", "source_name", "quality_flags"}


@pytest.fixture(scope="module")
def storm(tmp_path_factory: pytest.TempPathFactory) -> Storm:
    seed = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(10**6))
    return rage(tmp_path_factory.mktemp("storm"), seed)


@pytest.fixture(scope="module")
def clean(storm: Storm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the home of one clean run over the inbox as it is when the storm is over."""
    folder = tmp_path_factory.mktemp("clean")
    place = Place(storm.place.inbox, folder / "home", folder / "log.txt")
    code, told = ingest(place)
    assert code == 0, told
    return place.home


def test_a_hundred_runs_were_killed(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{storm.figures()}")
    assert storm.kills.total() >= KILLS
    assert storm.kills["at random"] > KILLS // 10
    assert storm.ends["hung"] == 0


def test_every_failed_run_ended_with_an_error_of_ours(storm: Storm) -> None:
    assert "Traceback" not in storm.place.log.read_text()


def test_no_reader_saw_half_a_version(storm: Storm) -> None:
    assert len(storm.readers) == READERS
    assert [reader["broken"] for reader in storm.readers] == [[]] * READERS
    assert all(reader["versions"] >= KILLS // 10 for reader in storm.readers)


def test_no_reader_met_an_error(storm: Storm) -> None:
    assert [reader["errors"] for reader in storm.readers] == [[]] * READERS


@pytest.mark.parametrize("table", ["stories", "chrome", "quarantine"])
def test_rows_are_those_of_one_clean_run(storm: Storm, clean: Path, table: str) -> None:
    found = rows_of(storm.place.home, table)
    assert found == rows_of(clean, table)
    assert found or table == "quarantine"


def test_what_stands_is_what_one_clean_run_leaves_standing(storm: Storm, clean: Path) -> None:
    names = "select name, page_id from meta.deliveries where is_current order by all"
    pages = """
        select page_id, outcome, page_chars, story_chars, chrome_chars, stories_landed,
        stories_quarantined, encoding, replaced_chars from pages order by all
    """
    for question in (names, pages):
        assert ask(storm.place.home, question) == ask(clean, question)


def test_every_run_that_landed_has_finished(storm: Storm) -> None:
    runs = {row["run_id"] for row in rows_of(storm.place.home, "runs", set())}
    for table in ("pages", "stories", "chrome", "quarantine", "quality_results", "run_figures"):
        assert {row["run_id"] for row in rows_of(storm.place.home, table, set())} <= runs


def test_tending_leaves_no_stray_file(storm: Storm) -> None:
    lake = storm.place.home / "lake"
    before = orphans_of(lake)
    tend(storm.place.home)

    assert orphans_of(lake) == [], f"{len(before)} before tending"
    assert missing_of(lake) == []


def test_killed_runs_left_nothing_outside_the_tables(storm: Storm) -> None:
    assert leftovers_of(storm.place.home) == []


def rows_of(home: Path, table: str, left_out: set[str] = LEFT_OUT) -> list[dict[str, Any]]:
    rows = DeltaTable(str(home / "lake" / table)).to_pyarrow_table().to_pylist()
    return sorted(
        ({name: row[name] for name in row if name not in left_out} for row in rows), key=str
    )


def ask(home: Path, question: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(question).fetchall()

"""
An analyst in the way: holds the warehouse for reading, for writing, or died while writing.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.driver import Place, ingest
from tests.faults.inbox import Inbox
from tests.faults.remains import leftovers_of
from tests.faults.test_killed_again_and_again import ask

pytestmark = pytest.mark.faults
COUNT = "select count(*) from stories"
HOLD = f"""
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == "reading")
if sys.argv[2] == "writing":
    con.execute("create or replace table scratch as select 1 as x")
while True:
    print(con.execute("{COUNT}").fetchone()[0], flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "inbox", random.Random(5))


@pytest.fixture
def place(inbox: Inbox, tmp_path: Path) -> Place:
    """Give a home in which a run has landed, and an inbox that has changed since."""
    place = Place(inbox.folder, tmp_path / "home", tmp_path / "log.txt")
    inbox.churn()
    assert ingest(place)[0] == 0
    inbox.fill()
    return place


class Holder:
    """Another process with the warehouse open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.stories = self._read()

    def ask_again(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._read()

    def _read(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())


@contextmanager
def holder(place: Place, how: str) -> Iterator[Holder]:
    target = place.home / "warehouse.duckdb"
    if how == "writing":
        target.chmod(0o644)
    words = [sys.executable, "-c", HOLD, str(target), how]
    pipe = subprocess.PIPE
    process = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True)
    try:
        yield Holder(process)
    finally:
        process.kill()
        process.communicate()


def stories_in_lake(place: Place) -> int:
    from deltalake import DeltaTable

    return DeltaTable(str(place.home / "lake" / "stories")).to_pyarrow_table().num_rows


def test_a_reader_blocks_nobody_and_keeps_its_version(place):
    with holder(place, "reading") as reader:
        before = reader.stories
        assert ingest(place)[0] == 0

        assert stories_in_lake(place) != before
        assert reader.ask_again() == before
        assert ask(place.home, COUNT) == [(stories_in_lake(place),)]


def test_a_writer_is_waited_for_and_the_next_run_swaps_in_what_was_staged(place):
    target = place.home / "warehouse.duckdb"
    with holder(place, "writing") as writer:
        before = target.read_bytes()
        code, said = ingest(place)
        pid = writer.process.pid
        assert code == 1
        assert f"Process {pid} has {target} open for writing" in said
        assert "failed warehouse" in said
        assert "Traceback" not in said
        assert target.read_bytes() == before
        staged = target.with_name(".warehouse.duckdb.staged").stat().st_ino
    assert target.with_name("warehouse.duckdb.wal").exists()

    assert ingest(place)[0] == 0

    assert target.stat().st_ino == staged
    assert ask(place.home, COUNT) == [(stories_in_lake(place),)]
    scratch = "select count(*) from duckdb_tables() where table_name = 'scratch'"
    assert ask(place.home, scratch) == [(0,)]
    assert leftovers_of(place.home) == []


def test_a_stale_log_is_moved_aside_by_a_run_with_nothing_new(place):
    assert ingest(place)[0] == 0
    with holder(place, "writing"):
        pass
    log = place.home / "warehouse.duckdb.wal"
    assert log.exists()

    assert ingest(place)[0] == 0

    assert not log.exists()
    assert len(list(place.home.glob("warehouse.duckdb.wal.aside-*"))) == 1
    assert ask(place.home, COUNT) == [(stories_in_lake(place),)]

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from include.errors import DiskFull, WarehouseHeld
from include.lake.delta.versions import read_version
from include.warehouse import lock, publish
from include.warehouse.lock import hold_publishing
from tests.lake.builders import land_files, run_at
from tests.warehouse.readers import ask, headlines, publish_lake

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down.\nS Storm|It blew."
C = "Q Brief|Bad.\nS Third|Third story body."


@contextmanager
def writer_of(target: Path) -> Iterator[int]:
    """Hold the file open for writing in another process, and leave a log behind when killed."""
    target.chmod(0o644)
    script = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1]);"
        "con.execute('create table scratch as select 1 as x'); print('held', flush=True);"
        "sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def test_a_reader_keeps_its_version_and_a_new_one_sees_the_next(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)
    script = (
        "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True);"
        "ask = lambda: print(con.execute('select count(*) from stories').fetchall(), flush=True);"
        "ask(); sys.stdin.readline(); ask()"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", script, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    first = reader.stdout.readline()

    land_files(root, run_at(1), {"a.txt": A, "b.txt": C})
    publish_lake(root, target)
    second, _ = reader.communicate("\n")

    assert (first, second) == ("[(2,)]\n", "[(2,)]\n")
    assert ask(target, "select count(*) from stories") == [(3,)]


def test_a_writer_is_named_and_the_lake_is_published_when_it_has_gone(root, target):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    with writer_of(target) as pid, pytest.raises(WarehouseHeld, match=rf"{pid}.*read-only"):
        publish_lake(root, target)

    assert publish_lake(root, target).changed
    assert headlines(target) == ["Rain", "Ship sails"]


def test_a_stray_log_is_moved_aside_and_readers_meet_none(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)
    log = target.with_name("warehouse.duckdb.wal")
    with writer_of(target):
        assert log.exists()

    publish_lake(root, target)

    assert not log.exists()
    assert len(list(target.parent.glob("warehouse.duckdb.wal.aside-*"))) == 1
    assert headlines(target) == ["Rain", "Ship sails"]
    scratch = "select count(*) from duckdb_tables() where table_name = 'scratch'"
    assert ask(target, scratch) == [(0,)]


def test_a_writer_who_comes_while_the_file_is_built_stops_the_swap(root, target, monkeypatch):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    before = target.read_bytes()
    build = publish._build_aside
    holders = []

    def build_slowly(*given):
        holders.append(writer_of(target))
        holders[0].__enter__()
        return build(*given)

    monkeypatch.setattr(publish, "_build_aside", build_slowly)
    try:
        with pytest.raises(WarehouseHeld):
            publish_lake(root, target)
    finally:
        holders[0].__exit__(None, None, None)
    assert target.read_bytes() == before
    assert not target.with_name(".warehouse.duckdb.building").exists()


def test_a_version_staged_beside_a_writer_is_swapped_in_as_it_is(root, target, monkeypatch):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    staged = target.with_name(".warehouse.duckdb.staged")
    with writer_of(target), pytest.raises(WarehouseHeld):
        publish_lake(root, target)
    built = staged.stat().st_ino

    def refuse(*_):
        raise AssertionError("it was built already")

    monkeypatch.setattr(publish, "build_projection", refuse)
    assert publish_lake(root, target).changed
    assert target.stat().st_ino == built
    assert not staged.exists()
    assert headlines(target) == ["Rain", "Ship sails"]


def test_a_staged_version_that_the_lake_has_left_behind_is_not_swapped_in(root, target):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    with writer_of(target), pytest.raises(WarehouseHeld):
        publish_lake(root, target)
    land_files(root, run_at(1), {"a.txt": B})

    assert publish_lake(root, target).changed
    assert headlines(target) == ["Ship sinks", "Storm"]


def test_a_writer_is_waited_for_and_named_in_a_warning(root, target, monkeypatch, caplog):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    holder = writer_of(target)
    pid = holder.__enter__()
    monkeypatch.setattr(lock, "PAUSE_S", 0)
    ask_once = lock.find_writer
    asked = []

    def find_writer(path):
        asked.append(path)
        if len(asked) == 3:
            holder.__exit__(None, None, None)
        return ask_once(path)

    monkeypatch.setattr(lock, "find_writer", find_writer)
    assert publish_lake(root, target, patience_s=60).changed

    assert headlines(target) == ["Rain", "Ship sails"]
    (warning,) = caplog.messages
    assert warning.startswith(f"Process {pid} has {target} open for writing; waiting 60 s")


def test_another_publisher_is_waited_for(root, target, monkeypatch):
    land_files(root, run_at(0), {"a.txt": A})
    other = hold_publishing(target)
    other.__enter__()
    monkeypatch.setattr(lock.time, "sleep", lambda _: other.__exit__(None, None, None))

    assert publish_lake(root, target, patience_s=60).changed


def test_the_version_is_read_while_the_publish_lock_is_held(root, target):
    land_files(root, run_at(0), {"a.txt": A})

    def read_at_our_turn():
        with pytest.raises(WarehouseHeld), hold_publishing(target, 0):
            pass
        return read_version(root)

    publish.publish_warehouse(read_at_our_turn, target, "400MB")

    assert headlines(target) == ["Rain", "Ship sails"]


def test_a_file_that_somebody_wrote_to_is_built_anew(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)
    target.chmod(0o644)
    with duckdb.connect(str(target)) as con:
        con.execute("delete from main.pages")
    assert headlines(target) == []

    assert publish_lake(root, target).changed
    assert headlines(target) == ["Rain", "Ship sails"]


def test_a_full_disk_leaves_the_old_version_and_the_next_publishing_heals_it(root, target):
    publish_lake(root, target)
    land_files(root, run_at(0), {"a.txt": A})
    before, most = target.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most[1]))
    try:
        with pytest.raises(DiskFull, match=r"warehouse\.duckdb.\. .*Make room"):
            publish_lake(root, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    assert target.read_bytes() == before

    assert publish_lake(root, target).changed
    assert headlines(target) == ["Rain", "Ship sails"]
    left = {p.name for p in target.parent.glob(".warehouse*")}
    assert left == {".warehouse.duckdb.lock", ".warehouse.duckdb.shown"}


def test_one_publishes_at_a_time(root, target):
    with hold_publishing(target, 0), pytest.raises(WarehouseHeld, match=str(os.getpid())):
        publish_lake(root, target)


def test_leftovers_of_a_killed_publisher_do_not_disturb_the_next(root, target):
    root.mkdir(parents=True)
    target.with_name(".warehouse.duckdb.building").write_bytes(b"half a file")
    target.with_name(".warehouse.duckdb.building.wal").write_bytes(b"half a log")

    publish_lake(root, target)

    left = {p.name for p in target.parent.glob(".warehouse*")}
    assert left == {".warehouse.duckdb.lock"}

"""One open warehouse for many threads, which follows publications."""

import threading

import duckdb
import pytest

from include.errors import QueryRefused, WarehouseMissing
from include.lake.delta.versions import read_version
from include.warehouse.publish import publish_warehouse
from include.warehouse.shared_reader import SharedReader
from tests.lake.builders import land_files, run_at

A = "S Ship sails|The ship left the port."
B = "S Rain|It rained all day."
COUNT = "select count(*) as stories from main.stories"


def publish(root, target):
    publish_warehouse(lambda: read_version(root), target, "400MB")


@pytest.fixture
def reader(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish(root, target)
    reader = SharedReader(target, "400MB")
    yield reader
    reader.close()


def count(reader):
    with reader.read() as reading:
        return reading.ask(COUNT)[0]["stories"]


def test_the_next_query_sees_a_new_version_and_a_running_one_does_not(reader, root, target):
    with reader.read() as before:
        land_files(root, run_at(1), {"a.txt": A, "b.txt": B})
        publish(root, target)
        assert count(reader) == 2
        assert before.ask(COUNT) == [{"stories": 1}]
        with reader.read() as after:
            assert after.version != before.version


def test_many_threads_read_while_it_is_published(reader, root, target):
    counts, failures = set(), []

    def read():
        try:
            for _ in range(10):
                counts.add(count(reader))
        except Exception as exc:
            failures.append(exc)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    land_files(root, run_at(1), {"a.txt": A, "b.txt": B})
    publish(root, target)
    for thread in threads:
        thread.join()
    assert failures == []
    assert counts <= {1, 2}


def test_values_are_bound(reader):
    with reader.read() as reading:
        assert reading.ask("select $x as x", x="'; drop table stories --") == [
            {"x": "'; drop table stories --"}
        ]


@pytest.mark.parametrize(
    "sql",
    [
        "select content from read_text('/etc/hostname')",
        "copy (select 1) to '/tmp/copydesk_never.csv'",
        "set enable_external_access = true",
    ],
)
def test_a_connection_reaches_no_file_but_the_warehouse_and_its_lake(reader, sql):
    with pytest.raises(duckdb.Error), reader.read() as reading:
        reading.con.execute(sql)


def test_it_cannot_be_written_to(reader):
    with pytest.raises(duckdb.Error), reader.read() as reading:
        reading.con.execute("create table warehouse.main.x as select 1")


def test_a_warehouse_that_is_missing_or_none_is_refused(tmp_path):
    with pytest.raises(WarehouseMissing), SharedReader(tmp_path / "w.duckdb").read():
        pass
    (tmp_path / "w.duckdb").write_text("no database")
    with pytest.raises(QueryRefused), SharedReader(tmp_path / "w.duckdb").read():
        pass

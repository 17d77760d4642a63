from __future__ import annotations

import os
import shutil
import stat
import threading

import duckdb
import pytest

from include.lake.delta.versions import read_version
from include.warehouse import publish
from tests.killing import Killed, kill_at
from tests.lake.builders import land_files, run_at
from tests.warehouse.readers import ask, headlines, publish_lake

A = "S Ship sails|The ship left the port.\nAdvertisement\n\nS Rain|It rained all day."
B = "S Ship sinks|The ship went down.\nS Storm|It blew."
C = "Q Brief|Bad.\nS Third|Third story body."


def test_what_landed_is_published(root, target):
    land_files(root, run_at(0), {"a.txt": A, "b.txt": C, "c.txt": A, "d.txt": "<html>"})

    published = publish_lake(root, target)

    assert published.changed
    assert published.lake_key == read_version(root).key()
    assert headlines(target) == ["Rain", "Ship sails", "Third"]
    assert ask(target, "select count(*) from pages") == [(2,)]
    assert ask(target, "select count(*) from captions") == [(3,)]
    assert ask(target, "select text from chrome") == [("Advertisement",)]
    assert ask(target, "select headline from quality.quarantine") == [("Brief",)]
    assert ask(target, "select count(*) from quality.results") == [(2,)]
    assert ask(target, "select count(*) from meta.deliveries where is_current") == [(3,)]
    assert ask(target, "select files_seen from meta.runs") == [(4,)]


def test_a_lake_without_a_row_is_published_typed(root, target):
    publish_lake(root, target)

    assert headlines(target) == []
    assert ask(target, "select typeof(any_value(ingest_day)) from stories") == [("DATE",)]


def test_the_published_file_is_read_only_and_has_no_log(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)

    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o444 & ~umask
    names = {path.name for path in target.parent.iterdir()}
    assert names == {"lake", "receipts", "warehouse.duckdb", ".warehouse.duckdb.lock"}


def test_an_unchanged_lake_is_not_published_again(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)
    before = target.stat()

    assert not publish_lake(root, target).changed
    after = target.stat()  # reading may move the access time
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_changed_views_or_comments_are_published(root, target, monkeypatch):
    publish_lake(root, target)
    monkeypatch.setattr(publish, "projection_version", lambda: "another")

    assert publish_lake(root, target).changed


def test_a_file_that_is_no_warehouse_is_replaced(root, target):
    root.mkdir(parents=True)
    target.write_bytes(b"not a database at all")

    assert publish_lake(root, target).changed
    assert headlines(target) == []


@pytest.mark.parametrize(
    "point",
    ["stories", "quality_results", "pages", "superseded stories", "superseded quarantine", "runs"],
)
def test_a_landing_cut_short_shows_the_old_or_the_new(root, target, point):
    land_files(root, run_at(0), {"a.txt": A, "q.txt": C})
    with pytest.raises(Killed):
        land_files(root, run_at(1), {"a.txt": B, "q.txt": C}, between=kill_at(point))
    publish_lake(root, target)

    has_landed = point in ("pages", "superseded stories", "superseded quarantine", "runs")
    expected = ["Ship sinks", "Storm", "Third"] if has_landed else ["Rain", "Ship sails", "Third"]
    assert headlines(target) == expected
    assert ask(target, "select count(*) from chrome") == [(0 if has_landed else 1,)]
    assert ask(target, "select count(distinct run_id) from quality.results") == [(1 + has_landed,)]


def test_a_page_shown_by_two_names_stays_when_one_is_revised(root, target):
    land_files(root, run_at(0), {"a.txt": A, "copy.txt": A})
    land_files(root, run_at(1), {"a.txt": B, "copy.txt": A})
    publish_lake(root, target)

    assert headlines(target) == ["Rain", "Ship sails", "Ship sinks", "Storm"]


def test_publishing_while_runs_land_never_shows_half_a_page(root, target):
    land_files(root, run_at(0), {"a.txt": A})

    def keep_landing() -> None:
        for minute in range(1, 9):
            land_files(root, run_at(minute), {"a.txt": (A, B)[minute % 2]})

    thread = threading.Thread(target=keep_landing)
    thread.start()
    while thread.is_alive():
        publish_lake(root, target)
        assert headlines(target) in (["Rain", "Ship sails"], ["Ship sinks", "Storm"])
    thread.join()


def test_a_lake_that_was_moved_is_read_by_its_new_root(root, target, tmp_path):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)
    moved = tmp_path / "elsewhere"
    shutil.move(root, moved)

    with duckdb.connect(str(target), read_only=True) as con:
        with pytest.raises(duckdb.Error, match="No files found"):
            con.execute("select count(*) from stories").fetchall()
        con.execute(f"set variable lake_root = '{moved}'")
        assert con.execute("select count(*) from stories").fetchall() == [(2,)]


def test_the_file_reads_the_same_when_attached_under_another_name(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    publish_lake(root, target)

    with duckdb.connect() as con:
        con.execute(f"attach '{str(target).replace(chr(39), chr(39) * 2)}' as news (read_only)")
        assert con.execute("select count(*) from news.stories").fetchall() == [(2,)]
        con.execute("use news")
        assert len(con.execute("from search_stories('rain')").fetchall()) == 1


def test_one_day_reads_one_days_files(root, target):
    land_files(root, run_at(0), {"a.txt": A})
    land_files(root, run_at(60 * 24), {"a.txt": A, "b.txt": C})
    publish_lake(root, target)

    plan = ask(target, "explain analyze select body from stories where ingest_day = '2026-11-22'")
    assert "1/2" in plan[0][1]


def test_the_format_is_one_that_refuses_a_foreign_log_and_older_readers_know(root, target):
    publish_lake(root, target)

    version = "select tags['storage_version'] from duckdb_databases() where not internal"
    assert "v1.4" in ask(target, version)[0][0]

"""The chrome book in the lake: its versions, and what is said of one that cannot be read."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake

from include.errors import BookUnreadable, LakeLocked
from include.lake.decisions import chrome_book
from include.lake.decisions.chrome_book import STAMPS, pin_book, read_book, write_book
from include.lake.delta.lock import hold_lake
from include.lake.delta.versions import read_version
from include.schema.lake import CHROME_BOOK, RUNS, SUPPLIED
from include.storage.frames import map_frame
from tests.lake.builders import land_files, rows_of, run_at
from tests.warehouse.readers import ask, publish_lake

NOW = datetime(2026, 11, 21, 3, 30, tzinfo=UTC)
A = "S Ship sails|The ship left the port.\nAdvertisement"


@pytest.fixture
def root(tmp_path):
    return tmp_path / "it's a lake"


def lines(*texts: str) -> pa.Table:
    rows = [
        {
            "outlet": None, "line_id": f"{number:016x}", "text": text, "words": 2, "pages": 30,
            "story_pages": 0, "stories": 30.0, "first_seen_at": NOW, "last_seen_at": NOW,
        }
        for number, text in enumerate(texts)
    ]  # fmt: skip
    kept = [field for field in CHROME_BOOK.schema() if field.name not in STAMPS]
    return pa.Table.from_pylist(rows, schema=pa.schema(kept))


def test_a_lake_without_a_book_gives_the_empty_one(root):
    assert read_book(root).version == 0
    land_files(root, run_at(0), {"a.txt": A})
    assert read_book(root).version == read_book(root).lines.num_rows == 0


def test_a_book_replaces_the_one_before_and_both_can_be_read(root):
    assert write_book(root, lines("Share", "Menu"), "pages 1", NOW) == (1, True)
    assert write_book(root, lines("Menu"), "pages 2", NOW) == (2, True)
    assert write_book(root, lines("Other"), "pages 2", NOW) == (2, False)

    assert read_book(root).version == 2
    assert read_book(root).lines["text"].to_pylist() == ["Menu"]
    assert read_book(root).lines["book_version"].to_pylist() == [2]
    old = DeltaTable(root / "chrome_book", version=1).to_pyarrow_table()
    assert sorted(old["text"].to_pylist()) == ["Menu", "Share"]


def test_a_book_without_a_line_is_a_version_too(root):
    write_book(root, lines("Menu"), "pages 1", NOW)
    write_book(root, lines(), "pages 2", NOW)

    assert read_book(root).version == 2
    assert read_book(root).lines.num_rows == 0


def test_a_pinned_book_stays_when_the_lake_s_moves_on(root, tmp_path):
    write_book(root, lines("Menu"), "pages 1", NOW)
    assert pin_book(root, tmp_path) == 1
    write_book(root, lines("Share"), "pages 2", NOW)

    assert map_frame(tmp_path / "book.arrow")["text"].to_pylist() == ["Menu"]


def test_a_book_of_a_newer_rule_says_what_to_do(root, monkeypatch):
    with monkeypatch.context() as newer:
        newer.setattr(chrome_book, "BOOK_RULE", chrome_book.BOOK_RULE + 1)
        write_book(root, lines("Menu"), "pages 1", NOW)

    with pytest.raises(BookUnreadable, match=r"newer Copydesk.*python -m include tend"):
        read_book(root)
    write_book(root, lines("Menu"), "pages 1", NOW)
    assert read_book(root).version == 2


def test_a_broken_book_says_what_to_do_and_moving_it_away_helps(root):
    write_book(root, lines("Menu"), "pages 1", NOW)
    for file in (root / "chrome_book").glob("*.parquet"):
        file.write_bytes(b"not parquet")
    with pytest.raises(BookUnreadable, match=r"broken.*python -m include tend"):
        read_book(root)
    for file in (root / "chrome_book").glob("*.parquet"):
        file.unlink()
    with pytest.raises(BookUnreadable):
        read_book(root)
    for file in (root / "chrome_book" / "_delta_log").glob("*.json"):
        file.write_bytes(b"not json")
    with pytest.raises(BookUnreadable):
        read_book(root)

    shutil.move(root / "chrome_book", root.parent / "away")
    assert read_book(root).version == 0
    assert write_book(root, lines("Menu"), "pages 1", NOW) == (1, True)


def test_a_book_waits_for_a_landing(root, monkeypatch):
    monkeypatch.setattr("include.lake.delta.lock.PATIENCE_S", 0.0)
    monkeypatch.setattr(chrome_book, "hold_lake", lambda root: hold_lake(root, 0.0))
    with hold_lake(root), pytest.raises(LakeLocked):
        write_book(root, lines("Menu"), "pages 1", NOW)


def test_a_new_book_is_a_new_version_of_the_lake_and_published(root, tmp_path):
    land_files(root, run_at(0), {"a.txt": A})
    before = read_version(root)
    publish_lake(root, tmp_path / "w.duckdb")
    write_book(root, lines("it's \x1b[31m'); drop table x;--"), "pages 1", NOW)

    assert read_version(root) != before
    assert publish_lake(root, tmp_path / "w.duckdb").changed
    assert ask(tmp_path / "w.duckdb", "select text, pages from chrome_book") == [
        ("it's \x1b[31m'); drop table x;--", 30)
    ]


def test_a_lake_without_page_metadata_is_read_and_extended(root, tmp_path):
    land_files(root, run_at(0), {"a.txt": A})
    for table, new in (("pages", [c.name for c in SUPPLIED]), ("runs", ["files_unpacked"])):
        old = DeltaTable(root / table).to_pyarrow_table().drop_columns(new)
        write_deltalake(
            root / table, old, mode="overwrite", schema_mode="overwrite",
            partition_by=["ingest_day"] if table == "pages" else None,
        )  # fmt: skip
    publish_lake(root, tmp_path / "w.duckdb")
    assert ask(tmp_path / "w.duckdb", "select media_type, url from pages") == [(None, None)]

    land_files(root, run_at(1), {"a.txt": A, "b.txt": "S Rain|It rained all day."})
    publish_lake(root, tmp_path / "w.duckdb")
    assert ask(tmp_path / "w.duckdb", "select count(*), count(url) from pages") == [(2, 0)]
    assert ask(tmp_path / "w.duckdb", "select files_unpacked from meta.runs order by 1") == [
        (0,),
        (None,),
    ]


def test_a_lake_without_a_chrome_book_is_read_and_extended(root, tmp_path):
    land_files(root, run_at(0), {"a.txt": A})
    old = DeltaTable(root / "runs").to_pyarrow_table().drop_columns(["book_version", "kind"])
    write_deltalake(root / "runs", old, mode="overwrite", schema_mode="overwrite")
    shutil.rmtree(root / "chrome_book")
    publish_lake(root, tmp_path / "w.duckdb")
    assert ask(tmp_path / "w.duckdb", "select book_version from meta.runs") == [(None,)]
    assert ask(tmp_path / "w.duckdb", "select count(*) from chrome_book") == [(0,)]

    land_files(root, run_at(1), {"b.txt": "S Rain|It rained all day."})
    names = [field.name for field in DeltaTable(root / "runs").schema().fields]
    assert sorted(names) == sorted(RUNS.schema().names)
    assert len(rows_of(root, "runs")) == 2
    publish_lake(root, tmp_path / "w.duckdb")
    assert ask(tmp_path / "w.duckdb", "select book_version from meta.runs") == [(None,), (None,)]

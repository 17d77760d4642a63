"""The index answers as the whole ledger would, whatever became of the table's files."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from hypothesis import given, settings
from hypothesis import strategies as st

from include.config.settings import ROOT
from include.errors import IndexBusy
from include.lake.delta.tables import append_rows, create_tables
from include.lake.ledger import index as index_module
from include.lake.ledger.current import current_rows, newest_deliveries, newest_pages
from include.lake.ledger.deliveries import read_deliveries
from include.lake.ledger.index import open_index
from include.schema.lake import PAGES
from tests.lake.builders import DAWN
from tests.lake.ledgers import read_ledger

INBOXES = ("/inbox", '/other\'s "in"; --')
NAMES = ("a.txt", "b.txt", "ü%_*.txt", "c/d.txt")
PAGE_IDS = tuple(f"{number:064x}" for number in range(5))
OUTCOMES = ("landed", "no_story", "rejected", "redelivered")


def page_row(run_no: int, inbox: str, name: str, page_id: str, outcome: str, day: int = 0) -> dict:
    return {
        "delivery_id": f"{inbox}{name}{page_id}",
        "page_id": page_id,
        "name": name,
        "inbox": inbox,
        "size_bytes": 1,
        "modified_at": DAWN,
        "outcome": outcome,
        "replaced_chars": 0,
        "flags": [],
        "page_chars": 0,
        "story_chars": 0,
        "chrome_chars": 0,
        "stories_landed": 0,
        "stories_quarantined": 0,
        "revises_page_id": PAGE_IDS[run_no % 5] if outcome == "landed" else None,
        "run_id": f"run {run_no}",
        "ingested_at": DAWN + timedelta(days=day, minutes=run_no),
        "ingest_day": (DAWN + timedelta(days=day)).date(),
    }


def append(root: Path, rows: list[dict]) -> None:
    create_tables(root)
    table = pa.Table.from_pylist(rows, schema=PAGES.schema())
    append_rows(root, PAGES, table.to_batches(), {})


def pages_of(root: Path) -> DeltaTable:
    return DeltaTable(str(root / "pages"))


def check(root: Path, path: Path | None) -> None:
    whole, deliveries = read_ledger(root), read_deliveries(root)
    with open_index(root, path) as index:
        for page_id in PAGE_IDS:
            assert index.knows_page(page_id) == whole.knows_page(page_id)
        for inbox in INBOXES:
            for name in NAMES:
                assert index.knows_name(inbox, name) == whole.knows_name(inbox, name)
                for page_id in PAGE_IDS:
                    asked = (inbox, name, page_id)
                    assert index.knows_delivery(*asked) == whole.knows_delivery(*asked)
                check_about(index, deliveries, inbox, name, PAGE_IDS[len(name) % 5])
        assert index.run_ids() == set(deliveries["run_id"])


def check_about(index, deliveries: pl.DataFrame, inbox: str, name: str, page_id: str) -> None:
    names = pl.DataFrame({"inbox": [inbox], "name": [name]})
    near = index.about(names, pl.Series([page_id]))
    of_name = {"inbox": inbox, "name": name}
    for rule in (newest_deliveries, newest_pages):
        told, truth = (rule(frame).filter(**of_name) for frame in (near, deliveries))
        assert told.rows() == truth.rows()
    pages = {page_id, *deliveries.filter(**of_name)["page_id"]}
    told, truth = (
        current_rows(frame).filter(pl.col("page_id").is_in(pages)).sort("page_id").rows()
        for frame in (near, deliveries)
    )
    assert told == truth


deliveries_of_a_run = st.lists(
    st.tuples(
        st.sampled_from(INBOXES),
        st.sampled_from(NAMES),
        st.sampled_from(PAGE_IDS),
        st.sampled_from(OUTCOMES),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row[:2],
)
events = st.lists(
    st.one_of(
        deliveries_of_a_run,
        st.sampled_from(["compact", "forget", "ask", "ask", "vacuum"]),
    ),
    max_size=9,
)


@settings(max_examples=40, deadline=None)
@given(history=events, days=st.lists(st.integers(0, 2), min_size=9, max_size=9))
def test_the_index_answers_as_a_scan_of_the_whole_ledger(history, days) -> None:
    with TemporaryDirectory() as folder:
        root, path = Path(folder) / "lake", Path(folder) / "index" / "ledger.sqlite"
        create_tables(root)
        for number, (event, day) in enumerate(zip(history, days, strict=False)):
            if event == "compact":
                pages_of(root).optimize.compact()
            elif event == "vacuum":
                pages_of(root).vacuum(0, dry_run=False, enforce_retention_duration=False)
            elif event == "forget":
                pages_of(root).delete(f"run_id = 'run {number // 2}'")
            elif event == "ask":
                check(root, path)
            else:
                append(root, [page_row(number, *row, day) for row in event])
        check(root, path)
        check(root, None)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lake = tmp_path / "lake"
    append(lake, [page_row(0, "/inbox", "a.txt", PAGE_IDS[0], "landed")])
    append(lake, [page_row(1, "/inbox", "b.txt", PAGE_IDS[1], "landed")])
    return lake


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index" / "ledger.sqlite"


def files_read(monkeypatch) -> list[str]:
    read: list[str] = []
    plain = index_module.pq.read_table

    def note(path, **given):
        read.append(str(path))
        return plain(path, **given)

    monkeypatch.setattr(index_module.pq, "read_table", note)
    return read


def test_only_files_that_are_new_are_read(root, path, monkeypatch) -> None:
    read = files_read(monkeypatch)
    check(root, path)
    assert len(read) == 2
    append(root, [page_row(2, "/inbox", "a.txt", PAGE_IDS[2], "landed")])
    check(root, path)
    assert len(read) == 3
    check(root, path)
    assert len(read) == 3


def test_asking_a_ledger_that_did_not_move_writes_nothing(root, path) -> None:
    check(root, path)
    before = (path.stat().st_mtime_ns, path.read_bytes())
    check(root, path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_a_lost_index_only_costs_time(root, path) -> None:
    check(root, path)
    path.unlink()
    check(root, path)


def test_an_index_that_broke_is_made_again(root, path) -> None:
    check(root, path)
    for wreck in (b"no index at all" * 99, path.read_bytes()[:5000] + b"\xff" * 50_000):
        path.write_bytes(wreck)
        check(root, path)


def test_an_index_that_breaks_while_it_is_asked_says_try_again_and_is_gone(root, path) -> None:
    def ask() -> None:
        with open_index(root, path) as index:
            path.write_bytes(b"\xff" * path.stat().st_size)
            index.knows_name("/inbox", "a.txt")

    with pytest.raises(IndexBusy, match="Try again"):
        ask()
    assert not path.exists()
    check(root, path)


def test_an_index_made_by_other_rules_is_made_again(root, path, monkeypatch) -> None:
    check(root, path)
    read = files_read(monkeypatch)
    monkeypatch.setattr(index_module, "INDEX_VERSION", "another")
    check(root, path)
    assert len(read) == 2


def test_an_index_of_another_lake_is_made_again(root, path, tmp_path) -> None:
    check(root, path)
    other = tmp_path / "other"
    append(other, [page_row(7, "/inbox", "a.txt", PAGE_IDS[4], "landed")])
    append(other, [page_row(8, "/inbox", "b.txt", PAGE_IDS[4], "redelivered")])
    check(other, path)
    check(tmp_path / "no lake", path)


def test_a_lake_put_back_to_an_older_version_is_followed(root, path) -> None:
    append(root, [page_row(2, "/inbox", "a.txt", PAGE_IDS[2], "landed")])
    check(root, path)
    pages_of(root).restore(1)
    check(root, path)


def test_a_commit_that_took_the_number_of_another_is_seen(root, path) -> None:
    """A lake restored from a copy grows to the number that the index knows."""
    check(root, path)
    log = root / "pages" / "_delta_log" / "00000000000000000002.json"
    log.unlink()
    append(root, [page_row(5, "/inbox", "a.txt", PAGE_IDS[3], "landed")])
    check(root, path)


@pytest.mark.parametrize("point", ["drop_file", "fetch_wanted", "update_marks", "insert_rows"])
def test_an_index_killed_while_it_follows_is_whole(root, path, point) -> None:
    check(root, path)
    append(root, [page_row(2, "/inbox", "a.txt", PAGE_IDS[2], "landed")])
    pages_of(root).delete("run_id = 'run 0'")
    script = f"""
        import os, signal
        from pathlib import Path
        from include.lake.ledger import index
        plain = getattr(index.rows, {point!r})
        def kill(*given):
            plain(*given)
            os.kill(os.getpid(), signal.SIGKILL)
        setattr(index.rows, {point!r}, kill)
        with index.open_index(Path({str(root)!r}), Path({str(path)!r})):
            pass
    """
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=env, check=False)
    assert done.returncode == -signal.SIGKILL
    check(root, path)


def test_readers_are_not_disturbed_by_an_index_that_moves_on(root, path) -> None:
    with open_index(root, path) as early:
        append(root, [page_row(2, "/inbox", "a.txt", PAGE_IDS[2], "landed")])
        check(root, path)
        assert early.knows_delivery("/inbox", "a.txt", PAGE_IDS[2])


def test_an_index_that_another_process_holds_says_who_may_try_again(
    root, path, monkeypatch
) -> None:
    check(root, path)
    append(root, [page_row(2, "/inbox", "a.txt", PAGE_IDS[2], "landed")])
    monkeypatch.setattr(index_module, "PATIENCE_S", 0)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    try:
        with pytest.raises(IndexBusy), open_index(root, path):
            pass
        assert path.exists()
    finally:
        holder.close()
    check(root, path)

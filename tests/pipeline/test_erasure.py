"""
An erased page is gone: every byte that is left on disk is searched, unpacked where it is packed.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.errors import NotFound, ReceiptMissing
from include.lake.erasure import erase as erasing
from include.lake.erasure.tombstones import erased_ids, read_tombstones
from include.pipeline import backup, erasure, maintenance, steps
from include.pipeline.erasure import Request, find_asked
from include.terminal.analyze import run_analyze
from include.warehouse.read import landed_stories
from tests.killing import Killed, kill_at
from tests.pipeline.pages import DAWN, GOOD, REVISED, ingest, judge

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SECRET = "Wilhelmina Ockerbloom"  # occurs on the page that is erased, and nowhere else
NAME = "obituary of ockerbloom.txt"
PAGE = (
    f"{SECRET} Leaves the Harbour Choir After a Quarrel\n\n"
    f"The soprano {SECRET} left the harbour choir of Lower Tarn on Monday, after a quarrel about "
    "the key of a hymn that nobody else could remember hearing at all.\n\n"
    f"“I shall sing alone,” said {SECRET}, who had brought her own hymnal. Nobody had asked for a "
    "hymnal, and everybody looked at it, the minutes of the choir say.\n\n"
    "The choir meets at seven. It will go on without a soprano, and with one chair fewer.\n"
)
CHANGED = PAGE.replace("Monday", "Tuesday")
NEEDLES = ("ockerbloom", "hymnal", "one chair fewer")


def read_everything(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder, and the unpacked content of Parquet, Arrow and databases."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name, raw = str(path.relative_to(folder)), path.read_bytes()
        found[name] = name.encode() + raw
        if path.suffix == ".parquet":
            found[f"{name} rows"] = as_bytes(pq.read_table(io.BytesIO(raw)).to_pylist())
        elif path.suffix == ".arrow":
            found[f"{name} rows"] = as_bytes(pa.ipc.open_file(raw).read_all().to_pylist())
        elif path.name == "warehouse.duckdb":
            found[f"{name} rows"] = dump_warehouse(path)
    return found


def as_bytes(value: Any) -> bytes:
    """Give every text and every byte in nested rows."""
    if isinstance(value, dict):
        return b"\n".join(map(as_bytes, value.values()))
    if isinstance(value, list):
        return b"\n".join(map(as_bytes, value))
    return value if isinstance(value, bytes) else str(value).encode()


def dump_warehouse(path: Path) -> bytes:
    with duckdb.connect(str(path), read_only=True) as con:
        tables = con.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
        return b"\n".join(
            as_bytes(con.sql(f'from "{schema}"."{table}"').to_arrow_table().to_pylist())
            for schema, table in tables
        )


def places_with(folder: Path, needles: tuple[str, ...] = NEEDLES) -> list[str]:
    lowered = {name: content.lower() for name, content in read_everything(folder).items()}
    wanted = [word.encode() for word in needles]
    return [name for name, content in lowered.items() if any(word in content for word in wanted)]


@pytest.fixture(scope="module")
def lived_once(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """
    Give a home in which the page has left traces everywhere: it landed, was delivered twice, was
    revised, analysed, indexed, compacted, asked about, logged, and kept in frames.
    """
    folder = tmp_path_factory.mktemp("lived")
    inbox = folder / "inbox"
    shutil.copytree(ingested / "inbox", inbox)
    shutil.copytree(ingested / "home", folder / "home")
    own = replace(Settings(), home=folder / "home", inbox=inbox, settle_s=0.0)
    (inbox / NAME).write_text(PAGE, encoding="utf-8")
    (inbox / f"copy of {NAME}").write_text(PAGE, encoding="utf-8")
    judge(own, steps.intake(own, "held", DAWN.replace(hour=8)))  # not landed: its frames stay
    ingest(own, "second", DAWN.replace(hour=9))
    (inbox / NAME).write_text(CHANGED, encoding="utf-8")
    ingest(own, "third", DAWN.replace(hour=10))
    steps.publish(own)
    run_analyze(own, as_json=True)
    maintenance.compact(own, "tend", datetime(2026, 3, 3, tzinfo=UTC))
    maintenance.learn(own, maintenance.gather(own, "tend"), datetime(2026, 3, 3, tzinfo=UTC))
    steps.publish(own)
    (inbox / "unrelated.txt").write_text(GOOD.replace("boat", "raft"), encoding="utf-8")
    judge(own, steps.intake(own, "other", DAWN.replace(hour=11)))  # does not have the page
    write_traces(own)
    return own


@pytest.fixture
def lived(lived_once: Settings, tmp_path: Path, monkeypatch) -> Settings:
    """Give a copy of that home: making it takes some seconds."""
    monkeypatch.delenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", raising=False)
    shutil.copytree(lived_once.home, tmp_path / "home")
    return replace(lived_once, home=tmp_path / "home")


def write_traces(settings: Settings) -> None:
    """Write what Airflow and the reviews leave: a question, a report, a log, records."""
    home, paragraph = settings.home, PAGE.splitlines()[2]
    wrapped = paragraph.replace(". ", ".\n\n> ").replace(" about ", "\n   about ")
    (home / "receipts" / "asked-1").mkdir()
    (home / "receipts" / "asked-1" / "case-0.json").write_text(json.dumps({"body": wrapped}))
    (home / "data_docs" / "resplits").mkdir(parents=True)
    (home / "data_docs" / "resplits" / "r.html").write_text(f"<p>{paragraph}</p>")
    (home / "inbox_records").mkdir()
    (home / "inbox_records" / "r.json").write_text(json.dumps({"pending": [NAME, "a.txt"]}))
    logs = home / "airflow" / "logs" / "dag_id=x"
    logs.mkdir(parents=True)
    (logs / "attempt=1.log").write_text(f"took {NAME}\nlanded\n")
    (settings.lake / "stories" / "ingest_day=2026-03-01" / "part-9.parquet#1").write_bytes(
        PAGE.encode()
    )
    with closing(sqlite3.connect(home / "airflow" / "airflow.db")) as con:
        con.execute("create table hitl_detail (id integer, subject text, body text, params json)")
        rows = [
            (1, "about it", wrapped, json.dumps({"headline": PAGE.splitlines()[0]})),
            (2, f"file {NAME}", "x", "{}"),
            (3, "another", GOOD, "{}"),
        ]
        con.executemany("insert into hitl_detail values (?, ?, ?, ?)", rows)
        con.commit()


def erase(settings: Settings, *words: str) -> int:
    return main(["erase", *words, "--home", str(settings.home), "--yes", "--reason", "her wish"])


def page_ids_of(settings: Settings, name: str) -> tuple[str, ...]:
    return find_asked(settings, name)


def test_nothing_of_a_page_is_left_but_a_tombstone(lived, capsys):
    assert places_with(lived.home)  # or the search would prove nothing
    before = landed_stories(lived.warehouse).to_pylist()
    others = [row for row in before if "ockerbloom" not in row["source_name"]]
    page_ids = page_ids_of(lived, NAME)
    assert len(page_ids) == 2
    assert erase(lived, NAME) == 0
    assert erase(lived, f"copy of {NAME}") == 1  # its bytes were those of the first revision
    left = places_with(lived.home)
    assert left == []
    steps.publish(lived)
    assert landed_stories(lived.warehouse).to_pylist() == others
    capsys.readouterr()
    for page_id in page_ids:
        assert main(["why", page_id, "--home", str(lived.home)]) == 0
    said = capsys.readouterr().out
    assert said.count("her wish") == 2
    assert "erased" in said
    assert "not finished" not in said


def test_other_pages_keep_their_questions_and_receipts(lived):
    erase(lived, NAME)
    with closing(sqlite3.connect(lived.home / "airflow" / "airflow.db")) as con:
        rows = con.execute("select * from hitl_detail order by id").fetchall()
    assert rows[2] == (3, "another", GOOD, "{}")
    assert rows[0][1:] == ("about it", "[erased]", "{}")
    assert rows[1][1] == "file [erased]"
    record = json.loads((lived.home / "inbox_records" / "r.json").read_text())
    assert record == {"pending": ["[erased]", "a.txt"]}
    assert list((lived.home / "receipts").glob("other-*/*.pages.arrow"))
    assert "landed" in (lived.home / "airflow/logs/dag_id=x/attempt=1.log").read_text()


def test_an_erased_page_is_not_taken_again(lived, capsys):
    erase(lived, NAME)
    capsys.readouterr()
    words = ["ingest", str(lived.inbox), "--home", str(lived.home), "--json"]
    for rejected in (2, 0):
        assert main(words) == 0
        figures = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert figures["files_rejected"] == rejected
    assert places_with(lived.home, ("hymnal", "one chair fewer")) == []
    assert main(["why", str(lived.inbox / NAME), "--home", str(lived.home)]) == 0
    assert "refused 1 time" in capsys.readouterr().out


def test_an_older_page_of_the_name_does_not_come_back(settings, tmp_path):
    inbox = tmp_path / "inbox"
    shutil.copytree(settings.inbox, inbox)
    own = replace(settings, home=tmp_path / "fresh", inbox=inbox)
    ingest(own, "first", DAWN.replace(hour=8))
    first = set(page_ids_of(own, "a.txt"))
    (inbox / "a.txt").write_text(REVISED, encoding="utf-8")
    ingest(own, "revised", DAWN.replace(hour=9))
    (newest,) = set(page_ids_of(own, "a.txt")) - first
    erasure.erase(own, Request((newest,), "wish", "me", NOW), None, {})
    names = {row["source_name"] for row in landed_stories(own.warehouse).to_pylist()}
    assert "a.txt" not in names
    assert places_with(own.home, ("ninety passengers",)) == []
    assert places_with(own.home, ("eighty passengers",))


def test_a_run_that_took_the_page_before_does_not_land(settings, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    own = replace(settings, inbox=inbox)
    (inbox / NAME).write_text(PAGE, encoding="utf-8")
    ingest(own, "first time", DAWN.replace(hour=9))
    (inbox / f"again {NAME}").write_text(PAGE, encoding="utf-8")
    gate = judge(own, steps.intake(own, "second time", DAWN.replace(hour=10)))
    kept = tmp_path / "kept"
    shutil.copytree(gate.parent, kept)  # as if its task held the frames in memory
    erasure.erase(own, Request(page_ids_of(own, NAME), "wish", "me", NOW), None, {})
    shutil.copytree(kept, gate.parent, dirs_exist_ok=True)
    with pytest.raises(ReceiptMissing, match="It was erased"):
        steps.land(own, gate, DAWN.replace(hour=11))


STEPS = ("begun", "stories", "story_revisions", "pages")


@pytest.mark.parametrize("point", STEPS)
def test_an_erasure_that_is_killed_can_be_repeated(lived, monkeypatch, point):
    page_ids = page_ids_of(lived, NAME)
    request = Request(page_ids, "wish", "me", NOW)
    database = f"sqlite:///{lived.home}/airflow/airflow.db"
    real = erasing.erase_pages
    kill = kill_at(point)
    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase_pages", lambda *given: real(*given, between=kill))
        with pytest.raises(Killed):
            erasure.erase(lived, request, database, os.environ)
    assert erased_ids(lived.lake) == set(page_ids)
    again = tuple(found for page_id in page_ids for found in find_asked(lived, page_id))
    erasure.erase(lived, replace(request, page_ids=again), database, os.environ)
    assert places_with(lived.home) == []


def test_a_backup_loses_the_page_and_can_still_be_restored(lived, tmp_path):
    target, linked = tmp_path / "backup", tmp_path / "linked"
    database = f"sqlite:///{lived.home}/airflow/airflow.db"
    backup.back_up(lived, target, NOW, database, os.environ)
    backup.back_up(lived, linked, NOW, database, os.environ, previous=target)
    assert places_with(target)
    assert erase(lived, NAME, "--backup", str(target), "--backup", str(linked)) == 0
    for folder in (lived.home, target, linked):
        assert places_with(folder) == []
    again = replace(lived, home=tmp_path / "again")
    backup.restore(again, target, None, {})
    steps.publish(again)
    assert erased_ids(again.lake) == erased_ids(lived.lake)
    assert len(landed_stories(again.warehouse)) == 2


def test_what_does_not_exist_is_not_erased(lived):
    with pytest.raises(NotFound):
        find_asked(lived, "nowhere.txt")
    assert erase(lived, "nowhere.txt") == 1
    assert erase(lived, NAME, "--backup", str(lived.home)) == 1
    assert read_tombstones(lived.lake).is_empty()
    assert places_with(lived.home)

"""A home is backed up while it is used, and restored: nothing is lost, nothing lands twice."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.__main__ import main
from include.config.settings import Settings
from include.errors import BackupFailed, LakeDamaged
from include.pipeline import backup, steps
from include.storage.databases import dump_database, load_database
from include.warehouse.read import landed_stories
from tests.pipeline.pages import DAWN, ingest

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def stories_in(settings: Settings) -> set[tuple[str, str]]:
    steps.publish(settings)
    rows = landed_stories(settings.warehouse).to_pylist()
    return {(row["source_name"], row["headline"]) for row in rows}


@pytest.fixture
def airflow(settings: Settings) -> sqlite3.Connection:
    """Airflow's database in use: rows committed, and a transaction that is open."""
    file = settings.home / "airflow" / "airflow.db"
    file.parent.mkdir()
    con = sqlite3.connect(file)
    con.execute("pragma journal_mode = wal")
    con.execute("create table dag_run (run_id text)")
    con.execute("insert into dag_run values ('landed')")
    con.commit()
    con.execute("insert into dag_run values ('not committed')")
    return con


def test_a_home_is_restored_with_airflows_history_by_the_commands(
    settings, airflow, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("COPYDESK_SETTLE_S", "0")
    monkeypatch.delenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN")
    before = stories_in(settings)
    target, again = tmp_path / "backup", tmp_path / "again"
    assert main(["backup", str(target), "--home", str(settings.home), "--json"]) == 0
    made = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert made["database"] is True
    assert made["rows"]["pages"] == 2
    airflow.commit()
    assert main(["restore", str(target), "--home", str(again), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == made
    restored = Settings(home=again, inbox=settings.inbox)
    assert stories_in(restored) == before
    with closing(sqlite3.connect(again / "airflow" / "airflow.db")) as con:
        assert con.execute("select run_id from dag_run").fetchall() == [("landed",)]
    inbox = str(settings.inbox)
    assert main(["ingest", inbox, "--home", str(again), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["files_taken"], figures["files_skipped"]) == (0, 2)


def test_what_lands_after_a_backup_lands_again_after_its_restore(settings, tmp_path):
    backup.back_up(settings, tmp_path / "backup", NOW, None, {})
    (settings.inbox / "later.txt").write_text(
        (settings.inbox / "a.txt").read_text("utf-8").replace("boat", "raft"), "utf-8"
    )
    try:
        ingest(settings, "second", DAWN.replace(hour=9))
        after = stories_in(settings)
        restored = replace(settings, home=tmp_path / "again")
        backup.restore(restored, tmp_path / "backup", None, {})
        ingest(restored, "second again", DAWN.replace(hour=10))
        assert stories_in(restored) == after
    finally:
        (settings.inbox / "later.txt").unlink()


def test_nothing_is_restored_over_something_or_from_half_a_backup(settings, tmp_path):
    target = tmp_path / "backup"
    backup.back_up(settings, target, NOW, None, {})
    with pytest.raises(BackupFailed, match="move them away"):
        backup.restore(settings, target, None, {})
    with pytest.raises(BackupFailed, match="give a new folder"):
        backup.back_up(settings, target, NOW, None, {})
    empty = Settings(home=tmp_path / "empty", inbox=settings.inbox)
    next((target / "lake" / "pages").rglob("*.parquet")).unlink()
    with pytest.raises(LakeDamaged):
        backup.restore(empty, target, None, {})
    (target / "manifest.json").unlink()
    with pytest.raises(BackupFailed, match="no complete backup"):
        backup.restore(empty, target, None, {})
    assert not empty.home.exists()


def test_a_backup_that_fails_leaves_nothing_behind(settings, tmp_path):
    with pytest.raises(BackupFailed):
        backup.back_up(settings, tmp_path / "backup", NOW, "sqlite:////nowhere.db", {})
    with pytest.raises(BackupFailed, match="Only SQLite and PostgreSQL"):
        backup.back_up(settings, tmp_path / "backup", NOW, "mysql://u:secret@h/d", {})
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_a_backup_holds_no_secrets(settings, airflow, tmp_path):
    (settings.home / "airflow" / "secrets.json").write_text('{"fernet": "hush"}')
    (settings.home / "airflow" / "passwords.json").write_text('{"admin": "hush"}')
    file = f"sqlite:///{settings.home}/airflow/airflow.db"
    backup.back_up(settings, tmp_path / "backup", NOW, file, os.environ)
    held = [path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()]
    assert not any(b"hush" in content for content in held)
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0


def find_postgres() -> Path | None:
    found = shutil.which("pg_ctl") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), reverse=True)), None
    )
    return None if found is None else Path(found)


@pytest.fixture
def postgres() -> Iterator[str]:
    """Give the folder of the socket of a server of our own."""
    pg_ctl = find_postgres()
    if pg_ctl is None or shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL is not installed")
    as_user: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="copydesk-pg-"))  # a socket's path has 107 bytes at most
    if os.getuid() == 0:  # the server refuses to run as root
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    run = {"check": True, "capture_output": True}
    data = str(folder / "data")
    initdb = [str(pg_ctl.with_name("initdb")), "-D", data, "-U", "airflow", "-A", "trust"]
    subprocess.run([*as_user, *initdb], **run)
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    log = str(folder / "log")
    start = [str(pg_ctl), "-D", data, "-w", "-l", log, "-o", options, "start"]
    subprocess.run([*as_user, *start], **run)
    yield str(folder)
    subprocess.run([*as_user, str(pg_ctl), "-D", data, "-m", "immediate", "stop"], **run)
    shutil.rmtree(folder)


def test_postgresql_is_dumped_and_loaded(postgres, tmp_path):
    environ = {**os.environ, "PGHOST": postgres}

    def sql(database: str, text: str) -> str:
        words = ["psql", "-h", postgres, "-U", "airflow", "-d", database, "-Atc", text]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()

    sql("postgres", "create database old")
    sql("postgres", "create database new")
    sql("old", "create table dag_run as select 'landed' as run_id")
    url = "postgresql+psycopg2://airflow:secret@/{}"
    dump_database(url.format("old"), tmp_path, environ)
    load_database(url.format("new"), tmp_path, environ)
    assert sql("new", "select run_id from dag_run") == "landed"
    with pytest.raises(BackupFailed, match="already exists"):
        load_database(url.format("new"), tmp_path, environ)
    with pytest.raises(BackupFailed, match="It said") as failed:
        dump_database("postgresql://airflow:secret@/nowhere", tmp_path, environ)
    assert "secret" not in str(failed.value)

"""Airflow's database is cleaned once a day, one cleaning at a time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.config.settings import ROOT
from include.standalone.cleaning import EVERY_S, Cleaning


class Process:
    is_done = False

    def poll(self) -> int | None:
        return 0 if self.is_done else None


def test_it_starts_when_due_once_a_day_and_never_twice_at_once(tmp_path: Path) -> None:
    started: list[Process] = []

    def start(*_: object, **__: object) -> Process:
        started.append(Process())
        return started[-1]

    cleaning = Cleaning(tmp_path, due_at=10.0, start=start)
    cleaning.tick(9.9)
    assert not started
    for now in (10.0, 10.5, 11.0, 10.0 + EVERY_S):
        cleaning.tick(now)
    assert len(started) == 1  # the first still runs
    started[0].is_done = True
    cleaning.tick(10.5 + EVERY_S)
    assert len(started) == 2


def test_old_rows_of_a_real_database_go_and_new_ones_stay(tmp_path: Path) -> None:
    file = tmp_path / "airflow.db"
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{file}",
    }

    def run(*words: str) -> None:
        subprocess.run(
            [sys.executable, *words], env=environment, cwd=ROOT, check=True, capture_output=True
        )

    run("-c", "from airflow.utils.db import initdb; initdb()")
    now = datetime.now(UTC)
    with closing(sqlite3.connect(file)) as con:
        for days in (0, 29, 31, 400):
            at = (now - timedelta(days=days)).replace(tzinfo=None).isoformat(sep=" ")
            con.execute("insert into log (dttm, event) values (?, ?)", (at, f"{days} days old"))
        con.commit()
    run("-m", "include.orchestration.clean_database")
    with closing(sqlite3.connect(file)) as con:
        left = {event for (event,) in con.execute("select event from log")}
    assert {"0 days old", "29 days old"} <= left
    assert not left & {"31 days old", "400 days old"}

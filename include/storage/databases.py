"""
Dump and load Airflow's database while it is in use, with SQLite's backup or PostgreSQL's tools.

Passwords go to the tools through their environment, since arguments are visible to other users.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from include.errors import BackupFailed

DUMPS = {"sqlite": "airflow.db", "postgresql": "airflow.dump"}
SHOWN_CHARS = 300


def kind_of(url: str) -> str:
    """Return `sqlite` or `postgresql`; raises `BackupFailed` for any other database."""
    kind = urlsplit(url).scheme.partition("+")[0]
    if kind not in DUMPS:
        way_out = "Only SQLite and PostgreSQL are dumped; use the database's own backup."
        raise BackupFailed("database", kind, way_out)
    return kind


def dump_database(url: str, folder: Path, environ: Mapping[str, str]) -> Path:
    """
    Dump a database into a folder, as of one instant; return the file.

    Raises:
        BackupFailed: it cannot be read, or its tool is missing.
    """
    kind = kind_of(url)
    target = folder / DUMPS[kind]
    if kind == "sqlite":
        source = sqlite_path(url)
        if not source.is_file():
            raise BackupFailed("database", str(source), "There is no such file.")
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
        return target
    run_tool("pg_dump", url, ["--format=custom", f"--file={target}"], environ)
    return target


def load_database(url: str, folder: Path, environ: Mapping[str, str]) -> None:
    """
    Load a dump into an empty or missing database.

    Raises:
        BackupFailed: the dump is of another kind of database, or this one is not empty.
    """
    kind = kind_of(url)
    source = folder / DUMPS[kind]
    if not source.is_file():
        raise BackupFailed("backup", str(source), f"It holds no dump of a {kind} database.")
    if kind == "sqlite":
        target = sqlite_path(url)
        if target.exists():
            raise BackupFailed("database", str(target), "It exists; move it away first.")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o600)
        return
    run_tool("pg_restore", url, ["--exit-on-error", "--no-owner", str(source)], environ)


def sqlite_path(url: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(unquote(urlsplit(url).path.removeprefix("/")))


def run_tool(
    tool: str, url: str, words: list[str], environ: Mapping[str, str], script: str = ""
) -> str:
    """
    Run a tool of PostgreSQL on a database, with a script as its input; return its output.

    Raises:
        BackupFailed: it is not installed, or failed.
    """
    parts = urlsplit(url)
    if shutil.which(tool, path=environ.get("PATH", os.defpath)) is None:
        raise BackupFailed(tool, tool, "It is not installed; it comes with PostgreSQL's client.")
    given = {
        "PGHOST": parts.hostname, "PGPORT": parts.port, "PGUSER": parts.username,
        "PGPASSWORD": parts.password, "PGDATABASE": parts.path.lstrip("/"),
    }  # fmt: skip
    variables = {name: unquote(str(value)) for name, value in given.items() if value}
    database = [f"--dbname={variables['PGDATABASE']}"] if tool == "pg_restore" else []
    done = subprocess.run(
        [tool, *database, *words], env={**environ, **variables}, capture_output=True, text=True,
        input=script, check=False,
    )  # fmt: skip
    if done.returncode:
        said = " ".join(done.stderr.split())[:SHOWN_CHARS]
        raise BackupFailed(tool, variables["PGDATABASE"], f"It said: {said}")
    return done.stdout

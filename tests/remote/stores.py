"""Stores as their owner sees them, who may write, and as an inbox sees them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pyarrow import fs

from include.config.settings import ROOT
from include.storage.locations import Store

HERE = Path(__file__).parent
SAMPLE = sorted((ROOT / "include" / "sample_inbox").glob("*.txt"))[:10]  # those without a sidecar
USER, PASSWORD, WRONG = "copydesk", "hush-hush-42", "not-the-secret"
SERVERS = ROOT / ".venv-stores"
PYTHON = SERVERS / "bin" / "python"
AZURITE = SERVERS / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"


@dataclass(frozen=True)
class Shop:
    """
    One store with a folder that is this test's own.

    url: of the folder. connection: what an Airflow connection to it holds. wrong: what one holds
    that is refused. absent: a bucket or folder that is not there. deaf: a URL and a connection
    where nobody answers. secrets: what no output may hold.
    """

    url: str
    connection: dict[str, Any]
    wrong: dict[str, Any]
    absent: str
    deaf: tuple[str, dict[str, Any]]
    secrets: tuple[str, ...]
    folder: Path | None = None  # of this machine, that the server shows
    bucket: tuple[fs.FileSystem, str] | None = None

    @property
    def place(self) -> Store:
        return open_store(self.url, self.connection)

    def put(self, name: str, body: bytes) -> None:
        if self.folder:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            return
        files, prefix = self.bucket
        with files.open_output_stream(f"{prefix}/{name}") as out:
            out.write(body)

    def delete(self, name: str) -> None:
        if self.folder:
            (self.folder / name).unlink()
        else:
            files, prefix = self.bucket
            files.delete_file(f"{prefix}/{name}")


def later(hours: int = 1) -> datetime:
    """Give a time at which everything has settled."""
    return datetime.now(UTC) + timedelta(hours=hours)


def open_store(url: str, connection: dict[str, Any]) -> Store:
    """Give a store with the options that Airflow's connection gives it."""
    from airflow.sdk import Connection

    from include.orchestration.connections import read_options

    told = {**connection, "extra": json.dumps(connection.get("extra", {}))}
    found = Connection(conn_id="c", conn_type="generic", **told)
    return Store(url, read_options(Store(url).protocol, found))


@contextmanager
def serve(*command: str | Path, cwd: Path | None = None) -> Iterator[dict[str, Any]]:
    """Run one of our servers until the block ends; give what it says of itself."""
    assert PYTHON.exists(), "set the servers up first: make .venv-stores/installed"
    with subprocess.Popen(
        [PYTHON, *command],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        told = process.stdout.readline()
        assert told, f"{command[0]} did not start"
        yield json.loads(told)
        process.stdin.close()


def ask(home: Path, *words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command at a terminal that knows nothing but this environment."""
    command = [sys.executable, "-m", "include", words[0], "--home", str(home), *words[1:]]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = {"COPYDESK_SETTLE_S": "1", **environment}  # a bucket takes no less
    return subprocess.run(command, cwd=ROOT, env={**kept, **told}, capture_output=True, text=True)


def empty(folder: Path) -> None:
    """Empty a folder, or make it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

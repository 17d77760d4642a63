"""One ingest whose metrics and traces went to a collector."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from include.config.settings import ROOT
from tests.pipeline.pages import GOOD, OTHER
from tests.telemetry.collector import Collector, serve_collector

SECRET_WORDS = ("boat", "harbour")


class Measured(NamedTuple):
    """The collector, the figures of `--json`, what the command logged, and its home."""

    collector: Collector
    figures: dict[str, Any]
    logged: str
    home: Path


def run_command(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COPYDESK_SETTLE_S": "0", **variables}
    command = [sys.executable, "-m", "include", *words, "--home", str(home)]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = tmp_path_factory.mktemp("measured")
    inbox, home = folder / "inbox", folder / "home"
    inbox.mkdir()
    (inbox / "a.txt").write_text(GOOD, encoding="utf-8")
    (inbox / "b.txt").write_text(OTHER, encoding="utf-8")
    (inbox / "empty.txt").write_text("", encoding="utf-8")
    with serve_collector() as collector:
        done = run_command(
            home,
            "ingest",
            str(inbox),
            "--json",
            COPYDESK_TELEMETRY="otlp",
            COPYDESK_LOG_FORMAT="json",
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        )
    return Measured(collector, json.loads(done.stdout.splitlines()[-1]), done.stderr, home)

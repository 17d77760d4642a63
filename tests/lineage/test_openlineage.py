"""OpenLineage says which task reads and writes which asset, and quotes no page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from include.config.settings import ROOT

pytestmark = pytest.mark.production

PAGES = ("01", "02")
READS = {"ingest_pages.take": "inbox"}
WRITES = {"ingest_pages.land": "lake/stories", "ingest_pages.publish": "warehouse.duckdb"}


class Lineage(NamedTuple):
    """The events of one run, the text of its pages, and its home."""

    events: list[dict[str, Any]]
    text: str
    home: Path


@pytest.fixture(scope="module")
def lineage(tmp_path_factory: pytest.TempPathFactory) -> Lineage:
    folder = tmp_path_factory.mktemp("lineage")
    home, airflow, written = folder / "home", folder / "airflow", folder / "events.jsonl"
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    airflow.mkdir()
    pages = [p for p in (ROOT / "include" / "sample_inbox").iterdir() if p.name[:2] in PAGES]
    for page in pages:
        shutil.copy(page, inbox)
    transport = {"type": "file", "log_file_path": str(written), "append": True}
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(airflow),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{airflow}/airflow.db",
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport),
        "AIRFLOW__OPENLINEAGE__NAMESPACE": "copydesk",
        "COPYDESK_HOME": str(home),
        "COPYDESK_SETTLE_S": "0",
    }
    command = [sys.executable, str(Path(__file__).with_name("run_ingest.py")), str(inbox)]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    events = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    return Lineage(events, "\n".join(p.read_text(encoding="utf-8") for p in pages), home)


def test_every_task_starts_and_completes_in_our_namespace(lineage) -> None:
    seen = {(event["job"]["name"], event["eventType"]) for event in lineage.events}
    tasks = ("take", "edit.split", "edit.judge", "gate", "land", "publish", "check_inboxes")
    for task in tasks:
        assert {(f"ingest_pages.{task}", kind) for kind in ("START", "COMPLETE")} <= seen
    assert ("ingest_pages", "COMPLETE") in seen
    assert {event["job"]["namespace"] for event in lineage.events} == {"copydesk"}


def test_the_assets_are_the_files_that_are_read_and_written(lineage) -> None:
    ended = [event for event in lineage.events if event["eventType"] == "COMPLETE"]
    for kind, expected in (("inputs", READS), ("outputs", WRITES)):
        named = {
            event["job"]["name"]: (one["namespace"], one["name"])
            for event in ended
            for one in event.get(kind, ())
        }
        assert named == {
            task: ("file", f"{lineage.home}/{place}") for task, place in expected.items()
        }


def test_no_sentence_of_a_page_is_in_an_event(lineage) -> None:
    sent = json.dumps(lineage.events, ensure_ascii=False)
    for line in lineage.text.splitlines():
        if len(line) > 30:
            assert line not in sent

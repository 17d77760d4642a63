"""Alerts reach a mailbox and a URL, once, with a link to what to do."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from include.alerts.journal import Journal
from include.config.settings import read_settings
from include.errors import GateClosed, InboxMissing, StorageRefused
from include.orchestration import alerts, task_signals
from include.orchestration.notices import report_failure, report_late
from include.pipeline import steps
from tests.orchestration.mail_server import serve_mail
from tests.orchestration.test_notices import desk

__all__ = ["desk"]

PAGE = "https://example.org/operations"


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[list]:
    with serve_mail() as (port, mails):
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "copydesk@example.org"}
        connection = {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": extra}
        monkeypatch.setenv("AIRFLOW_CONN_SMTP_DEFAULT", json.dumps(connection))
        yield mails


@pytest.fixture
def told(desk, mailbox, monkeypatch, tmp_path) -> list:
    """Alerts go to a URL and a mailbox; give what the URL gets."""
    url, arrived = desk
    for name, value in {
        "NOTIFY_URL": url, "NOTIFY_MAIL": "editor@example.org, night@example.org",
        "RUNBOOKS": PAGE, "HOME": str(tmp_path),
    }.items():  # fmt: skip
        monkeypatch.setenv(f"COPYDESK_{name}", value)
    return arrived


def fail(run_id: str, error: Exception, task_id: str = "take", map_index: int = -1) -> None:
    ti = SimpleNamespace(
        dag_id="ingest_pages", run_id=run_id, task_id=task_id, map_index=map_index, try_number=1,
        xcom_push=lambda key, value: None,
    )  # fmt: skip
    report_failure({"ti": ti, "exception": error})


def succeed(run_id: str, task_id: str = "take") -> None:
    ti = SimpleNamespace(dag_id="ingest_pages", run_id=run_id, task_id=task_id)
    task_signals.on_task_instance_success(None, ti)


def test_a_failed_task_is_mailed_and_posted_with_its_runbook(told, mailbox) -> None:
    fail("run 1", InboxMissing("inbox", "/in", "Mount it."))
    ((recipients, mail),) = mailbox
    assert recipients == ["editor@example.org", "night@example.org"]
    assert mail["subject"] == "Copydesk: task failed"
    assert mail["from"] == "copydesk@example.org"
    assert f"{PAGE}#alert-task-failed" in mail.get_body(("html",)).get_content()
    (posted,) = told
    assert posted["link"] == f"{PAGE}#alert-task-failed"
    assert "ingest_pages failed at take, run run 1 (InboxMissing)" in posted["text"]


def test_every_mapped_task_and_every_run_that_fails_alike_is_one_alert(told, mailbox) -> None:
    for run in range(3):
        for index in range(4):
            fail(f"run {run}", InboxMissing("inbox", "/in", "Mount it."), map_index=index)
    assert (len(told), len(mailbox)) == (1, 1)


def test_another_error_of_the_same_task_is_another_alert(told) -> None:
    fail("run 1", InboxMissing("inbox", "/in", "Mount it."))
    fail("run 2", ValueError("a story's words"))
    assert len(told) == 2
    assert "words" not in json.dumps(told)


def test_a_closed_gate_is_an_alert_of_its_own_until_a_run_passes(told) -> None:
    error = GateClosed("gate: run.quarantine_rate", 0.6, "Explain it.")
    fail("run 1", error, "gate")
    fail("run 2", error, "gate")
    assert [posted["alert"] for posted in told] == ["gate-closed"]
    succeed("run 3", "gate")
    fail("run 4", error, "gate")
    assert len(told) == 2


def late(run_id: str) -> None:
    queued_at = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    run = {"dag_id": "ingest_pages", "run_id": run_id, "state": "running", "queued_at": queued_at}
    asyncio.run(report_late({"dag_run": run}, deadline_s=3600))


def test_a_missed_deadline_is_sent_from_the_triggerer_once_per_run(told, mailbox) -> None:
    late("run 1")
    late("run 1")  # a restarted triggerer calls again
    late("run 2")
    assert [posted["alert"] for posted in told] == ["run-late", "run-late"]
    assert [mail["subject"] for _, mail in mailbox] == ["Copydesk: run late"] * 2


def test_no_server_fails_no_task_and_the_alert_is_sent_later(told, monkeypatch, caplog) -> None:
    monkeypatch.setenv("COPYDESK_NOTIFY_URL", "none")
    monkeypatch.setenv(
        "AIRFLOW_CONN_SMTP_DEFAULT",
        '{"conn_type": "smtp", "host": "127.0.0.1", "port": 1, "password": "secret"}',
    )
    fail("run 1", InboxMissing("inbox", "/in", "Mount it."))
    assert "no mail was sent" in caplog.text
    assert "secret" not in caplog.text
    monkeypatch.undo()


def test_a_journal_that_cannot_be_written_silences_nothing(told, monkeypatch) -> None:
    def refuse(*_: object) -> bool:
        raise StorageRefused("alerts", "/data/alerts", "Give access.")

    monkeypatch.setattr(Journal, "report", refuse)
    monkeypatch.setattr(Journal, "settle", refuse)
    fail("run 1", InboxMissing("inbox", "/in", "Mount it."))
    late("run 1")
    assert [posted["alert"] for posted in told] == ["task-failed", "run-late"]


def test_a_check_tells_what_is_wrong_once(settings, told) -> None:
    url = read_settings(os.environ).notify_url
    watched = replace(settings, notify_url=url, runbooks=PAGE)
    steps.publish(watched)
    assert alerts.check_home(watched, {}) == "all well"
    shutil.move(settings.warehouse, settings.warehouse.with_suffix(".gone"))
    assert alerts.check_home(watched, {}) == "warehouse-stale: warehouse"
    assert alerts.check_home(watched, {}) == "warehouse-stale: warehouse"
    assert [posted["alert"] for posted in told] == ["warehouse-stale"]

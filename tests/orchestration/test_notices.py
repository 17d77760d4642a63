"""Notices and answers: what goes out to people, and what comes back from them."""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest

from include.orchestration.notices import Notice, report_failure
from include.orchestration.posting import NOWHERE, post_notice
from include.orchestration.review_tasks import LEAVE, NOBODY, read_answer

AT = datetime(2026, 3, 1, 7, tzinfo=UTC)


@pytest.fixture
def desk() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Serve an address that takes notices; give it, and what arrived."""
    arrived: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/secret-path", arrived
        server.shutdown()
        thread.join()


def test_a_question_is_posted_with_its_link(desk) -> None:
    url, arrived = desk
    link = "http://airflow/required_actions"
    operator = SimpleNamespace(
        subject="2 stories set aside by body.length",
        generate_link_to_ui=lambda task_instance: link,
    )
    Notice(url).notify({"task": operator, "ti": object()})
    assert arrived == [{"text": f"2 stories set aside by body.length: {link}", "link": link}]


def test_a_task_that_failed_is_posted(desk, monkeypatch, tmp_path) -> None:
    url, arrived = desk
    monkeypatch.setenv("COPYDESK_NOTIFY_URL", url)
    monkeypatch.setenv("COPYDESK_HOME", str(tmp_path))
    ti = SimpleNamespace(dag_id="d", run_id="r", task_id="t", map_index=-1, try_number=1)
    report_failure({"ti": ti, "exception": ValueError("a story's words")})
    (told,) = arrived
    assert told["text"].startswith("Copydesk: d failed at t, run r (ValueError). ")
    assert told["link"] == "docs/operations.md#alert-task-failed"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/secret", "file:///etc/passwd", "secret"])
def test_an_address_that_fails_is_logged_and_not_shown(url, caplog) -> None:
    with caplog.at_level(logging.ERROR):
        assert post_notice(url, {"text": "x"}) is False
    assert "no notice was posted" in caplog.text
    assert "secret" not in caplog.text
    assert "passwd" not in caplog.text


def test_without_a_url_no_notice_is_posted(caplog) -> None:
    assert post_notice(NOWHERE, {"text": "x"}) is False
    assert not caplog.text


def test_an_answer_is_read_in_airflows_form() -> None:
    told = read_answer(
        {
            "chosen_options": ["Send back"],
            "params_input": {"stories": "1", "note": "why", "corrections": "line 3 starts"},
            "responded_at": AT,
            "responded_by_user": {"id": "7", "name": "an editor"},
        }
    )
    assert (told.decision, told.only, told.note) == ("send_back", "1", "why")
    assert (told.corrections, told.by, told.at) == ("line 3 starts", "an editor", AT)


def test_an_answer_by_the_time_limit_has_no_author() -> None:
    told = read_answer(
        {
            "chosen_options": [LEAVE],
            "params_input": {},
            "responded_at": AT.isoformat(),
            "responded_by_user": None,
        }
    )
    assert (told.decision, told.by, told.at) == ("leave", NOBODY, AT)

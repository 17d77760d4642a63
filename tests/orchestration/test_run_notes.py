"""Notes: what tasks left becomes theirs and the run's, and nothing of a person's is lost."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine, orm, text
from sqlalchemy.exc import OperationalError

from include.orchestration import run_notes


class Session:
    """A session with the XComs and the one run of Airflow's tables."""

    def __init__(self, run: Any, *xcoms: tuple[str, int, str]) -> None:
        self.run, self.xcoms = run, xcoms

    def scalars(self, query: Any) -> Any:
        if "xcom" not in str(query):
            return SimpleNamespace(one=lambda: self.run)
        return [
            SimpleNamespace(task_id=task, map_index=at, value=f'"{text}"')
            for task, at, text in self.xcoms
        ]


def run_of(*tis: Any, note: str | None = None) -> Any:
    return SimpleNamespace(note=note, get_task_instances=lambda session: list(tis))


def task(task_id: str, map_index: int = -1, note: str | None = None) -> Any:
    return SimpleNamespace(task_id=task_id, map_index=map_index, note=note)


def test_what_tasks_left_is_their_note_and_the_runs() -> None:
    tis = [task("gate"), task("land"), task("ask", 0), task("ask", 1)]
    run = run_of(*tis)
    session = Session(run, ("gate", -1, "opened"), ("ask", 1, "asked"))
    run_notes.copy_notes(session, "ingest_pages", "run 1")
    assert [ti.note for ti in tis] == ["opened", None, None, "asked"]
    assert run.note == "opened\nasked"


def test_what_a_person_wrote_stays() -> None:
    gate = task("gate", note="I looked at it")
    run = run_of(gate, note="mine")
    run_notes.copy_notes(Session(run, ("gate", -1, "closed")), "ingest_pages", "run 1")
    assert (gate.note, run.note) == ("I looked at it", "mine")


def test_a_run_without_notes_stays_as_it_is() -> None:
    run = run_of(task("gate"))
    run_notes.copy_notes(Session(run), "ingest_pages", "run 1")
    assert run.note is None


def test_notes_wait_until_the_scheduler_has_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, str]] = []
    monkeypatch.setattr(run_notes, "_write", lambda *which: written.append(which))
    with orm.Session(create_engine("sqlite://")) as session:
        monkeypatch.setattr(orm, "object_session", lambda _: session)
        run_notes.on_dag_run_success(SimpleNamespace(dag_id="ingest_pages", run_id="run 1"))
        assert written == []
        session.execute(text("select 1"))
        session.commit()
        session.commit()
    assert written == [("ingest_pages", "run 1")]


def test_a_run_outside_any_session_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orm, "object_session", lambda _: None)
    run_notes.on_dag_run_failed(SimpleNamespace(dag_id="ingest_pages", run_id="run 1"))


def test_a_note_that_cannot_be_written_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("select", {}, ValueError("gone"))

    monkeypatch.setattr(run_notes, "copy_notes", fail)
    with caplog.at_level(logging.ERROR, "copydesk.notes"):
        run_notes._write("ingest_pages", "run 1")
    assert "the note on run run 1 could not be written: OperationalError" in caplog.text


def test_a_long_note_fits_and_says_that_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: dict[str, str] = {}
    ti = SimpleNamespace(xcom_push=lambda key, value: pushed.update({key: value}))
    monkeypatch.setattr(run_notes, "get_current_context", lambda: {"ti": ti})
    run_notes.leave_note("rule " * 300)
    assert len(pushed[run_notes.KEY]) == run_notes.MAX_CHARS
    assert pushed[run_notes.KEY].endswith(run_notes.CUT)

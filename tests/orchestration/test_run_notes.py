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


def note_of(text: str | None, by: str | None) -> Any:
    return None if text is None else SimpleNamespace(content=text, user_id=by)


def run_of(*tis: Any, note: str | None = None, by: str | None = None) -> Any:
    return SimpleNamespace(
        dag_run_note=note_of(note, by), get_task_instances=lambda session: list(tis)
    )


def task(
    task_id: str,
    map_index: int = -1,
    note: str | None = None,
    by: str | None = None,
    state: str = "success",
) -> Any:
    return SimpleNamespace(
        task_id=task_id, map_index=map_index, state=state, task_instance_note=note_of(note, by)
    )


def copied(run: Any, *xcoms: tuple[str, int, str], reason: str = "") -> tuple[Any, list[Any]]:
    """Copy what tasks left; return the run's note and the tasks'."""
    session = Session(run, *xcoms)
    run_notes.copy_notes(session, "ingest_pages", "run 1", reason)
    notes = [ti.task_instance_note for ti in run.get_task_instances(session)]
    return run.dag_run_note and run.dag_run_note.content, [n and n.content for n in notes]


def test_what_tasks_left_is_their_note_and_the_runs() -> None:
    run = run_of(task("gate"), task("land"), task("ask", 0), task("ask", 1))
    run_note, notes = copied(run, ("gate", -1, "opened"), ("ask", 1, "asked"))
    assert notes == ["opened", None, None, "asked"]
    assert run_note == "opened\nasked"


def test_what_a_person_wrote_stays() -> None:
    run = run_of(task("gate", note="I looked at it", by="ann"), note="mine", by="ann")
    assert copied(run, ("gate", -1, "closed")) == ("mine", ["I looked at it"])


def test_a_run_without_notes_stays_as_it_is() -> None:
    assert copied(run_of(task("gate"))) == (None, [None])


def test_a_task_that_was_killed_says_what_may_have_happened() -> None:
    run = run_of(task("split", 0, state="failed"), task("land", state="upstream_failed"))
    run_note, notes = copied(run)
    assert notes == [f"split failed: {run_notes.NO_ERROR}", None]
    assert run_note == notes[0]


def test_batches_that_failed_alike_are_one_line_of_the_runs_note() -> None:
    run = run_of(*(task("split", at, state="failed") for at in range(40)))
    run_note, notes = copied(run)
    assert len(notes) == 40
    assert run_note == f"split failed: {run_notes.NO_ERROR}"


def test_a_run_that_was_stopped_says_why() -> None:
    run = run_of(task("split", state="skipped"))
    reason = run_notes.RUN_REASONS["timed_out"]
    assert copied(run, reason=reason) == (reason, [None])


def test_what_a_person_stopped_is_not_called_lost() -> None:
    run = run_of(task("split", state="failed"))
    assert copied(run, reason=run_notes.MARKED) == (run_notes.MARKED, [run_notes.MARKED])


def test_after_a_cleared_task_succeeded_the_reason_of_its_failure_is_gone() -> None:
    run = run_of(task("land", note="land failed: x"), note="land failed: x")
    assert copied(run) == (None, [None])
    run = run_of(task("land", note="land failed: x"), note="land failed: x")
    assert copied(run, ("land", -1, "landed")) == ("landed", ["landed"])


@pytest.mark.parametrize(
    ("msg", "reason"),
    [
        ("task_failure", ""),
        ("timed_out", run_notes.RUN_REASONS["timed_out"]),
        ("Dag Run's state was manually set to `failed`.", run_notes.MARKED),
    ],
)
def test_the_reason_of_a_failed_run_is_told_by_what_airflow_says(
    msg: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(run_notes, "show_notes", lambda _, reason: told.append(reason))
    run_notes.on_dag_run_failed(SimpleNamespace(), msg)
    assert told == [reason]


def test_notes_wait_until_the_scheduler_has_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[tuple[str, ...]] = []
    monkeypatch.setattr(run_notes, "_write", lambda *which: written.append(which))
    with orm.Session(create_engine("sqlite://")) as session:
        monkeypatch.setattr(orm, "object_session", lambda _: session)
        run_notes.on_dag_run_success(SimpleNamespace(dag_id="ingest_pages", run_id="run 1"))
        assert written == []
        session.execute(text("select 1"))
        session.commit()
        session.commit()
    assert written == [("ingest_pages", "run 1", "")]


def test_a_run_outside_any_session_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orm, "object_session", lambda _: None)
    run_notes.on_dag_run_failed(SimpleNamespace(dag_id="ingest_pages", run_id="run 1"), "x")


def test_a_note_that_cannot_be_written_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("select", {}, ValueError("gone"))

    monkeypatch.setattr(run_notes, "copy_notes", fail)
    with caplog.at_level(logging.ERROR, "copydesk.notes"):
        run_notes._write("ingest_pages", "run 1", "")
    assert "the note on run run 1 could not be written: OperationalError" in caplog.text


def test_a_long_note_fits_and_says_that_it_was_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    pushed: dict[str, str] = {}
    ti = SimpleNamespace(xcom_push=lambda key, value: pushed.update({key: value}))
    monkeypatch.setattr(run_notes, "get_current_context", lambda: {"ti": ti})
    run_notes.leave_note("rule " * 300)
    assert len(pushed[run_notes.KEY]) == run_notes.MAX_CHARS
    assert pushed[run_notes.KEY].endswith(run_notes.CUT)

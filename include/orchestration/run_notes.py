"""
Notes: what tasks report, and why they failed, shown on the pages of task and run.

A task cannot write its own note (Airflow 3.3 lets only a logged-in user do so), but it can push an
XCom. When a run has ended, this listener copies the XComs to the notes of the tasks and of the run,
and says so where a task failed without one: its process was killed. plugins/copydesk.py registers
it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from airflow.listeners import hookimpl
from airflow.sdk import get_current_context

log = logging.getLogger("copydesk.notes")

KEY = "copydesk_note"
MAX_CHARS = 1000  # the length of Airflow's column
CUT = " … (whole in the task's log)"
NO_ERROR = (
    "no error was reported: its process was killed (often: out of memory), Airflow lost it, or a "
    "person marked it as failed. Its log says which; then clear the task."
)
BY_A_PERSON = "manually set"  # in what Airflow says of a run whose state a person changed
RUN_REASONS = {
    "timed_out": "The run was stopped: it took longer than its DAG's dagrun_timeout. Clear it.",
    "all_tasks_deadlocked": "The run was stopped: none of its tasks could run any more. Clear it.",
}
MARKED = "The run was marked as failed by a person."


def leave_note(text: str, ti: Any = None) -> None:
    """
    Leave a note on a task instance, the current one by default, and on its run.

    The note replaces an earlier one of the same try; it must not contain a story's text.
    """
    shown = text if len(text) <= MAX_CHARS else text[: MAX_CHARS - len(CUT)] + CUT
    (ti or get_current_context()["ti"]).xcom_push(key=KEY, value=shown)


@hookimpl
def on_dag_run_success(dag_run: Any) -> None:
    """Show the notes of a successful run."""
    show_notes(dag_run, "")


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:
    """Show the notes of a failed run, and why it failed if no task did."""
    show_notes(dag_run, MARKED if BY_A_PERSON in msg else RUN_REASONS.get(msg, ""))


def show_notes(dag_run: Any, reason: str) -> None:
    """
    Copy what tasks left to their notes and the run's, unless a person wrote one there.

    Runs after the commit of whoever ended the run, in a separate transaction, so that a note can
    neither fail nor split theirs.
    """
    from sqlalchemy import event
    from sqlalchemy.orm import object_session

    session, dag_id, run_id = object_session(dag_run), dag_run.dag_id, dag_run.run_id
    if session is not None:
        event.listen(session, "after_commit", lambda _: _write(dag_id, run_id, reason), once=True)


def _write(dag_id: str, run_id: str, reason: str) -> None:
    from airflow import settings
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    try:
        with Session(settings.engine) as session, session.begin():  # not Airflow's: that is shared
            copy_notes(session, dag_id, run_id, reason)
    except SQLAlchemyError as exc:
        log.error("the note on run %s could not be written: %s", run_id, type(exc).__name__)


def copy_notes(session: Any, dag_id: str, run_id: str, reason: str) -> None:
    """
    Copy what the tasks of a run left to the notes in Airflow's tables.

    A note of an earlier try, which is still there after a task was cleared, is replaced or removed.

    Args:
        reason: why the run itself failed; empty if a task did, or none.
    """
    from airflow.models.dagrun import DagRun, DagRunNote
    from airflow.models.taskinstance import TaskInstanceNote
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    left = {
        (xcom.task_id, xcom.map_index): str(XComModel.deserialize_value(xcom))
        for xcom in session.scalars(XComModel.get_many(run_id=run_id, dag_ids=dag_id, key=KEY))
    }
    run = session.scalars(select(DagRun).filter_by(dag_id=dag_id, run_id=run_id)).one()
    tis = run.get_task_instances(session=session)
    notes = choose_notes(tis, left, reason)
    for ti in tis:
        _replace(ti, "task_instance_note", TaskInstanceNote, notes.get((ti.task_id, ti.map_index)))
    _replace(run, "dag_run_note", DagRunNote, join_notes([reason, *notes.values()]))


def choose_notes(
    tis: Iterable[Any], left: Mapping[tuple[str, int], str], reason: str
) -> dict[tuple[str, int], str]:
    """Return the notes of tasks by name and map index: what each left, or why it failed."""
    notes = {}
    for ti in tis:
        key = (ti.task_id, ti.map_index)
        if key in left:
            notes[key] = left[key]
        elif ti.state == "failed":
            notes[key] = reason or f"{ti.task_id} failed: {NO_ERROR}"
    return notes


def join_notes(notes: Iterable[str]) -> str:
    """Return different notes, a line each, as one of the length that Airflow stores."""
    return "\n".join(note for note in dict.fromkeys(notes) if note)[:MAX_CHARS]


def _replace(owner: Any, name: str, kind: Any, text: str | None) -> None:
    """Set, replace or remove the note of a task instance or run; a person's stays."""
    note = getattr(owner, name)
    if note is None and text:
        setattr(owner, name, kind(text))
    elif note is not None and note.user_id is None:
        if text:
            note.content = text
        else:
            setattr(owner, name, None)

"""
Notes: what a task reports about its run, shown on the pages of both once the run has ended.

A task cannot write its own note (Airflow 3.3 lets only a logged-in user do so), but it can push an
XCom. When the scheduler reports that a run has ended, this listener copies the XCom to the notes of
its task and of the run. plugins/copydesk.py registers it.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.listeners import hookimpl
from airflow.sdk import get_current_context

log = logging.getLogger("copydesk.notes")

KEY = "copydesk_note"
MAX_CHARS = 1000  # the length of Airflow's column
CUT = " … (whole in the task's log)"


def leave_note(text: str) -> None:
    """Leave a note on the current task and its run; must not contain a story's text."""
    shown = text if len(text) <= MAX_CHARS else text[: MAX_CHARS - len(CUT)] + CUT
    get_current_context()["ti"].xcom_push(key=KEY, value=shown)


@hookimpl
def on_dag_run_success(dag_run: Any) -> None:
    """Show the notes of a successful run."""
    show_notes(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any) -> None:
    """Show the notes of a failed run."""
    show_notes(dag_run)


def show_notes(dag_run: Any) -> None:
    """
    Copy what tasks left to their notes and the run's, unless a person wrote one there.

    Runs after the scheduler's commit, in a separate transaction, so that a note can neither fail
    nor split the scheduler's own.
    """
    from sqlalchemy import event
    from sqlalchemy.orm import object_session

    session, dag_id, run_id = object_session(dag_run), dag_run.dag_id, dag_run.run_id
    if session is not None:
        event.listen(session, "after_commit", lambda _: _write(dag_id, run_id), once=True)


def _write(dag_id: str, run_id: str) -> None:
    from airflow import settings
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    try:
        with Session(settings.engine) as session, session.begin():  # not Airflow's: that is shared
            copy_notes(session, dag_id, run_id)
    except SQLAlchemyError as exc:
        log.error("the note on run %s could not be written: %s", run_id, type(exc).__name__)


def copy_notes(session: Any, dag_id: str, run_id: str) -> None:
    """Copy what the tasks of a run left to the notes in Airflow's tables."""
    from airflow.models.dagrun import DagRun
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    notes = {
        (xcom.task_id, xcom.map_index): str(XComModel.deserialize_value(xcom))
        for xcom in session.scalars(XComModel.get_many(run_id=run_id, dag_ids=dag_id, key=KEY))
    }
    if not notes:
        return
    run = session.scalars(select(DagRun).filter_by(dag_id=dag_id, run_id=run_id)).one()
    for ti in run.get_task_instances(session=session):
        text = notes.get((ti.task_id, ti.map_index))
        if text and not ti.note:
            ti.note = text
    if not run.note:
        run.note = "\n".join(notes.values())[:MAX_CHARS]

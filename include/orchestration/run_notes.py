"""
Notes: what a task says of its run, on the pages of both in Airflow once the run has ended.

A task has no call for a note of its own (Airflow 3.3 lets a logged-in user write one), but it may
push an XCom. The scheduler tells its listeners that a run has ended: then this listener makes the
XCom the note of its task, and of the run. plugins/copydesk.py hangs it in.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.listeners import hookimpl
from airflow.sdk import get_current_context

log = logging.getLogger("copydesk.notes")

KEY = "copydesk_note"
MAX_CHARS = 1000  # of Airflow's column
CUT = " … (whole in the task's log)"


def leave_note(text: str) -> None:
    """Say something of the run, from within a task; holds no text of a story."""
    shown = text if len(text) <= MAX_CHARS else text[: MAX_CHARS - len(CUT)] + CUT
    get_current_context()["ti"].xcom_push(key=KEY, value=shown)


@hookimpl
def on_dag_run_success(dag_run: Any) -> None:
    """Show the notes of a run that went well."""
    show_notes(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any) -> None:
    """Show the notes of a run that failed."""
    show_notes(dag_run)


def show_notes(dag_run: Any) -> None:
    """
    Make what tasks left the notes of these tasks and of the run, unless a person wrote one there.

    Done once the scheduler has committed what it is at, in a transaction of its own: the
    scheduler's must not fail for a note, and may not be divided.
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
        log.error("no note was written on run %s: %s", run_id, type(exc).__name__)


def copy_notes(session: Any, dag_id: str, run_id: str) -> None:
    """Copy what the tasks of a run left to the notes of Airflow's tables."""
    from airflow.models.dagrun import DagRun
    from airflow.models.xcom import XComModel
    from sqlalchemy import select

    left = {
        (found.task_id, found.map_index): str(XComModel.deserialize_value(found))
        for found in session.scalars(XComModel.get_many(run_id=run_id, dag_ids=dag_id, key=KEY))
    }
    if not left:
        return
    run = session.scalars(select(DagRun).filter_by(dag_id=dag_id, run_id=run_id)).one()
    for ti in run.get_task_instances(session=session):
        text = left.get((ti.task_id, ti.map_index))
        if text and not ti.note:
            ti.note = text
    if not run.note:
        run.note = "\n".join(left.values())[:MAX_CHARS]

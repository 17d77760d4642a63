"""A run that failed can be cleared, task by task, and is late only by what it was given."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from include.config.settings import ROOT

FOLDER = ROOT / "dags"
DAGS = sorted(path.stem for path in FOLDER.glob("*.py") if path.name != "assets.py")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Give a session of Airflow's database in which the DAGs are stored, as it runs them."""
    from airflow import settings
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import DagBag, sync_bag_to_db
    from airflow.utils.db import initdb

    initdb()
    DagBundlesManager().sync_bundles_to_db()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        bag = DagBag(FOLDER, bundle_path=FOLDER, bundle_name="dags-folder")
        assert not bag.import_errors
        sync_bag_to_db(bag, "dags-folder", None)
        assert settings.Session is not None
        with settings.Session() as session:
            yield session


def make_run(session: Any, dag_id: str) -> Any:
    """Queue a run as the scheduler does, so that its deadline is stored."""
    from airflow._shared.timezones import timezone
    from airflow.models.dagbag import DBDagBag
    from airflow.utils.state import DagRunState
    from airflow.utils.types import DagRunTriggeredByType, DagRunType

    dag = DBDagBag().get_latest_version_of_dag(dag_id, session=session)
    assert dag is not None
    run = dag.create_dagrun(
        run_id=f"manual__{uuid.uuid4()}",
        run_after=timezone.utcnow(),
        run_type=DagRunType.MANUAL,
        triggered_by=DagRunTriggeredByType.TEST,
        state=DagRunState.QUEUED,
        session=session,
    )
    session.flush()
    return run


@pytest.mark.parametrize("dag_id", DAGS)
def test_every_task_of_a_failed_run_can_be_cleared(session: Any, dag_id: str) -> None:
    from airflow.models.taskinstance import clear_task_instances
    from airflow.utils.state import DagRunState, TaskInstanceState

    run = make_run(session, dag_id)
    tasks = run.get_task_instances(session=session)
    assert tasks
    for ti in tasks:
        ti.state, run.state = TaskInstanceState.FAILED, DagRunState.FAILED
        session.flush()
        clear_task_instances([ti], session)
        session.flush()
        assert (ti.state, run.state) == (None, DagRunState.QUEUED)


@pytest.mark.parametrize("dag_id", DAGS)
def test_a_run_is_late_by_the_time_since_it_was_queued(session: Any, dag_id: str) -> None:
    from airflow.models.deadline import Deadline
    from sqlalchemy import select

    run = make_run(session, dag_id)
    (deadline,) = session.scalars(select(Deadline).filter_by(dagrun_id=run.id))
    given_s = deadline.callback.data["kwargs"]["deadline_s"]
    assert deadline.deadline_time - run.queued_at == timedelta(seconds=given_s)


def test_deadlines_that_an_earlier_copydesk_stored_can_be_cleared_too(session: Any) -> None:
    from airflow.models.deadline_alert import DeadlineAlert
    from sqlalchemy import select

    from include.orchestration.deadlines import BROKEN, replace_references

    alerts = session.scalars(select(DeadlineAlert)).all()
    ours = {str(alert.reference) for alert in alerts}
    assert len(ours) == 1
    for alert in alerts:
        alert.reference = {"reference_type": BROKEN}
    session.flush()
    assert replace_references(session) == len(alerts)
    session.flush()
    assert {str(alert.reference) for alert in session.scalars(select(DeadlineAlert))} == ours
    assert replace_references(session) == 0

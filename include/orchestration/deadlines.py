"""
When a run is late: so many seconds after it was queued.

Airflow 3.3.2's own reference for this, `DAGRUN_QUEUED_AT`, makes every clearing of such a run fail
with HTTP 500 (apache/airflow#70368), so this module brings another. plugins/copydesk.py registers
it. A run that is cleared keeps its deadline; `notices.report_late` checks whether it is late.

    python -m include.orchestration.deadlines

changes the reference of the DAG versions that an earlier Copydesk stored in Airflow's database.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk.definitions.deadline import BaseDeadlineReference

BROKEN = "DagRunQueuedAtDeadline"


class RunQueuedAt(BaseDeadlineReference):
    """The time at which a run was queued first; None for a run that never was."""

    required_kwargs = frozenset({"dag_id", "run_id"})

    def _evaluate_with(self, *, session: Any, dag_id: str, run_id: str) -> Any:
        from airflow.models.dagrun import DagRun
        from sqlalchemy import select

        return session.scalar(select(DagRun.queued_at).filter_by(dag_id=dag_id, run_id=run_id))


def replace_references(session: Any) -> int:
    """Give stored alerts that use Airflow's reference this one; return how many there were."""
    from airflow.models.deadline_alert import DeadlineAlert
    from airflow.serialization.encoders import encode_deadline_reference
    from sqlalchemy import select

    ours = encode_deadline_reference(RunQueuedAt())
    alerts = session.scalars(select(DeadlineAlert)).all()
    broken = [alert for alert in alerts if alert.reference["reference_type"] == BROKEN]
    for alert in broken:
        alert.reference = ours
    return len(broken)


if __name__ == "__main__":
    from airflow import settings
    from sqlalchemy.orm import Session

    from include.orchestration import deadlines  # a class of `__main__` could not be found again

    with Session(settings.engine) as own, own.begin():
        print("deadlines replaced:", deadlines.replace_references(own))

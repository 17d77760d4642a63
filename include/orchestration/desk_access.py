"""
Who uses the Story Desk inside Airflow: its logged-in users, with the permissions they have there.

A user who may see task instances of `ingest_pages` reads; one who may answer the questions of
`review_quarantine` may also correct pages and decide on quarantined stories; one who may answer
those of `resplit_history` may also approve re-splits.
"""

from __future__ import annotations

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.configuration import conf
from fastapi import Request

READ, REVIEW = DagDetails(id="ingest_pages"), DagDetails(id="review_quarantine")
APPROVE = DagDetails(id="resplit_history")


async def find_user(user: GetUserDep) -> tuple[str, bool, bool, bool]:
    """Return the name of Airflow's user, and whether they may read, write and approve."""
    manager = get_auth_manager()

    def may_answer(dag: DagDetails) -> bool:
        answer = DagAccessEntity.HITL_DETAIL
        allowed: bool = manager.is_authorized_dag(
            method="PUT", access_entity=answer, details=dag, user=user
        )
        return allowed

    may_read = manager.is_authorized_dag(
        method="GET", access_entity=DagAccessEntity.TASK_INSTANCE, details=READ, user=user
    )
    return user.get_name(), may_read, may_answer(REVIEW), may_answer(APPROVE)


def login_url(request: Request) -> str:
    """Return where a person logs in to Airflow, and comes back from."""
    url: str = get_auth_manager().get_url_login(next_url=str(request.url))
    return url


def form_secret() -> bytes:
    """Return the secret that all web servers of one Airflow share."""
    return str(conf.get("api", "secret_key")).encode()

"""
Answer re-splits from the Story Desk: through Airflow's own API, inside the same server, with the
login of the user who sent the request. Airflow checks the permission and writes its audit log, and
`resplit_history` goes on as after an answer under *Required Actions*.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import HTTPException, Request

from include.errors import UsageWrong
from include.orchestration.links import AIRFLOW_APP, DESK_PREFIX
from include.orchestration.resplit_tasks import APPROVE, REFUSE
from include.orchestration.run_ids import join_name

DAG, TASK = "resplit_history", "approve"
CREDENTIALS = ("authorization", "cookie")
OPEN = {"state": "awaiting_input", "response_received": "false", "task_id": TASK, "limit": "50"}
READING_S = 5.0  # Airflow 3.3 fails a task that is answered the second it begins to wait
ANSWERED = "It has been answered, or Airflow has not asked yet. Reload the page."


class AirflowApprovals:
    """What `include.desk.approvals.Approvals` describes."""

    async def list_waiting(self, request: Request) -> list[str]:
        """Return the run ids of the re-splits that wait, newest first; none if not permitted."""
        return list(await _list_open(request))

    async def answer(self, request: Request, run_id: str, is_approved: bool) -> None:
        """Answer a question that is open."""
        asked_at = (await _list_open(request)).get(run_id)
        if asked_at is None:
            raise UsageWrong("re-split", run_id, ANSWERED)
        age_s = (datetime.now(UTC) - asked_at).total_seconds()
        await asyncio.sleep(min(max(READING_S - age_s, 0.0), READING_S))
        dag_run = quote(run_id.removeprefix(join_name(DAG, "")), safe="")
        path = f"/dags/{DAG}/dagRuns/{dag_run}/taskInstances/{TASK}/-1/hitlDetails"
        answer = {"chosen_options": [APPROVE if is_approved else REFUSE], "params_input": {}}
        response = await _call(request, "PATCH", path, json=answer)
        if response.status_code == 409:
            raise UsageWrong("re-split", run_id, ANSWERED)
        _check(response)


async def _list_open(request: Request) -> Mapping[str, datetime]:
    """Return when each open question was asked, by run id, newest first."""
    path = f"/dags/{DAG}/dagRuns/~/hitlDetails"
    response = await _call(request, "GET", path, params={**OPEN, "order_by": "-created_at"})
    if response.status_code in (403, 404):  # 404: the DAG has not been read yet
        return {}
    _check(response)
    questions = [
        (question["task_instance"], datetime.fromisoformat(question["created_at"]))
        for question in response.json()["hitl_details"]
    ]
    return {join_name(task["dag_id"], task["dag_run_id"]): at for task, at in questions}


async def _call(request: Request, method: str, path: str, **more: Any) -> httpx.Response:
    """Send a request to Airflow's API within this process, with the user's own credentials."""
    prefix = str(request.scope.get("root_path", "")).removesuffix(DESK_PREFIX)
    headers = {name: request.headers[name] for name in CREDENTIALS if name in request.headers}
    transport = httpx.ASGITransport(app=request.scope[AIRFLOW_APP], raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=str(request.base_url.replace(path="/")), headers=headers
    ) as client:
        return await client.request(method, f"{prefix}/api/v2{path}", **more)


def _check(response: httpx.Response) -> None:
    """
    Pass on what Airflow refuses.

    Raises:
        HTTPException: with Airflow's status and reason.
    """
    if response.is_success:
        return
    try:
        reason = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        reason = response.reason_phrase
    raise HTTPException(response.status_code, f"Airflow says: {reason}")

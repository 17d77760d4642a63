"""Answers from the desk reach Airflow's own API with the login of the user who gave them."""

import asyncio
import warnings
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI, HTTPException, Request

from include.errors import UsageWrong
from include.orchestration.links import AIRFLOW_APP, DESK_PREFIX

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Airflow's server imports what its own libraries deprecate
    from include.orchestration import desk_approvals
    from include.orchestration.desk_approvals import AirflowApprovals

RUN_ID = "manual__2026-03-04T12:00:00+00:00"
RUN = f"resplit_history/{RUN_ID}"
HITL = "/api/v2/dags/resplit_history/dagRuns"


class Airflow:
    """Airflow's API as far as the desk calls it, and the desk below its prefix."""

    def __init__(self, status=200, asked_at="2026-03-04T12:00:00Z"):
        self.app, self.calls, self.status = FastAPI(), [], status
        desk = FastAPI()

        @self.app.get(HITL + "/~/hitlDetails")
        def list_details(request: Request):
            self.calls.append(("GET", dict(request.query_params), request.cookies.get("_token")))
            task = {"dag_id": "resplit_history", "dag_run_id": RUN_ID}
            return {"hitl_details": [{"task_instance": task, "created_at": asked_at}]}

        @self.app.patch(HITL + "/{run_id}/taskInstances/approve/-1/hitlDetails")
        async def answer(request: Request, run_id: str):
            self.calls.append((run_id, await request.json(), request.cookies.get("_token")))
            if self.status != 200:
                raise HTTPException(self.status, "no")

        @desk.get("/answer")
        async def from_the_desk(request: Request, run: str):
            try:
                await AirflowApprovals().answer(request, run, True)
            except UsageWrong as error:
                raise HTTPException(422) from error

        async def mounted(scope, receive, send):
            await desk({**scope, AIRFLOW_APP: scope["app"]}, receive, send)

        self.app.mount(DESK_PREFIX, mounted)

    def ask(self, run, prefix=""):
        async def get():
            transport = httpx.ASGITransport(app=self.app)
            cookies = {"_token": "jwt"}
            async with httpx.AsyncClient(
                transport=transport, base_url="http://airflow", cookies=cookies
            ) as client:
                return await client.get(f"{prefix}{DESK_PREFIX}/answer", params={"run": run})

        self.app.root_path = prefix
        return asyncio.run(get())


@pytest.mark.parametrize("prefix", ["", "/airflow"])
def test_an_answer_goes_to_the_question_of_its_run(prefix):
    airflow = Airflow()
    assert airflow.ask(RUN, prefix).status_code == 200
    (listed, answered) = airflow.calls
    assert listed[1]["state"] == "awaiting_input"
    assert answered == (RUN_ID, {"chosen_options": ["Approve"], "params_input": {}}, "jwt")


def test_a_question_that_was_just_asked_is_answered_a_little_later(monkeypatch):
    pauses = []

    async def pause(seconds):
        pauses.append(seconds)

    monkeypatch.setattr(desk_approvals.asyncio, "sleep", pause)
    Airflow(asked_at=datetime.now(UTC).isoformat()).ask(RUN)
    assert 4.0 < pauses[0] <= 5.0


def test_only_an_open_question_is_answered():
    airflow = Airflow()
    assert airflow.ask("resplit_history/another").status_code == 422
    assert len(airflow.calls) == 1


@pytest.mark.parametrize(("status", "shown"), [(403, 403), (409, 422), (500, 500)])
def test_what_airflow_refuses_is_passed_on(status, shown):
    assert Airflow(status).ask(RUN).status_code == shown

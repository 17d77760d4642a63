"""A real Airflow: a backfill splits chosen days again, and a person approves (a minute or two)."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.config.settings import ROOT, Settings, read_settings
from include.pipeline import steps
from include.pipeline.comparisons import list_unsettled
from include.pipeline.corrections import correct
from include.review.corrections import Word
from include.standalone.api import AirflowApi, AirflowRefused
from include.standalone.environment import airflow_home
from include.standalone.processes import read_state
from include.warehouse.read import run_query
from tests.airflow.test_real_airflow import READING_S, free_port, local, wait_for
from tests.pipeline.pages import GOOD, ingest

pytestmark = pytest.mark.airflow

DAG = "resplit_history"
LANDED = datetime.now(UTC).replace(hour=6) - timedelta(days=3)
IDLE = LANDED + timedelta(days=1)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a home in which a page landed days ago that would be split otherwise now."""
    home = tmp_path_factory.mktemp("resplit")
    settings = read_settings({"COPYDESK_PORT": str(free_port())}, home=home)
    settings.inbox.mkdir()
    (settings.inbox / "a.txt").write_text(GOOD, encoding="utf-8")
    ingest(replace(settings, settle_s=0.0), "long ago", LANDED)
    correct(settings, ["line 7 starts"], "a.txt", Word("an editor", LANDED))
    steps.publish(settings)
    return settings


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[AirflowApi]:
    assert local(settings, "up").returncode == 0
    state = read_state(airflow_home(settings))
    assert state is not None
    yield AirflowApi(f"http://127.0.0.1:{state.port}", airflow_home(settings))
    local(settings, "down")


def backfill(settings: Settings, *words: str) -> bool:
    """Backfill both days as a person would at a terminal; false where SQLite was busy."""
    days = ["--from-date", f"{LANDED:%Y-%m-%d}", "--to-date", f"{IDLE:%Y-%m-%d}"]
    airflow = [sys.executable, "-m", "include.standalone.commands", "airflow"]
    done = subprocess.run(
        [*airflow, "--home", str(settings.home),
         "backfill", "create", "--dag-id", DAG, *days, *words],
        env={"PATH": "/usr/bin:/bin", "COPYDESK_PORT": str(settings.port)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )  # fmt: skip
    told = done.stdout + done.stderr
    assert done.returncode == 0 or "database is locked" in told or "AlreadyRunning" in told, told
    return "database is locked" not in told


def runs_by_day(api: AirflowApi) -> dict[str, dict[str, Any]]:
    runs = api.get(f"/api/v2/dags/{DAG}/dagRuns")["dag_runs"]
    return {run["logical_date"][:10]: run for run in runs if run["run_type"] == "backfill"}


def states(api: AirflowApi, run_id: str) -> dict[str, str]:
    return {task["task_id"]: task["state"] for task in api.get_tasks(DAG, run_id)}


def approve(api: AirflowApi, run_id: str) -> bool:
    """
    Approve what is asked; say whether the run has ended well.

    Airflow 3.3 fails a task whose answer comes within the second it takes to note that it waits,
    and asks again: a person reads first.
    """
    if states(api, run_id).get("approve") == "awaiting_input":
        time.sleep(READING_S)
        with suppress(AirflowRefused):  # answered already
            answer = {"chosen_options": ["Approve"], "params_input": {}}
            api.answer(DAG, run_id, "approve/-1", answer)
    return bool(api.get_run(DAG, run_id)["state"] == "success")


def test_a_backfill_splits_its_days_again_once_a_person_approves(
    settings: Settings, api: AirflowApi
) -> None:
    wait_for(lambda: DAG in {dag["dag_id"] for dag in api.get("/api/v2/dags")["dags"]})
    wait_for(lambda: backfill(settings, "--dag-run-conf", '{"only_older": false}'))
    landed, idle = f"{LANDED:%Y-%m-%d}", f"{IDLE:%Y-%m-%d}"
    wait_for(lambda: runs_by_day(api).keys() == {landed, idle})
    run_id = runs_by_day(api)[landed]["dag_run_id"]
    wait_for(lambda: states(api, run_id).get("approve") == "awaiting_input")
    wait_for(lambda: runs_by_day(api)[idle]["state"] == "success")
    assert states(api, runs_by_day(api)[idle]["dag_run_id"])["publish"] == "skipped"
    (compared,) = list_unsettled(settings.receipts)
    assert compared.run_id == f"{DAG}/{run_id}"
    assert any("Harbour Votes" in (found.headline_after or "") for found in compared.examples)
    count = "select count(*) as stories from stories"
    assert run_query(settings.warehouse, count).to_pylist() == [{"stories": 1}]

    wait_for(lambda: approve(api, run_id))

    assert set(states(api, run_id).values()) == {"success"}
    assert run_query(settings.warehouse, count).to_pylist() == [{"stories": 2}]
    told = run_query(settings.warehouse, "select decision, decided_by from quality.resplits")
    assert told.to_pylist() == [{"decision": "approved", "decided_by": "admin"}]


def test_a_dry_run_asks_nobody_and_is_in_the_table(settings: Settings, api: AirflowApi) -> None:
    conf = {"days": "all", "only_older": False, "dry_run": True}
    run_id = api.start_run(DAG, conf)
    wait_for(lambda: api.get_run(DAG, run_id)["state"] == "success")
    done = states(api, run_id)
    assert (done["compare"], done["approve"], done["land"]) == ("success", "skipped", "skipped")
    assert run_query(settings.warehouse, "select 1 from stories").num_rows == 2

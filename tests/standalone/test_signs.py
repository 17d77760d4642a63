"""Signs: what waits without a reason is seen, and what waits with one is not."""

import math
from typing import Any

import pytest

from include.standalone.signs import read_idle, read_newest_start, read_queued, read_signs

WELL = {
    name: {"status": "healthy"}
    for name in ("metadatabase", "scheduler", "triggerer", "dag_processor")
}


class Api:
    """An API that gives prepared answers by the beginning of the path."""

    def __init__(self, health: Any = None, **answers: Any) -> None:
        self.told = {"health": {**WELL, **(health or {})}, **answers}

    def health(self) -> Any:
        return self.told["health"]

    def get(self, path: str) -> Any:
        name = path.partition("?")[0].rpartition("/")[2]
        return self.told.get(name, {"task_instances": [], "dag_runs": [], "dags": []})

    def get_tasks(self, dag_id: str, run_id: str) -> Any:
        return self.told["tasks"]


def task(state: str | None, **facts: Any) -> dict[str, Any]:
    times = dict.fromkeys(("queued_when", "scheduled_when", "start_date", "end_date"))
    names = {"id": "1", "dag_id": "ingest_pages", "task_id": "take", "dag_run_id": "r",
             "try_number": 1}  # fmt: skip
    return {**names, **times, "state": state, **facts}


def run(state: str, dag_id: str = "ingest_pages", run_id: str = "r", **facts: Any) -> Any:
    return {"dag_id": dag_id, "dag_run_id": run_id, "state": state, "start_date": None, **facts}


def test_a_queued_task_is_a_sign_until_it_is_queued_anew() -> None:
    queued = task("queued", queued_when="2026-01-01T00:00:00Z")
    (first,) = read_queued([queued, task("running", id="2")])
    (again,) = read_queued([queued])
    (anew,) = read_queued([queued | {"try_number": 2}])
    assert first.key == again.key != anew.key
    assert first.remedies == ("scheduler",)
    assert "ingest_pages.take" in first.what


@pytest.mark.parametrize(
    "state", ["running", "awaiting_input", "deferred", "up_for_retry", "restarting"]
)
def test_a_run_that_waits_for_something_is_no_sign(state: str) -> None:
    assert list(read_idle([run("running")], {"r": [task("success"), task(state)]})) == []


@pytest.mark.parametrize("state", [None, "scheduled", "success", "failed"])
def test_a_run_in_which_nothing_happens_is_a_sign_until_something_does(state: str | None) -> None:
    (before,) = read_idle([run("running")], {"r": [task(state)]})
    (after,) = read_idle([run("running")], {"r": [task(state, end_date="2026-01-01T00:00:00Z")]})
    assert before.key != after.key
    assert "Nothing happens in the running run r of ingest_pages." in before.what


def test_a_queued_run_is_a_sign_unless_another_of_its_dag_runs() -> None:
    runs = [run("queued"), run("running", run_id="other")]
    own = {"r": [], "other": [task("awaiting_input")]}
    assert list(read_idle(runs, own)) == []
    assert len(list(read_idle(runs[:1], own))) == 1


def test_an_idle_airflow_gives_no_sign() -> None:
    assert list(read_signs(Api())) == []


def test_a_component_without_a_heartbeat_is_a_sign_with_its_own_remedy() -> None:
    (sign,) = read_signs(Api({"dag_processor": {"status": "unhealthy"}}))
    assert sign.remedies == ("dag-processor",)
    assert list(read_signs(Api({"metadatabase": {"status": "unhealthy"}}))) == []


def test_runs_of_a_paused_dag_do_not_count_and_neither_do_runs_beside_a_busy_one() -> None:
    idle = {"dag_runs": [run("running")]}
    assert len(list(read_signs(Api(dagRuns=idle, tasks=[task(None)])))) == 1
    paused = {"dags": [{"dag_id": "ingest_pages"}]}
    assert list(read_signs(Api(dagRuns=idle, tasks=[task(None)], dags=paused))) == []
    busy = {"task_instances": [task("running")]}
    assert list(read_signs(Api(dagRuns=idle, tasks=[task(None)], taskInstances=busy))) == []


@pytest.mark.parametrize(
    ("is_paused", "runs", "at"),
    [
        (False, [], 0.0),
        (False, [run("failed", start_date="1970-01-01T00:00:09Z")], 9.0),
        (False, [run("queued")], math.inf),
        (False, [run("success"), run("running")], math.inf),
        (True, [], math.inf),
    ],
)
def test_files_wait_with_reason_while_a_run_is_on_its_way(
    is_paused: bool, runs: Any, at: float
) -> None:
    api = Api(ingest_pages={"is_paused": is_paused}, dagRuns={"dag_runs": runs})
    assert read_newest_start(api, "ingest_pages") == at

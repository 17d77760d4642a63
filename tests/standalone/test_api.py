"""Asking Airflow: a request without an answer is repeated, and starts one run all the same."""

from pathlib import Path
from typing import Any

import pytest

from include.standalone.api import TRIES, AirflowApi, AirflowRefused, AirflowSilent


class Slow(AirflowApi):
    """An API that does not answer the first questions."""

    def __init__(self, unanswered: int) -> None:
        super().__init__("http://airflow", Path("home"))
        self.unanswered, self.asked = unanswered, 0

    def _ask_as_admin(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        self.asked += 1
        if self.asked <= self.unanswered:
            raise AirflowSilent(self.base, "timed out", "Run `make doctor`.")
        return {"state": "running"}


def test_a_run_is_asked_for_again_while_airflow_is_silent() -> None:
    api = Slow(TRIES - 1)
    assert api.get_run("ingest_pages", "run 1") == {"state": "running"}


def test_an_airflow_that_does_not_answer_is_an_error() -> None:
    api = Slow(TRIES)
    with pytest.raises(AirflowSilent, match="make doctor"):
        api.get_run("ingest_pages", "run 1")
    assert api.asked == TRIES


class Late(AirflowApi):
    """An API that starts each run, and whose first answers are lost."""

    def __init__(self, lost: int) -> None:
        super().__init__("http://airflow", Path("home"))
        self.lost, self.asked = lost, 0
        self.runs: list[str] = []

    def _ask_as_admin(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        assert body is not None
        self.asked += 1
        if body["dag_run_id"] in self.runs:
            raise AirflowRefused(f"{method} {path}", 409, "there is one")
        self.runs.append(body["dag_run_id"])
        if self.asked <= self.lost:
            raise AirflowSilent(self.base, "timed out", "Run `make doctor`.")
        return {"dag_run_id": body["dag_run_id"]}


@pytest.mark.parametrize("lost", [0, 1])
def test_a_run_whose_answer_is_lost_is_started_once(lost: int) -> None:
    api = Late(lost)
    assert [api.start_run("ingest_pages", {})] == api.runs


def test_a_run_that_is_refused_is_an_error() -> None:
    class Refusing(AirflowApi):
        def _ask_as_admin(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
            raise AirflowRefused(f"{method} {path}", 409, "the DAG takes no more runs")

    with pytest.raises(AirflowRefused):
        Refusing("http://airflow", Path("home")).start_run("ingest_pages", {})


def test_a_run_that_nobody_answers_for_is_an_error() -> None:
    api = Slow(TRIES)
    with pytest.raises(AirflowSilent, match="make doctor"):
        api.start_run("ingest_pages", {})
    assert api.asked == TRIES

"""Asking Airflow: a slow answer is waited for, a question that changes something is put once."""

from pathlib import Path
from typing import Any

import pytest

from include.standalone.api import TRIES, AirflowApi, AirflowSilent


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


def test_a_run_is_started_once() -> None:
    api = Slow(1)
    with pytest.raises(AirflowSilent):
        api.start_run("ingest_pages", {})
    assert api.asked == 1

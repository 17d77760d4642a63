"""
A client of the embedded Airflow's REST API. Standard library only, since it runs at every start.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from include.errors import Permanent, Transient

TIMEOUT_S = 15.0
TRIES = 4  # one slow answer must not end the display of a run
USER = "admin"
FAILED = {"state": "failed"}


class AirflowSilent(Transient):
    """Airflow's API server does not answer."""

    problem = "Airflow does not answer there."


class AirflowRefused(Permanent):
    """Airflow's API server refused a request."""

    problem = "Airflow refused this request."


@dataclass
class AirflowApi:
    """The API at `base`; logs in on first use, as the admin whose password is in `home`."""

    base: str
    home: Path
    token: str | None = field(default=None, repr=False)

    def health(self) -> dict[str, Any]:
        """Return every component's health from the body; the status code is always 200."""
        answer: dict[str, Any] = self._ask("GET", "/api/v2/monitor/health", None)
        return answer

    def get(self, path: str) -> Any:
        """Return the response to a GET of `/api/v2/…`; retries a server that does not answer."""
        for _ in range(TRIES - 1):
            try:
                return self._ask_as_admin("GET", path, None)
            except AirflowSilent:
                continue
        return self._ask_as_admin("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Return the response to a POST."""
        return self._ask_as_admin("POST", path, body)

    def answer(self, dag_id: str, run_id: str, task: str, answer: dict[str, Any]) -> None:
        """Answer the question of a mapped task, `task_id/map_index`, as a person would."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances/{task}/hitlDetails"
        self._ask_as_admin("PATCH", path, answer)

    def start_run(self, dag_id: str, conf: dict[str, Any]) -> str:
        """
        Start a run of a DAG; return its id.

        The id is chosen here: a request whose answer is lost is repeated, and still starts one run.
        """
        run_id = f"manual__{datetime.now(UTC).isoformat()}_{token_hex(4)}"
        run = {"dag_run_id": run_id, "logical_date": None, "conf": conf}
        for attempt in range(1, TRIES + 1):
            try:
                self.post(f"/api/v2/dags/{dag_id}/dagRuns", run)
            except AirflowSilent:
                if attempt == TRIES:
                    raise
            except AirflowRefused as exc:
                if attempt == 1 or exc.value != HTTPStatus.CONFLICT:
                    raise
                break  # an attempt without an answer had started it
            else:
                break
        return run_id

    def fail_run(self, dag_id: str, run_id: str) -> None:
        """Mark a run as failed, which stops its running tasks."""
        self._ask_as_admin("PATCH", f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}", FAILED)

    def get_run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """Return a run."""
        run: dict[str, Any] = self.get(f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}")
        return run

    def get_tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Return a run's task instances."""
        path = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances?limit=500"
        tasks: list[dict[str, Any]] = self.get(path)["task_instances"]
        return tasks

    def password(self) -> str:
        """Return the admin's password, which the API server created on its first start."""
        passwords: dict[str, str] = json.loads((self.home / "passwords.json").read_text())
        return passwords[USER]

    def _ask_as_admin(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        if self.token is None:
            login = {"username": USER, "password": self.password()}
            self.token = self._ask("POST", "/auth/token", login)["access_token"]
        return self._ask(method, path, body)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({})
        )  # never through a proxy
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as exc:
            message = exc.read().decode("utf-8", "replace")[:500]
            raise AirflowRefused(f"{method} {path}", exc.code, message) from exc
        except (OSError, HTTPException, ValueError) as exc:
            raise AirflowSilent(self.base, str(exc), "Run `make doctor`.") from exc

"""
The Airflow plugin: the Story Desk in the navigation and on runs, notes and deadlines of runs. Every
Airflow process imports this module, so heavy imports wait until needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from include.orchestration import run_notes, task_signals
from include.orchestration.deadlines import RunQueuedAt
from include.orchestration.links import AIRFLOW_APP, DESK_PREFIX, DESK_ROUTE

THIS_RUN = f"{DESK_PREFIX}/run?dag={{DAG_ID}}&run={{RUN_ID}}"


class LazyApp:
    """An ASGI app that is created on its first request."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._app = make, None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request; the app finds Airflow's own app in its scope."""
        if self._app is None:
            self._app = self._make()
        await self._app({**scope, AIRFLOW_APP: scope.get("app")}, receive, send)


def make_desk() -> Any:
    """Return the Story Desk, for the users of this Airflow."""
    from fastapi import Depends

    from include.config.settings import read_settings
    from include.desk.access import User
    from include.desk.app import make_app
    from include.orchestration.desk_access import find_user, form_secret, login_url
    from include.orchestration.desk_approvals import AirflowApprovals

    def identify_user(found: Any = Depends(find_user)) -> User:  # noqa: B008  # FastAPI's shape
        return User(*found)

    return make_app(
        read_settings(os.environ), identify_user, form_secret(), login_url, AirflowApprovals()
    )


class AddSlash:
    """ASGI middleware that adds a slash to the bare prefix of the desk: a mount needs it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Redirect a request for the bare prefix; pass all others on."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or path != DESK_PREFIX:
            await self._app(scope, receive, send)
            return
        # Relative, so that it also holds where Airflow is served below another path.
        headers = [(b"location", f"{path.strip('/')}/".encode())]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class CopydeskPlugin(AirflowPlugin):
    """Registers pages and where they show, listeners (notes, metrics, alerts), and late runs."""

    name = "copydesk"
    fastapi_apps = [  # noqa: RUF012  # Airflow's shape
        {"app": LazyApp(make_desk), "url_prefix": DESK_PREFIX, "name": "Story Desk"},
    ]
    fastapi_root_middlewares = [  # noqa: RUF012
        {"middleware": AddSlash, "name": "Story Desk without a slash"}
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "Copydesk",
            "href": f"{DESK_PREFIX}/",
            "destination": "nav",
            "url_route": DESK_ROUTE,
            "nav_top_level": True,
            "icon": f"{DESK_PREFIX}/static/icon.svg",
        },
        {
            "name": "Stories",
            "href": f"{DESK_PREFIX}/dag?dag={{DAG_ID}}",
            "destination": "dag",
            "url_route": "copydesk-dag",
        },
        {
            "name": "Stories",
            "href": THIS_RUN,
            "destination": "dag_run",
            "url_route": "copydesk-run",
        },
        {
            "name": "Stories",
            "href": f"{THIS_RUN}&task={{TASK_ID}}",
            "destination": "task_instance",
            "url_route": "copydesk-task",
        },
    ]
    listeners = [run_notes, task_signals]  # noqa: RUF012
    deadline_references = [RunQueuedAt]  # noqa: RUF012

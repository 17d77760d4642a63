"""
The Airflow plugin: the Story Desk in the navigation and on runs, Data Docs pages, notes and
deadlines of runs. Every Airflow process imports this module, so heavy imports wait until needed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from include.orchestration import run_notes, task_signals
from include.orchestration.deadlines import RunQueuedAt
from include.orchestration.links import DATA_DOCS_PREFIX, DESK_PREFIX

THIS_RUN = f"{DESK_PREFIX}/run?dag={{DAG_ID}}&run={{RUN_ID}}"


class LazyApp:
    """An ASGI app that is created on its first request."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._app = make, None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        if self._app is None:
            self._app = self._make()
        await self._app(scope, receive, send)


def make_data_docs() -> Any:
    """Return the app of the Data Docs pages."""
    from include.config.settings import read_settings
    from include.orchestration.data_docs_pages import make_app

    return make_app(read_settings(os.environ).data_docs)


def make_desk() -> Any:
    """Return the Story Desk, for the users of this Airflow."""
    from fastapi import Depends

    from include.config.settings import read_settings
    from include.desk.access import User
    from include.desk.app import make_app
    from include.orchestration.desk_access import find_user, form_secret, login_url

    def identify_user(found: Any = Depends(find_user)) -> User:  # noqa: B008  # FastAPI's shape
        return User(*found)

    return make_app(read_settings(os.environ), identify_user, form_secret(), login_url)


class AddSlash:
    """ASGI middleware that adds the slash to a bare prefix: a mount answers only with it."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Redirect a request for a bare prefix; pass all others on."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or path not in (DATA_DOCS_PREFIX, DESK_PREFIX):
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
        {"app": LazyApp(make_data_docs), "url_prefix": DATA_DOCS_PREFIX, "name": "Data Docs"},
        {"app": LazyApp(make_desk), "url_prefix": DESK_PREFIX, "name": "Story Desk"},
    ]
    fastapi_root_middlewares = [  # noqa: RUF012
        {"middleware": AddSlash, "name": "Pages of Copydesk without a slash"}
    ]
    external_views = [  # noqa: RUF012
        {
            "name": "Copydesk",
            "href": f"{DESK_PREFIX}/",
            "destination": "nav",
            "url_route": "copydesk",
            "nav_top_level": True,
            "icon": f"{DESK_PREFIX}/static/icon.svg",
        },
        {
            "name": "Stories",
            "href": f"{DESK_PREFIX}/?dag={{DAG_ID}}",
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

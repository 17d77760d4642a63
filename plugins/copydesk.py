"""
The Airflow plugin: Data Docs pages, notes and deadlines of runs. Every Airflow process imports this
module, so heavy imports wait until they are needed.
"""

from __future__ import annotations

import os
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from include.orchestration import run_notes
from include.orchestration.deadlines import RunQueuedAt
from include.orchestration.links import DATA_DOCS_PREFIX


class LazyPages:
    """An ASGI app that is created on its first request."""

    def __init__(self) -> None:
        self._app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request."""
        if self._app is None:
            from include.config.settings import read_settings
            from include.orchestration.data_docs_pages import make_app

            self._app = make_app(read_settings(os.environ).data_docs)
        await self._app(scope, receive, send)


class AddSlash:
    """ASGI middleware that redirects `/data-docs` to `/data-docs/`: a mount answers only that."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Redirect a request for the bare path; pass all others on."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or path != DATA_DOCS_PREFIX:
            await self._app(scope, receive, send)
            return
        # Relative, so that it also holds where Airflow is served below another path.
        headers = [(b"location", f"{DATA_DOCS_PREFIX.strip('/')}/".encode())]
        await send({"type": "http.response.start", "status": 307, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


class CopydeskPlugin(AirflowPlugin):
    """Registers Data Docs, its redirect, the listener that writes notes, and when a run is late."""

    name = "copydesk"
    fastapi_apps = [  # noqa: RUF012  # Airflow's shape
        {"app": LazyPages(), "url_prefix": DATA_DOCS_PREFIX, "name": "Data Docs"}
    ]
    fastapi_root_middlewares = [  # noqa: RUF012
        {"middleware": AddSlash, "name": "Data Docs without a slash"}
    ]
    listeners = [run_notes]  # noqa: RUF012
    deadline_references = [RunQueuedAt]  # noqa: RUF012

"""
Assemble the desk: its routes, who may use them, and what a person sees when something fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from include.config.settings import Settings
from include.desk.access import identify, require_read
from include.desk.approvals import Approvals
from include.desk.headers import SecurityHeaders
from include.desk.rendering import STATIC, base_path, render
from include.desk.routes import ROUTERS
from include.desk.state import Desk
from include.desk.writing import WriteQueue
from include.errors import (
    CopydeskError,
    LakeLocked,
    NotFound,
    Transient,
    UsageWrong,
    WarehouseMissing,
)
from include.warehouse.shared_reader import SharedReader

STATIC_FILES = {path.name: path for path in STATIC.iterdir()}
STATUSES = (
    (NotFound, 404), (UsageWrong, 422), (LakeLocked, 409), (WarehouseMissing, 503),
    (Transient, 503),
)  # fmt: skip
PUBLIC_API = "/api/"
Identify = Callable[..., Any]
static = APIRouter()


def make_app(
    settings: Settings,
    identify_user: Identify,
    secret: bytes,
    login_url: Callable[[Request], str] | None = None,
    approvals: Approvals | None = None,
) -> FastAPI:
    """
    Return the app.

    Args:
        identify_user: a dependency of FastAPI that returns the `User` of a request, or raises 401.
        login_url: where a person logs in; None: the page only says that they must.
        approvals: how re-splits are answered; None: not on this desk.
    """
    app = FastAPI(
        title="Copydesk",
        description="What has landed, as JSON. Pass the `next` of a list as `after` to continue.",
        docs_url=None, redoc_url=None, openapi_url=None,
    )  # fmt: skip
    reader = SharedReader(settings.warehouse, settings.memory_limit)
    app.state.desk = Desk(settings, reader, WriteQueue(), secret, login_url, approvals)
    app.dependency_overrides[identify] = identify_user  # its own dependencies are resolved too
    for router in (*ROUTERS, static):
        app.include_router(router, dependencies=[Depends(require_read)])
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(CopydeskError, _show_error)
    app.add_exception_handler(HTTPException, _show_refusal)
    return app


@static.get("/static/{name}", include_in_schema=False)
def give_static(name: str) -> FileResponse:
    """Serve a script, a style sheet or an icon."""
    if name not in STATIC_FILES:
        raise HTTPException(404, "There is no such file.")
    return FileResponse(STATIC_FILES[name], headers={"cache-control": "private, max-age=86400"})


def _show_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, CopydeskError)
    status = next((code for kind, code in STATUSES if isinstance(exc, kind)), 500)
    return _answer(request, status, exc.problem or "This failed.", str(exc))


def _show_refusal(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    desk: Desk = request.app.state.desk
    is_page = request.method == "GET" and not _wants_json(request)
    if exc.status_code == 401 and is_page and desk.login_url is not None:
        return RedirectResponse(desk.login_url(request), 307)
    title = {401: "Log in first.", 403: "You may not do this.", 404: "There is no such page."}
    response = _answer(
        request, exc.status_code, title.get(exc.status_code, "This failed."), str(exc.detail)
    )
    response.headers.update(exc.headers or {})
    return response


def _answer(request: Request, status: int, title: str, detail: str) -> Response:
    if _wants_json(request):
        return JSONResponse({"error": title, "detail": detail}, status)
    return render(request, "error.html", None, status, title=title, detail=detail)


def _wants_json(request: Request) -> bool:
    path = request.url.path.removeprefix(base_path(request))
    return path.startswith(PUBLIC_API) or path.endswith(".json")

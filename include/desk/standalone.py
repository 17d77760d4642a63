"""
Serve the desk without Airflow: on this machine only, to whoever has the token that is printed.
"""

from __future__ import annotations

import getpass
import hmac
import secrets
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

import uvicorn
from fastapi import Cookie, FastAPI, Header, HTTPException
from rich.console import Console
from starlette.datastructures import URL
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from include.config.settings import Settings
from include.desk.access import User
from include.desk.app import make_app

HOST, PORT = "127.0.0.1", 8090
COOKIE, FIELD = "copydesk_token", "token"
NO_TOKEN = "Open the address that `python -m include desk` printed; it holds the token."


class TokenInAddress:
    """ASGI middleware that moves a token from the address to a cookie, out of the history."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect a request with the token in its query; pass all others on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if not _is_same(request.query_params.get(FIELD), self._token):
            await self._app(scope, receive, send)
            return
        left = [pair for pair in parse_qsl(request.url.query) if pair[0] != FIELD]
        target = URL(path=request.url.path, query=urlencode(left))
        response = RedirectResponse(str(target), 303)
        response.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
        await response(scope, receive, send)


def make_standalone(settings: Settings, token: str) -> FastAPI:
    """Return the app for one person, who may do everything with the token."""

    def identify_user(
        cookie: Annotated[str | None, Cookie(alias=COOKIE)] = None,
        authorization: Annotated[str | None, Header()] = None,
    ) -> User:
        bearer = (authorization or "").removeprefix("Bearer ")
        if not (_is_same(cookie, token) or _is_same(bearer, token)):
            raise HTTPException(401, NO_TOKEN)
        return User(getpass.getuser(), may_read=True, may_write=True)

    app = make_app(settings, identify_user, secret=token.encode())
    app.add_middleware(TokenInAddress, token=token)
    # A site whose name resolves to this machine must not read the desk in a person's browser.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return app


def serve(settings: Settings, port: int, console: Console) -> int:
    """Serve until interrupted; print the address, with the token, first."""
    token = secrets.token_urlsafe(24)
    console.print(f"http://{HOST}:{port}/?{FIELD}={token}", markup=False, soft_wrap=True)
    console.print("Ctrl-C stops it.", style="dim")
    uvicorn.run(make_standalone(settings, token), host=HOST, port=port, log_level="warning")
    return 0


def _is_same(given: str | None, token: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), token.encode())

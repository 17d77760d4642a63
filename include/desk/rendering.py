"""
Render templates. Every value is escaped, and stripped of what would act on the reader's screen.

Control characters and characters that turn the direction of text become U+FFFD; the length of a
text stays. Line feeds and tabs stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from include.desk.access import User
from include.desk.forms import TOKEN, make_token
from include.text import pluralize, shorten

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
REPLACED = "\N{REPLACEMENT CHARACTER}"
NONE = "–"


def make_safe(value: Any) -> Any:
    """Replace what acts on a screen, in text that is not markup of our own."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return UNSAFE.sub(REPLACED, value)
    return value


def format_day(value: date | datetime | None) -> str:
    """Format a day; a dash for None."""
    return NONE if value is None else f"{value:%Y-%m-%d}"


def format_time(value: datetime | None) -> str:
    """Format a time in UTC to the minute; a dash for None."""
    return NONE if value is None else f"{value:%Y-%m-%d %H:%M}"


def format_number(value: float | None) -> str:
    """Format a number with thousands apart; fractions with two digits."""
    if value is None:
        return NONE
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def format_share(value: float | None) -> str:
    """Format a share from 0 to 1 in per cent."""
    return NONE if value is None else f"{value:.1%}"


def format_bytes(value: float | None) -> str:
    """Format a size in the largest unit that leaves at least one."""
    if value is None:
        return NONE
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "bytes" else f"{value:,.1f} {unit}"


@cache
def environment() -> Environment:
    """Return the environment of the templates."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=make_safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(
        day=format_day, time=format_time, number=format_number, share=format_share,
        size=format_bytes, segment=lambda text: quote(str(text), safe=""),
        shorten=lambda text, chars: shorten(text, chars),
    )  # fmt: skip
    env.globals.update(pluralize=pluralize, query=write_query, form_token_name=TOKEN)
    return env


def write_query(values: Mapping[str, Any], **changes: Any) -> str:
    """Write a query string from values with some changed; empty ones are left out."""
    pairs = {**values, **changes}
    return urlencode({name: value for name, value in pairs.items() if value not in (None, "", [])},
                     doseq=True)  # fmt: skip


@cache
def static_version() -> str:
    """Return 12 hex digits that change with any static file."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def base_path(request: Request) -> str:
    """Return the path at which the app is mounted, without a slash at its end."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def render(
    request: Request, template: str, user: User | None, status: int = 200, **values: Any
) -> HTMLResponse:
    """Render a template for a user."""
    desk = request.app.state.desk
    base = base_path(request)
    page = (
        environment()
        .get_template(template)
        .render(
            base=base,
            here=request.url.path.removeprefix(base),
            user=user,
            static_version=static_version(),
            form_token=make_token(desk.secret, user) if user and user.may_post else "",
            **values,
        )
    )
    return HTMLResponse(page, status)

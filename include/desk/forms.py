"""
Read forms, and refuse those that another site made a person's browser send.

A form carries a token that is derived from the user's name and the server's secret. Airflow shows
the desk in a sandboxed iframe of its own origin, where the browser says `same-origin`; a request
that it says comes from elsewhere is refused even with a token.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, HTTPException, Request

from include.desk.access import User, require_read

TOKEN = "form_token"
MAX_BYTES = 200_000  # of a form: 200 corrections of 1,000 characters
MAX_FIELDS = 1_000
Form = dict[str, list[str]]


def make_token(secret: bytes, user: User) -> str:
    """Return the token of a user's forms."""
    return hmac.new(secret, f"copydesk form of {user.name}".encode(), hashlib.sha256).hexdigest()


async def read_form(request: Request, user: Annotated[User, Depends(require_read)]) -> Form:
    """
    Return the fields of a form, without its token.

    Raises:
        HTTPException: 413 for a form that is too large, 403 for one that another site sent.
    """
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(403, "Another site sent this form. Open the page here and try again.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(413, f"The form has more than {MAX_BYTES:,} bytes.")
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as exc:
        raise HTTPException(400, "The form cannot be read. Send it from the page.") from exc
    (token, *_) = fields.pop(TOKEN, [""])
    expected = make_token(request.app.state.desk.secret, user)
    if not hmac.compare_digest(token.encode(), expected.encode()):
        raise HTTPException(403, "The form has expired. Reload the page and try again.")
    return fields


def read_field(form: Form, name: str) -> str:
    """Return the first value of a field, with LF line ends, stripped."""
    return form.get(name, [""])[0].replace("\r\n", "\n").strip()


FormFields = Annotated[Form, Depends(read_form)]

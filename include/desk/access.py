"""
Who sends a request, and what they may do. The app that mounts the desk identifies its users.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException


@dataclass(frozen=True)
class User:
    """A logged-in person. may_write: may correct pages and decide on quarantined stories."""

    name: str
    may_read: bool
    may_write: bool


def identify() -> User:
    """Identify the user of a request; `make_app` puts the real function in place of this one."""
    raise HTTPException(401, "Log in first.")


def require_read(user: Annotated[User, Depends(identify)]) -> User:
    """Return the user; refuse one who may not read the pipeline's runs."""
    if not user.may_read:
        way_out = "Ask an administrator for permission to read the runs of ingest_pages."
        raise HTTPException(403, f"You may not read this page. {way_out}")
    return user


def require_write(user: Annotated[User, Depends(require_read)]) -> User:
    """Return the user; refuse one who may not answer questions of review_quarantine."""
    if not user.may_write:
        way_out = "Ask an administrator for permission to answer review_quarantine's questions."
        raise HTTPException(403, f"You may read here, but not correct or decide. {way_out}")
    return user


Reader = Annotated[User, Depends(require_read)]
Writer = Annotated[User, Depends(require_write)]

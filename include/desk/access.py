"""
Who sends a request, and what they may do. The app that mounts the desk identifies its users.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException


@dataclass(frozen=True)
class User:
    """
    A logged-in person.

    may_write: may correct pages and decide on quarantined stories. may_approve: may approve
    re-splits.
    """

    name: str
    may_read: bool
    may_write: bool
    may_approve: bool = False

    @property
    def may_post(self) -> bool:
        """Whether they may send any form."""
        return self.may_write or self.may_approve


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


def require_approve(user: Annotated[User, Depends(require_read)]) -> User:
    """Return the user; refuse one who may not answer the questions of resplit_history."""
    if not user.may_approve:
        way_out = "Ask an administrator for permission to answer resplit_history's questions."
        raise HTTPException(403, f"You may read here, but not approve a re-split. {way_out}")
    return user


Reader = Annotated[User, Depends(require_read)]
Writer = Annotated[User, Depends(require_write)]
Approver = Annotated[User, Depends(require_approve)]

"""
What the routes share, and how they read the warehouse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from include.config.settings import Settings
from include.desk.approvals import Approvals
from include.desk.queries import load_query
from include.desk.writing import WriteQueue
from include.warehouse.shared_reader import Reading, Row, SharedReader

WITH_TEXTS = {"beginnings", "page_stories", "story", "story_set_aside", "waiting"}  # not kept


@dataclass(frozen=True)
class Desk:
    """
    What the routes share. secret: signs forms; the same in all processes of one server.

    approvals: how re-splits are answered; None: not on this desk.
    """

    settings: Settings
    reader: SharedReader
    writes: WriteQueue
    secret: bytes
    login_url: Callable[[Request], str] | None = None
    approvals: Approvals | None = None


def desk_of(request: Request) -> Desk:
    """Return what the app's routes share."""
    desk: Desk = request.app.state.desk
    return desk


def ask(reading: Reading, name: str, **values: object) -> list[Row]:
    """Return the rows of a query of `include/desk/sql/`, with its values bound."""
    if name in WITH_TEXTS:
        return reading.ask(load_query(name), **values)
    return reading.ask_again(load_query(name), **values)


Shared = Annotated[Desk, Depends(desk_of)]

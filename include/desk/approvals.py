"""
How re-splits are answered: their question is a task of Airflow, so the answer goes through Airflow.

The app that mounts the desk brings an `Approvals` for that; without one, nothing is answered here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fastapi import Request

ANSWERS = {"approve": True, "refuse": False}


class Approvals(Protocol):
    """Asks Airflow which re-splits wait, and answers them as the user who sent the request."""

    async def list_waiting(self, request: Request) -> Sequence[str]:
        """Return the run ids, as in the lake, of the re-splits whose question is open."""

    async def answer(self, request: Request, run_id: str, is_approved: bool) -> None:
        """
        Answer the question of a re-split.

        Raises:
            UsageWrong: it is not open. HTTPException: Airflow refuses the answer.
        """

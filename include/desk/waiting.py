"""
The re-splits that wait for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from include.desk.state import Shared
from include.pipeline.comparisons import find_comparison, list_unsettled
from include.pipeline.receipt_types import CompareReceipt
from include.review.comparison import Counts


@dataclass(frozen=True)
class WaitingResplit:
    """
    A re-split whose answer is awaited. comparison: None if its receipt cannot be read here.

    is_open: it can be answered on the desk.
    """

    run_id: str
    comparison: CompareReceipt | None
    is_open: bool

    @property
    def totals(self) -> Counts | None:
        """The counts over all outlets."""
        return self.comparison.totals if self.comparison else None


async def find_waiting(request: Request, desk: Shared) -> list[WaitingResplit]:
    """Return the re-splits that wait, newest first; without Airflow, those its receipts show."""
    receipts = desk.settings.receipts
    if desk.approvals is None:
        return [WaitingResplit(found.run_id, found, False) for found in list_unsettled(receipts)]
    return [
        WaitingResplit(run_id, find_comparison(receipts, run_id), True)
        for run_id in await desk.approvals.list_waiting(request)
    ]


Waiting = Annotated[list[WaitingResplit], Depends(find_waiting)]

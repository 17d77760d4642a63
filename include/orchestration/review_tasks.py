"""
Task bodies of `review_quarantine`: the operator that shows a case to a person, and their answer.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from include.config.settings import Settings
from include.orchestration.notices import NOWHERE, Notice
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review.cases import Answer, name_subject, write_body

log = logging.getLogger("copydesk.review")

RELEASE, REJECT, SEND_BACK, LEAVE = "Release", "Reject", "Send back", "Leave"
DECISIONS = {RELEASE: "release", REJECT: "reject", SEND_BACK: "send_back", LEAVE: "leave"}
NOBODY = "nobody: the time limit passed"
FORM = {
    "stories": Param("", type="string", title="Stories", description="1, 3-5; empty: all shown"),
    "note": Param("", type="string", title="Note", description="why, for the record"),
    "corrections": Param(
        "",
        type="string",
        format="multiline",
        title="Corrections of the split",
        description="one a line: story 1: line 12 starts; line 30 joins; line 7 is caption; "
        'lines of The Herald like "^Read also" are promo',
    ),
}


class AskOperator(HITLOperator):
    """Shows one case to a person; `case` is the path of its receipt."""

    template_fields: Sequence[str] = ("case",)  # never the question, which contains text of stories

    def __init__(self, *, case: str, wait_s: int, notify_url: str = NOWHERE, **kwargs: Any) -> None:
        super().__init__(
            subject="A case",
            options=list(DECISIONS),
            defaults=[LEAVE],
            params=FORM,
            execution_timeout=None,
            response_timeout=timedelta(seconds=wait_s),
            notifiers=[Notice(notify_url)],
            **kwargs,
        )
        self.case = case

    @property
    def label(self) -> str:
        """Return the case's cause and number of stories, for Airflow's grid."""
        return read_receipt(self.case, CaseReceipt).label

    def execute(self, context: Any) -> Any:
        """Ask and wait without holding a slot."""
        case = read_receipt(self.case, CaseReceipt)
        self.subject, self.body = name_subject(case), write_body(case)
        return super().execute(context)


def share_cases(settings: Settings, run_id: str) -> list[str]:
    """Return the cases to ask about; none if no story awaits a decision."""
    from include.pipeline import review

    return [str(case) for case in review.gather_cases(settings, run_id)]


def decide(settings: Settings, case: str, answer: Mapping[str, Any]) -> str:
    """Record an answer; return the decision's receipt."""
    from include.pipeline import review

    get_current_context()["label"] = read_receipt(case, CaseReceipt).label
    receipt = review.decide(settings, case, read_answer(answer))
    decision = read_receipt(receipt, DecideReceipt)
    log.info("decided on %d stories; %d had changed", decision.decided, decision.stale)
    return str(receipt)


def edit_again(settings: Settings, decision: str, run_id: str) -> str:
    """
    Run the pages of a decision through the steps again; return the gate's receipt.

    Raises:
        AirflowSkipException: no page has to be split again, or none is current any more.
    """
    from include.pipeline import review

    recalled = read_receipt(decision, DecideReceipt).recalled
    if not recalled:
        raise AirflowSkipException("No page has to be split again.")
    own_run = f"{run_id}/{Path(decision).name.split('.')[0]}"
    pages = frozenset(recalled)
    gated = review.edit_again(settings, own_run, datetime.now(UTC), pages)
    if gated is None:
        raise AirflowSkipException("The pages were revised meanwhile; none of them is current.")
    return str(gated)


def read_answer(answer: Mapping[str, Any]) -> Answer:
    """Read an answer as Airflow passes it on."""
    form = {name: str(text or "") for name, text in (answer["params_input"] or {}).items()}
    user = answer.get("responded_by_user") or {}
    at = answer["responded_at"]
    reply = Answer(
        decision=DECISIONS[answer["chosen_options"][0]],
        by=str(user.get("name") or user.get("id") or NOBODY),
        at=datetime.fromisoformat(at) if isinstance(at, str) else at,
    )
    return replace(
        reply,
        only=form.get("stories", ""),
        note=form.get("note", ""),
        corrections=form.get("corrections", ""),
    )

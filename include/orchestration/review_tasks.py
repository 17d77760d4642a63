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
from airflow.sdk import get_current_context
from airflow.sdk.definitions.param import ParamsDict
from airflow.sdk.exceptions import AirflowSkipException, ParamValidationError

from include.config.settings import Settings
from include.errors import AnswerUnclear, UsageWrong
from include.orchestration.notices import NOWHERE, Notice
from include.orchestration.review_form import LABEL_CHARS, make_form, read_form
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review.cases import Answer, Case, Question, name_subject, write_body
from include.text import shorten

log = logging.getLogger("copydesk.review")

RELEASE, REJECT, SEND_BACK, LEAVE = "Release", "Reject", "Send back", "Leave"
DECISIONS = {RELEASE: "release", REJECT: "reject", SEND_BACK: "send_back", LEAVE: "leave"}
NOBODY = "nobody: the time limit passed"
ASKED_AGAIN = 50  # times that an answer is unclear; each try is one in Airflow's grid


class AskOperator(HITLOperator):
    """
    Shows one case to a person; `case` is the path of its receipt.

    An answer that cannot be followed ends the try; the next one asks again, with the reason above
    the question and the form as it was filled in. (A question that waits cannot be changed: Airflow
    keeps its text until the try ends.)
    """

    template_fields: Sequence[str] = ("case",)  # never the question, which contains text of stories

    def __init__(
        self,
        *,
        case: str,
        wait_s: int,
        settings: Settings,
        notify_url: str = NOWHERE,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            subject="A case",
            options=list(DECISIONS),
            defaults=[LEAVE],
            params=make_form(0, {}),
            execution_timeout=None,
            response_timeout=timedelta(seconds=wait_s),
            notifiers=[Notice(notify_url)],
            retries=ASKED_AGAIN,
            **kwargs,
        )
        self.case, self.wait_s, self.settings = case, wait_s, settings

    @property
    def label(self) -> str:
        """Return the case's cause and number of stories, for Airflow's grid."""
        return read_receipt(self.case, CaseReceipt).label

    def execute(self, context: Any) -> Any:
        """Ask and wait without holding a slot."""
        from include.pipeline import review

        case, now = read_receipt(self.case, CaseReceipt), datetime.now(UTC)
        question = review.read_question(self.case, now, self.wait_s)
        self.response_timeout = question.until - now
        self.subject, self.body = name_subject(case), write_body(case, question.problem)
        self._fill_form(case, question.inputs)
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """
        Return the answer.

        Raises:
            AnswerUnclear: it cannot be followed; nothing was done.
        """
        from include.pipeline import review

        self._fill_form(read_receipt(self.case, CaseReceipt), {})
        try:
            answer = super().execute_complete(context, event)
            review.check_answer(self.settings, self.case, read_answer(answer))
        except (UsageWrong, ParamValidationError, ValueError) as exc:
            until = review.read_question(self.case, datetime.now(UTC), self.wait_s).until
            inputs = {name: event["params_input"].get(name) for name in self.params}
            review.ask_again(self.case, Question(until, str(exc), inputs))
            way_out = "The question is asked again, with this reason above it."
            raise AnswerUnclear("answer", str(exc), way_out) from exc
        return answer

    def _fill_form(self, case: Case, inputs: Mapping[str, Any]) -> None:
        labels = [
            f"{number}: {shorten(story.headline or story.source_name, LABEL_CHARS)}"
            for number, story in enumerate(case.stories, 1)
        ]
        self.params = ParamsDict(make_form(len(labels), inputs, labels))


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
    form = read_form(answer["params_input"])
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

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
from include.orchestration.notices import Notice
from include.orchestration.review_form import FACT_FIELDS, LABEL_CHARS, make_form, read_form
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt
from include.review.cases import Answer, Case, name_subject, write_body
from include.text import shorten

log = logging.getLogger("copydesk.review")

RELEASE, REJECT, SEND_BACK, LEAVE = "Release", "Reject", "Send back", "Leave"
DECISIONS = {RELEASE: "release", REJECT: "reject", SEND_BACK: "send_back", LEAVE: "leave"}
PROBLEM = "problem"  # why an answer cannot be followed
NOBODY = "nobody: the time limit passed"
# Airflow keeps the text of a question for as long as its task lives, also over tries (3.3.2), so a
# question with a reason above it takes a task of its own.
ASKS = ("ask", "ask_again", "ask_once_more")
LEAST_WAIT = timedelta(minutes=5)  # for an answer that has to be given again
UNCLEAR_TRIES = 20  # of the last task: it asks again without the reason


def ask_person(case: str, settings: Settings) -> Any:
    """Add the tasks that show a case to a person until the answer can be followed; return it."""
    answered: Any = None
    for task_id in ASKS:
        asking = AskOperator(
            task_id=task_id,
            case=case,
            answered=answered,
            settings=settings,
            is_last=task_id == ASKS[-1],
            map_index_template="{{ task.label }}",
            doc_md="Show a case, and wait for the answer.",
        )
        answered = asking.output
    return answered


class AskOperator(HITLOperator):
    """
    Shows one case to a person; `case` is the path of its receipt.

    Passes on the answer to an earlier question (`answered`) if that could be followed; otherwise
    asks with the reason above the question, and the form as it was filled in.
    """

    # never the question, which contains text of stories
    template_fields: Sequence[str] = ("case", "answered")

    def __init__(
        self, *, case: str, settings: Settings, answered: Any = None, is_last: bool, **kwargs: Any
    ) -> None:
        super().__init__(
            subject="A case",
            options=list(DECISIONS),
            defaults=[LEAVE],
            params=make_form(0, {}),
            execution_timeout=None,
            response_timeout=timedelta(seconds=settings.review_s),
            notifiers=[Notice(settings.notify_url)],
            retries=UNCLEAR_TRIES,
            **kwargs,
        )
        self.case, self.answered, self.settings, self.is_last = case, answered, settings, is_last

    @property
    def label(self) -> str:
        """Return the case's cause and number of stories, for Airflow's grid."""
        return read_receipt(self.case, CaseReceipt).label

    def execute(self, context: Any) -> Any:
        """Ask and wait without holding a slot, unless the answer is known."""
        before = self.answered or {}
        if before and not before.get(PROBLEM):
            return before
        if before:
            until = context["dag_run"].start_date + timedelta(seconds=self.settings.review_s)
            self.response_timeout = max(until - datetime.now(UTC), LEAST_WAIT)
        case = read_receipt(self.case, CaseReceipt)
        self.subject, self.body = name_subject(case), write_body(case, before.get(PROBLEM))
        self._fill_form(case, before.get("params_input") or {})
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """
        Return the answer, with the reason if it cannot be followed: then nothing was done.

        Raises:
            AnswerUnclear: the last answer cannot be followed either.
        """
        from include.pipeline import review

        self._fill_form(read_receipt(self.case, CaseReceipt), {})
        try:
            answer = super().execute_complete(context, event)
            review.check_answer(self.settings, self.case, read_answer(answer))
        except (UsageWrong, ParamValidationError, ValueError) as exc:
            log.warning("the answer cannot be followed: %s", exc)
            if self.is_last:
                raise AnswerUnclear("answer", str(exc), "The question is asked again.") from exc
            return {**event, PROBLEM: str(exc)}
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
        facts={fact: form[fact] for fact, *_ in FACT_FIELDS if form.get(fact, "").strip()},
    )

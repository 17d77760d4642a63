"""
Task bodies of `resplit_history`: which pages a run takes, the question it asks, and what follows.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from include.config.settings import Settings
from include.model import RESPLIT
from include.orchestration import run_params
from include.orchestration.events import gather, share_out
from include.orchestration.links import link_to_resplit
from include.orchestration.notices import Notice
from include.orchestration.posting import NOWHERE
from include.orchestration.review_tasks import NOBODY
from include.orchestration.run_notes import leave_note
from include.orchestration.run_params import check_params
from include.pipeline import steps
from include.pipeline.receipt_types import CompareReceipt
from include.pipeline.receipts import read_receipt
from include.review.resplit_summary import count_changes, name_subject, write_body

log = logging.getLogger("copydesk.resplit")

APPROVE, REFUSE = "Approve", "Refuse"


class ApproveOperator(HITLOperator):
    """Asks whether a re-split may land; `compared` is the path of the comparison's receipt."""

    template_fields: Sequence[str] = (
        "compared",
    )  # never the question, which contains text of stories

    def __init__(
        self, *, compared: str, wait_s: int, notify_url: str = NOWHERE, **kwargs: Any
    ) -> None:
        super().__init__(
            subject="A re-split",
            options=[APPROVE, REFUSE],
            defaults=[REFUSE],
            execution_timeout=None,
            response_timeout=timedelta(seconds=wait_s),
            notifiers=[Notice(notify_url)],
            **kwargs,
        )
        self.compared = compared

    def execute(self, context: Any) -> Any:
        """Ask and wait without holding a slot; skipped on a dry run, or if nothing would change."""
        if context["params"]["dry_run"]:
            raise AirflowSkipException("A dry run ends with the report of what would change.")
        comparison = read_receipt(self.compared, CompareReceipt)
        if not count_changes(comparison):
            raise AirflowSkipException("No story would change, so there is nothing to approve.")
        self.subject = name_subject(comparison)
        self.body = write_body(comparison, link_to_resplit(comparison.run_id))
        return super().execute(context)


def recall(settings: Settings, run_id: str, params: Mapping[str, Any]) -> list[str]:
    """Read the pages selected by the run's params from the lake; return their batches."""
    from include.pipeline import resplit

    check_params(params, run_params.RESPLIT)
    days = [_own_day()] if params["days"] is None else resplit.read_days(params["days"])
    choice = resplit.choose(days, params["outlets"] or (), params["only_older"])
    return share_out(steps.recall(settings, run_id, datetime.now(UTC), choice, RESPLIT))


def compare(settings: Settings, intake: str, judged: Any, dry_run: bool) -> str:
    """
    Check the run and find what would change.

    A dry run is recorded and ends here; so does a run that would change no story, with a note.
    """
    from include.pipeline import resplit

    compared = resplit.compare(settings, steps.gate(settings, intake, gather(judged)))
    comparison = read_receipt(compared, CompareReceipt)
    log.info("%s; see %s", name_subject(comparison), link_to_resplit(comparison.run_id))
    is_idle = not count_changes(comparison)
    if is_idle:
        leave_note(f"{name_subject(comparison)} No story would change: nobody is asked.")
    if dry_run or is_idle:
        now = datetime.now(UTC)
        resplit.settle(settings, compared, resplit.DRY_RUN, None, now)
    return str(compared)


def land(settings: Settings, compared: str, answer: Mapping[str, Any]) -> Any:
    """
    Record the answer, and land the run if it was approved; return the receipt of `land`.

    Raises:
        AirflowSkipException: the re-split was refused, or nobody answered in time.
    """
    from include.pipeline import resplit

    approved = list(answer["chosen_options"]) == [APPROVE]
    user, at = answer.get("responded_by_user") or {}, answer["responded_at"]
    resplit.settle(
        settings,
        compared,
        resplit.APPROVED if approved else resplit.REFUSED,
        str(user.get("name") or user.get("id") or NOBODY),
        datetime.fromisoformat(at) if isinstance(at, str) else at,
    )
    if not approved:
        raise AirflowSkipException("The re-split was refused; nothing was changed.")
    gate = read_receipt(compared, CompareReceipt).gate
    return steps.land(settings, gate, datetime.now(UTC))


def _own_day() -> date:
    """Return the day a run is for (UTC): of its logical date, else of its start."""
    run = get_current_context()["dag_run"]
    day: date = (run.logical_date or run.run_after).astimezone(UTC).date()
    return day

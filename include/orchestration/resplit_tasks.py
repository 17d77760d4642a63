"""
Re-splitting in Airflow: which pages a run takes, the question it asks, and what the answer does.
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
from include.orchestration.links import link_to_report
from include.orchestration.notices import NOWHERE, Notice
from include.orchestration.review_tasks import NOBODY
from include.orchestration.run_params import check_params
from include.pipeline import steps
from include.pipeline.receipts import read_receipt, run_key
from include.review.resplit_summary import name_subject, write_body

log = logging.getLogger("copydesk.resplit")

APPROVE, REFUSE = "Approve", "Refuse"


class ApproveOperator(HITLOperator):
    """Asks whether a re-split is to land; `compared` is the path of what would change."""

    template_fields: Sequence[str] = ("compared",)  # never the question: its text is not ours

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
        """Ask, and wait without holding a slot; skipped on a dry run."""
        if context["params"]["dry_run"]:
            raise AirflowSkipException("A dry run ends with what would change.")
        told = read_receipt(self.compared, "compare")
        self.subject = name_subject(told)
        self.body = write_body(told, link_to_report(run_key(told["run_id"])))
        return super().execute(context)


def recall(settings: Settings, run_id: str, params: Mapping[str, Any]) -> list[str]:
    """Take the pages that the run's params name from the lake; give their batches."""
    from include.pipeline import resplit

    check_params(params, run_params.RESPLIT)
    days = [_own_day()] if params["days"] is None else resplit.read_days(params["days"])
    choice = resplit.choose(days, params["outlets"] or (), params["only_older"])
    return share_out(steps.recall(settings, run_id, datetime.now(UTC), choice, RESPLIT))


def compare(settings: Settings, intake: str, judged: Any, dry_run: bool) -> str:
    """Weigh the run and tell what would change; of a dry run that is written down, and all."""
    from include.pipeline import resplit

    compared = resplit.compare(settings, steps.gate(settings, intake, gather(judged)))
    told = read_receipt(compared, "compare")
    log.info("%s; report: %s", name_subject(told), told["report"])
    if dry_run:
        now = datetime.now(UTC)
        resplit.settle(settings, compared, resplit.DRY_RUN, None, now)
    return str(compared)


def land(settings: Settings, compared: str, answer: Mapping[str, Any]) -> Any:
    """
    Write the answer down, and land the run if it was approved; give the receipt of `land`.

    Raises:
        AirflowSkipException: it was refused, or nobody answered in time.
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
        raise AirflowSkipException("Refused: everything stays as it was.")
    gate = read_receipt(compared, "compare")["gate"]
    return steps.land(settings, gate, datetime.now(UTC))


def _own_day() -> date:
    """Give the day a run is for: of its logical date, or else of its beginning."""
    run = get_current_context()["dag_run"]
    day: date = (run.logical_date or run.run_after).astimezone(UTC).date()
    return day

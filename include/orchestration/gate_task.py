"""
The body of the task `gate` of `ingest_pages`: who opened the gate, and what the log and the task's
note say when it is closed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import get_current_context

from include.config.settings import Settings
from include.errors import GateClosed
from include.model import Opening
from include.orchestration.run_notes import leave_note
from include.pipeline import steps

log = logging.getLogger("copydesk.gate")


def weigh(settings: Settings, intake_receipt: str, judged: Sequence[str]) -> str:
    """
    Check the run, allowing the rules of its param `open_gate`; return the gate's receipt.

    Raises:
        GateClosed: its way out also says how to open the gate in Airflow.
    """
    context = get_current_context()
    opening = read_opening(context)
    if opening:
        log.warning("gate opened by %s for %s", opening.opened_by, ", ".join(opening.rules))
        leave_note(f"Gate opened by {opening.opened_by} for {', '.join(opening.rules)}.")
    try:
        return str(steps.gate(settings, intake_receipt, judged, opening))
    except GateClosed as closed:
        way_out = (
            f"{closed.way_out} To let this inbox through once, trigger the DAG with the param "
            "open_gate: the ids of the rules named here."
        )
        raise GateClosed(closed.thing, closed.value, way_out) from closed


def read_opening(context: Any) -> Opening | None:
    """Return which rules the run's trigger opened, and who did; None if `open_gate` is empty."""
    rules = tuple(str(rule).strip() for rule in context["params"]["open_gate"] or ())
    run = context["dag_run"]
    who = run.triggering_user_name or f"unknown, by a run of type {run.run_type}"
    return Opening(rules, who, datetime.now(UTC)) if rules else None

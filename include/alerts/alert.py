"""
The kinds of alerts, and the words of each: what is wrong and what to do. No alert quotes a story.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """
    What can be wrong; each value is the anchor of its runbook, `alert-…` on the page of runbooks.

    A task, the gate and a late run report themselves; the others are found by `watch_desk`.
    """

    TASK_FAILED = "task-failed"
    GATE_CLOSED = "gate-closed"
    RUN_LATE = "run-late"
    OUTLET_SILENT = "outlet-silent"
    QUARANTINE_GROWING = "quarantine-growing"
    WAREHOUSE_STALE = "warehouse-stale"
    DISK_LOW = "disk-low"


CHECKED = (Kind.OUTLET_SILENT, Kind.QUARANTINE_GROWING, Kind.WAREHOUSE_STALE, Kind.DISK_LOW)


@dataclass(frozen=True)
class Alert:
    """
    One thing that is wrong.

    cause: equal for two alerts if one cause is behind both; only the first is sent. text: what is
    wrong, one sentence without a full stop. do: the first thing to do, one sentence.
    """

    kind: Kind
    cause: str
    text: str
    do: str

    def link(self, runbooks: str) -> str:
        """Return the address of its runbook."""
        return f"{runbooks}#alert-{self.kind}"

    def message(self, runbooks: str) -> str:
        """Return the words that are sent."""
        return f"Copydesk: {self.text}. {self.do} {self.link(runbooks)}"

"""
The verdict on a run: the rows to record, and the rules that keep the gate closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from include.errors import GateClosed


@dataclass(frozen=True)
class Reason:
    """One broken critical rule: the figure observed, its bound, details, and the rule's note."""

    rule_id: str
    observed: str | None
    bound: str
    details: str
    note: str

    def in_words(self) -> str:
        """Give the rule with its figure, its bound and the details."""
        details = f": {self.details}" if self.details else ""
        return f"{self.rule_id} ({self.observed}; the bound is {self.bound}{details})"


@dataclass(frozen=True)
class Verdict:
    """
    The gate's judgement of a run.

    results: one row per rule, columns of `results.RESULTS`, batch_id `run`. figures: rows of
    `run_figures`; openings: of `gate_openings`, both without the run's columns. broken: the
    critical rules that keep the gate closed, in the suite's order.
    """

    results: pa.Table
    figures: pa.Table
    openings: pa.Table
    broken: tuple[Reason, ...] = ()

    def check(self, folder: Path) -> None:
        """Raise `GateClosed`, naming rules and run folder, if a rule keeps the gate closed."""
        if not self.broken:
            return
        first, *others = self.broken
        details = f" ({first.details})" if first.details else ""
        also = "".join(f" Also broken: {other.in_words()}." for other in others)
        way_out = (
            f"The bound is {first.bound}{details}. {first.note}{also} Nothing was landed; "
            f"the judged stories are in {folder}. See docs/quality.md, 'When the gate is closed', "
            "for what to do."
        )
        raise GateClosed(f"gate: {first.rule_id}", first.observed, way_out)

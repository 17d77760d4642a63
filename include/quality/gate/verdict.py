"""
The verdict on a run: what is written down of it, and what keeps the gate closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from include.errors import GateClosed


@dataclass(frozen=True)
class Reason:
    """One broken critical rule: the figure met, the bound, what is known besides, and the note."""

    rule_id: str
    observed: str | None
    bound: str
    told: str
    note: str

    def in_words(self) -> str:
        """Give figure and bound, and what is known besides."""
        told = f": {self.told}" if self.told else ""
        return f"{self.rule_id} ({self.observed}; the bound is {self.bound}{told})"


@dataclass(frozen=True)
class Verdict:
    """
    What the gate says of a run.

    checks: one row, the check columns of the suite: what Data Docs are rendered from.
    results: one row a rule, columns of `results.RESULTS`, batch_id `run`. figures: rows of
    `run_figures`; openings: of `gate_openings`, both less the run's columns. broken: the critical
    rules that keep the gate closed, in the suite's order.
    """

    checks: pa.Table
    results: pa.Table
    figures: pa.Table
    openings: pa.Table
    broken: tuple[Reason, ...] = ()

    def check(self, folder: Path) -> None:
        """Raise `GateClosed` where rules keep the gate closed: names them, and the run's folder."""
        if not self.broken:
            return
        first, *others = self.broken
        told = f" ({first.told})" if first.told else ""
        also = "".join(f" Also broken: {other.in_words()}." for other in others)
        way_out = (
            f"The bound is {first.bound}{told}. {first.note}{also} Nothing has landed; "
            f"what was judged lies in {folder}, and docs/quality.md, 'When the gate is closed', "
            "says what to do."
        )
        raise GateClosed(f"gate: {first.rule_id}", first.observed, way_out)

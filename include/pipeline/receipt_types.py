"""
What the receipt of each step holds: one frozen dataclass per step, its fields named as the keys in
the file. `receipts` reads and writes them.

A key that older versions did not write has a default here, and so can still be read. A field marked
`omitted` is left out of the file while it equals its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar

from include.model import INGEST, FileTally, GatedRun, Run, StoryTally
from include.review.cases import Case
from include.review.comparison import Comparison


def omitted(default: Any = None) -> Any:
    """Give a field that is left out of the file while it equals its default."""
    return field(default=default, metadata={"omitted": True})


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What `read_receipt` and `write_receipt` take; `step` stands in the file and is checked."""

    step: ClassVar[str]


@dataclass(frozen=True, kw_only=True)
class RunReceipt(Receipt):
    """A receipt that names its run."""

    run_id: str
    started_at: datetime

    @property
    def run(self) -> Run:
        """Give the run."""
        return Run(self.run_id, self.started_at)


@dataclass(frozen=True)
class InboxOutcome:
    """What became of one inbox: its files by outcome, or the problem for which it was left out."""

    name: str
    inbox: str
    tally: FileTally | None = omitted()
    problem: str | None = omitted()


@dataclass(frozen=True)
class LateFiles:
    """Files that changed while they were read and wait: how many, and some with the reason."""

    files: int
    sample: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class IntakeReceipt(RunReceipt):
    """
    What a run took from its inboxes, or from the lake.

    inbox: all inboxes, comma-separated. inboxes, late: only of a run that took from inboxes.
    batches: paths of the receipts that `split` takes. book_version: None without batches.
    """

    step: ClassVar = "intake"
    inbox: str
    inboxes: tuple[InboxOutcome, ...] = omitted(())
    kind: str = INGEST
    tally: FileTally
    late: LateFiles | None = omitted()
    batches: tuple[Path, ...]
    book_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OfBatch(RunReceipt):
    """
    What every receipt of a batch repeats.

    ingest_day: the partition that recalled pages already have; None for new ones. label: shown in
    Airflow's grid.
    """

    ingest_day: date | None = None
    batch_id: str
    label: str

    @property
    def run(self) -> Run:
        """Give the run, with the partition that recalled pages already have."""
        return Run(self.run_id, self.started_at, self.ingest_day)

    def repeated(self) -> dict[str, Any]:
        """Give what the next receipt of the batch repeats."""
        names = ("run_id", "started_at", "ingest_day", "batch_id", "label")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, kw_only=True)
class BatchReceipt(OfBatch):
    """A batch that intake or recall wrote. pages: the frame of its pages."""

    step: ClassVar = "batch"
    pages: Path


@dataclass(frozen=True, kw_only=True)
class SplitReceipt(OfBatch):
    """A batch that was split: its frames of pages, stories and chrome; how many were set aside."""

    step: ClassVar = "split"
    pages: Path
    stories: Path
    chrome: Path
    splitter_version: str
    set_aside: int = omitted(0)


@dataclass(frozen=True, kw_only=True)
class JudgeReceipt(OfBatch):
    """A batch that was judged: a frame of rows for each lake table, and one of figures' shapes."""

    step: ClassVar = "judge"
    shapes: Path
    rows: Mapping[str, Path]
    tally: StoryTally
    splitter_version: str
    suite_version: str
    set_aside: int = omitted(0)


@dataclass(frozen=True, kw_only=True)
class GateReceipt(RunReceipt):
    """A run that passed the gate; rows: as `GatedRun` has them."""

    step: ClassVar = "gate"
    inbox: str
    kind: str = INGEST
    tally: FileTally
    book_version: int | None = None
    rows: Mapping[str, tuple[Path, ...]]
    splitter_version: str
    suite_version: str

    @property
    def gated(self) -> GatedRun:
        """Give what the run lands."""
        return GatedRun(
            self.inbox, self.tally, self.rows, self.splitter_version, self.suite_version,
            self.kind, self.book_version,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ClosedReceipt(Receipt):
    """A run that the gate held back. broken: ids of the rules it broke."""

    step: ClassVar = "closed"
    run_id: str
    broken: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LandReceipt(Receipt):
    """A run that landed. run: its row of `runs`, as JSON. days: the partitions it touched."""

    step: ClassVar = "land"
    run_id: str
    started_at: datetime
    inbox: str
    run: dict[str, Any]
    days: tuple[date, ...]
    lake_key: str


@dataclass(frozen=True, kw_only=True)
class CompareReceipt(Comparison, RunReceipt):
    """A re-split that was compared. changes: the frame of all."""

    step: ClassVar = "compare"
    inbox: str
    gate: Path
    changes: Path


@dataclass(frozen=True, kw_only=True)
class CaseReceipt(Case, Receipt):
    """A case that a person is asked about. label: shown in Airflow's grid."""

    step: ClassVar = "case"
    case_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class DecideReceipt(Receipt):
    """
    An answer that was written down.

    recalled: ids of the pages to be split again. decided: stories; stale: those of them that had
    changed meanwhile. overrides: ids of the corrections.
    """

    step: ClassVar = "decide"
    case_id: str
    recalled: tuple[str, ...]
    decided: int
    stale: int
    overrides: tuple[str, ...]

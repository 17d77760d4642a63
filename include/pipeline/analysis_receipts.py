"""
The receipts of the steps of an analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from include.lake.marts.plan import Plan
from include.pipeline.receipt_types import RunReceipt

if TYPE_CHECKING:
    from include.lake.marts.land import MartOutput


@dataclass(frozen=True, kw_only=True)
class ChooseReceipt(RunReceipt):
    """
    What an analysis has to do.

    plans: one per mart that is behind the lake. stories: how many to analyse, at most once per
    mart. batches: paths of the receipts that `analyze` takes; a single batch without stories if
    only the pairing or the events are behind, none if nothing is.
    """

    step: ClassVar = "choose"
    plans: tuple[Plan, ...]
    stories: int
    batches: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class StoriesReceipt(RunReceipt):
    """
    A batch of stories to analyse.

    label: shown in Airflow's grid. stories: the frame of their keys. analysis_ids: by mart.
    """

    step: ClassVar = "stories"
    label: str
    stories: Path
    analysis_ids: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class AnalyzeReceipt(RunReceipt):
    """
    A batch that was analysed.

    rows: the frame of rows for each mart. stories: how many were analysed for it. failed: how many
    of these its analyzer failed on.
    """

    step: ClassVar = "analyze"
    rows: Mapping[str, Path]
    stories: Mapping[str, int]
    failed: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class MartReceipt:
    """What one analysis landed in one mart; overtaken: nothing, as another landed first."""

    mart: str
    lake_version: int
    stories: int
    failed_stories: int
    rows_added: int
    overtaken: bool

    @classmethod
    def of(cls, plan: Plan, output: MartOutput, rows_added: int | None) -> Self:
        """Describe a landed plan; rows_added: as `land_mart` returns it."""
        return cls(
            mart=plan.mart,
            lake_version=plan.until,
            stories=output.stories,
            failed_stories=output.failed_stories,
            rows_added=rows_added or 0,
            overtaken=rows_added is None,
        )


@dataclass(frozen=True, kw_only=True)
class MartsReceipt(RunReceipt):
    """An analysis that has landed, mart by mart."""

    step: ClassVar = "marts"
    marts: tuple[MartReceipt, ...]

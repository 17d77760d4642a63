"""
What the receipts of the steps of an analysis hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from include.lake.marts.plan import Plan
from include.pipeline.receipt_types import RunReceipt


@dataclass(frozen=True, kw_only=True)
class ChooseReceipt(RunReceipt):
    """
    What an analysis is to do.

    plans: one per mart that is behind; none if all show the newest version. stories: how many are
    analysed, at most once per mart. batches: paths of the receipts that `analyze` takes; one of no
    story if only the pairing is behind, none if nothing is.
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
    """A batch that was analysed. rows, stories, failed: by mart: a frame; how many; of these."""

    step: ClassVar = "analyze"
    rows: Mapping[str, Path]
    stories: Mapping[str, int]
    failed: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class MartReceipt:
    """What one analysis did to one mart; overtaken: another analysis did it, this one nothing."""

    mart: str
    lake_version: int
    stories: int
    failed_stories: int
    rows_added: int
    overtaken: bool


@dataclass(frozen=True, kw_only=True)
class MartsReceipt(RunReceipt):
    """An analysis that has landed, mart by mart."""

    step: ClassVar = "marts"
    marts: tuple[MartReceipt, ...]

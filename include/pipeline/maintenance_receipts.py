"""
What the receipts of the maintenance steps hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from include.pipeline.receipt_types import Receipt


@dataclass(frozen=True)
class CompactedDay:
    """A day of a table (None: a table without days): files and bytes, before and after."""

    table: str
    day: date | None
    files: tuple[int, int]
    size_bytes: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class CompactReceipt(Receipt):
    """Days that were compacted, their sums before and after; left: days that changed meanwhile."""

    step: ClassVar = "compact"
    days: tuple[CompactedDay, ...]
    files: tuple[int, int]
    size_bytes: tuple[int, int]
    left: int


@dataclass(frozen=True, kw_only=True)
class VacuumReceipt(Receipt):
    """
    Files that were removed, and those that were not though no newest version has them.

    unread: tables (or the warehouse) whose older versions cannot be read: nothing of them was
    removed.
    """

    step: ClassVar = "vacuum"
    removed_files: int
    removed_bytes: int
    kept_files: int
    orphan_files: int
    unread: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GatherReceipt(Receipt):
    """The files of `pages` that have evidence; read: those of them that had none before."""

    step: ClassVar = "gather"
    files: tuple[str, ...]
    pages_version: int
    read: int


@dataclass(frozen=True, kw_only=True)
class LearnReceipt(Receipt):
    """The chrome book: its lines, and the pages that it was learnt from."""

    step: ClassVar = "learn"
    book_version: int
    changed: bool
    lines: int
    pages: int

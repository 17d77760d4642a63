"""
The nouns that rooms hand each other beside Arrow tables. No behaviour but what a noun owes itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Protocol

import pyarrow as pa

from include.errors import TallyUnbalanced

STORY_ROLES = (
    "headline", "subhead", "byline", "dateline", "caption", "credit", "body", "list", "tags",
    "table",
)  # fmt: skip
CHROME_ROLES = (
    "disclosure", "widget", "promo", "navigation", "related", "comment", "advert", "share",
    "legal", "boilerplate", "other",
)  # fmt: skip

BOOK_RULE = 1  # how the chrome book is learnt: raise when the same pages give other lines

INGEST, REVIEW, RESPLIT = "ingest", "review", "resplit"  # kinds of runs
OUTCOMES = ("landed", "no_story", "rejected", "redelivered", "unpacked", "resplit")
SMALL_BYTES = 8 * 2**20  # of a file: its footer and its opening cost more than its rows

# A regex class, alike in Python's `re` and Rust's `regex` (polars). A character outside it counts:
# it must stand in exactly one story part or chrome span. Whitespace (all of `str.isspace`),
# controls, and format characters nobody sees; U+FFFD is not blank, it stands for lost bytes.
BLANKS = (
    r"[\x00-\x20\x7F-\xA0\xAD\u061C\u1680\u180E\u2000-\u200F\u2028-\u202F"
    r"\u205F-\u2064\u2066-\u2069\u3000\uFEFF]"
)


@dataclass(frozen=True)
class Run:
    """
    One run. started_at is UTC; every row of the run carries it as `ingested_at`.

    day: the partition that its pages stand in already, where they are split again.
    """

    run_id: str
    started_at: datetime
    day: date | None = None

    @property
    def ingest_day(self) -> date:
        """Give the partition its rows land in."""
        return self.day or self.started_at.date()


class KnownFiles(Protocol):
    """What intake asks of the ledger, one file at a time."""

    def knows_name(self, inbox: str, name: str) -> bool:
        """Say whether a file of that name was ever delivered."""

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        """Say whether the newest delivery of a name, rejected or not, is this page."""

    def knows_page(self, page_id: str) -> bool:
        """Say whether a page's rows stand, so that its bytes need not be split again."""


@dataclass(frozen=True)
class Split:
    """
    What became of a batch of pages.

    stories: one row a story, columns of `columns.STORY_PARTS`, in page order.
    chrome: one row a non-story span, columns of `columns.CHROME_PARTS`, in page order.
    """

    stories: pa.Table
    chrome: pa.Table


@dataclass(frozen=True)
class Judged:
    """
    What became of a batch of stories: `landed.num_rows + quarantined.num_rows` is what went in.

    landed: the input's columns, and `quality_flags` (rule ids of warnings and infos that fired).
    quarantined: the input's columns, `quality_flags`, `failed_rules`, `observed`,
    `suite_version`.
    results: one row a rule, columns of `columns.QUALITY_RESULTS` less `ingest_day`.
    """

    landed: pa.Table
    quarantined: pa.Table
    results: pa.Table


@dataclass(frozen=True)
class FileTally:
    """
    Files of one run, and members of the archives among them, each counted once, by outcome.

    An archive whose members were met is `unpacked`; one that is skipped counts once, for all in it.
    """

    seen: int = 0
    taken: int = 0
    rejected: int = 0
    redelivered: int = 0
    unpacked: int = 0
    skipped: int = 0
    waiting: int = 0
    ignored: int = 0

    def __add__(self, other: FileTally) -> FileTally:
        """Sum two tallies, outcome by outcome."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return FileTally(**sums)

    def check(self) -> None:
        """Raise `TallyUnbalanced` unless every file seen has exactly one outcome."""
        out = (
            self.taken
            + self.rejected
            + self.redelivered
            + self.unpacked
            + self.skipped
            + self.waiting
            + self.ignored
        )
        if out != self.seen:
            raise TallyUnbalanced(
                "files in and out", (self.seen, out), "Report this run: intake lost count."
            )


@dataclass(frozen=True)
class StoryTally:
    """Stories of one run or batch, each counted once."""

    stories: int = 0
    landed: int = 0
    quarantined: int = 0

    def check(self) -> None:
        """Raise `TallyUnbalanced` unless every story was landed or quarantined."""
        if self.landed + self.quarantined != self.stories:
            raise TallyUnbalanced(
                "stories in and out",
                (self.stories, self.landed, self.quarantined),
                "Report this run: the judge lost a story.",
            )


@dataclass(frozen=True)
class Opening:
    """A person's word that rules of the gate may be broken, in one run: which, who, when (UTC)."""

    rules: tuple[str, ...]
    opened_by: str
    opened_at: datetime


@dataclass(frozen=True)
class TableVersion:
    """One Delta table as it stands: its version (-1: not created yet) and its live files."""

    table: str
    version: int
    files: tuple[str, ...] = ()  # relative to the lake's root, '/'-separated
    size_bytes: int = 0
    small_files: int = 0  # of them those under SMALL_BYTES


@dataclass(frozen=True)
class LakeVersion:
    """The whole lake at one instant: what the warehouse is projected from."""

    root: str
    tables: dict[str, TableVersion] = field(default_factory=dict)

    def key(self) -> str:
        """Give a name that is equal for equal versions: `pages=3 runs=2 …`."""
        return " ".join(f"{name}={self.tables[name].version}" for name in sorted(self.tables))


@dataclass(frozen=True)
class Moment:
    """
    The whole lake as it stood at some time.

    number, run_id, landed_at: of the last run that had finished by then. at: that time (UTC).
    """

    number: int
    run_id: str
    at: datetime
    landed_at: datetime
    version: LakeVersion


@dataclass(frozen=True)
class Published:
    """What publishing did: the warehouse's path, the lake version in it, and what it cost."""

    path: str
    lake_key: str
    changed: bool
    seconds: float


@dataclass(frozen=True)
class Landed:
    """What landing did: the row of `runs`, the days touched, and the lake's version after it."""

    run_row: dict[str, object]
    days: tuple[date, ...]
    version: LakeVersion

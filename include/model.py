"""The types that rooms pass to each other in addition to Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from include.errors import TallyUnbalanced

STORY_ROLES = (
    "headline", "subhead", "byline", "dateline", "caption", "credit", "body", "list", "tags",
    "table", "correction", "paywall", "read_more", "contact", "author",
)  # fmt: skip
CHROME_ROLES = (
    "disclosure", "widget", "promo", "navigation", "related", "comment", "advert", "share",
    "legal", "boilerplate", "other",
)  # fmt: skip

BOOK_RULE = 1  # of the chrome book: increase when the same pages would give different lines

INGEST, REVIEW, RESPLIT = "ingest", "review", "resplit"  # kinds of runs
OUTCOMES = ("landed", "no_story", "rejected", "redelivered", "unpacked", "resplit", "replaced")
SMALL_BYTES = 8 * 2**20  # size of a file below which opening it costs more than reading its rows

# A regex class, the same in Python's `re` and Rust's `regex` (polars): whitespace (all of
# `str.isspace`), controls and invisible format characters. Every other character must be in exactly
# one story part or chrome span. U+FFFD is not blank: it stands for lost bytes.
BLANKS = (
    r"[\x00-\x20\x7F-\xA0\xAD\u061C\u1680\u180E\u2000-\u200F\u2028-\u202F"
    r"\u205F-\u2064\u2066-\u2069\u3000\uFEFF]"
)


@dataclass(frozen=True)
class Run:
    """
    One run. started_at is UTC; it is `ingested_at` in every row that the run writes.

    day: for a re-split, the partition that its pages are in.
    """

    run_id: str
    started_at: datetime
    day: date | None = None

    @property
    def ingest_day(self) -> date:
        """The partition in which its rows land."""
        return self.day or self.started_at.date()


class KnownFiles(Protocol):
    """What intake asks of the ledger, one file at a time."""

    def knows_name(self, inbox: str, name: str) -> bool:
        """Say whether a file of that name was ever delivered."""

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        """Say whether the newest delivery of a name, even if rejected, is this page."""

    def knows_page(self, page_id: str) -> bool:
        """Say whether the page is current, so that its bytes need not be split again."""


@dataclass(frozen=True)
class Split:
    """
    What a batch of pages was split into.

    stories: one row per story, columns of `schema.split.STORY_PARTS`, in page order.
    chrome: one row per span outside stories, columns of `schema.split.CHROME_PARTS`, in page order.
    """

    stories: pa.Table
    chrome: pa.Table


@dataclass(frozen=True)
class Judged:
    """
    How a batch of stories was judged; each story is in `landed` or in `quarantined`.

    landed: the input's columns, and `quality_flags` (ids of the warning and info rules it broke).
    quarantined: the input's columns, `quality_flags`, `failed_rules`, `observed`,
    `suite_version`.
    results: one row per rule, columns of `QUALITY_RESULTS` except `ingest_day`.
    """

    landed: pa.Table
    quarantined: pa.Table
    results: pa.Table


@dataclass(frozen=True)
class FileTally:
    """
    Files of one run and members of its archives by outcome; each is counted once.

    An archive whose members were read is `unpacked`; one that is skipped counts once as a whole.
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
        """Add two tallies, outcome by outcome."""
        sums = {f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        return FileTally(**sums)

    def check(self) -> None:
        """Raise `TallyUnbalanced` unless every file seen has exactly one outcome."""
        out = sum(getattr(self, f.name) for f in fields(self)) - self.seen
        if out != self.seen:
            raise TallyUnbalanced(
                "files in and out", (self.seen, out), "Report this run: intake has miscounted."
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
class Taken:
    """What intake took: its files by outcome, and the ids of the batches it made of them."""

    tally: FileTally
    batches: tuple[str, ...]


@dataclass(frozen=True)
class JudgedBatch:
    """One judged batch as the gate counts it; set_aside: pages that nobody could split or judge."""

    run_id: str
    batch_id: str
    tally: StoryTally
    splitter_version: str
    suite_version: str
    set_aside: int = 0


@dataclass(frozen=True)
class GatedRun:
    """
    What a run that passed the gate lands.

    rows: for each lake table, the Arrow files of its rows, one per batch. tally: as intake counted.
    kind: unless it is an ingest, the pages come from the lake and were split again. book_version:
    of the chrome book its pages were split with.
    """

    inbox: str
    tally: FileTally
    rows: Mapping[str, Sequence[Path]]
    splitter_version: str
    suite_version: str
    kind: str = INGEST
    book_version: int | None = None


@dataclass(frozen=True)
class Opening:
    """A person's permission for one run to break rules of the gate: which, who, when (UTC)."""

    rules: tuple[str, ...]
    opened_by: str
    opened_at: datetime


@dataclass(frozen=True)
class TableVersion:
    """One version of a Delta table (-1: not created yet) and its live files."""

    table: str
    version: int
    files: tuple[str, ...] = ()  # relative to the lake's root, '/'-separated
    size_bytes: int = 0
    small_files: int = 0  # how many of them are smaller than SMALL_BYTES


@dataclass(frozen=True)
class LakeVersion:
    """The versions of all tables of the lake at one moment; a warehouse shows one of these."""

    root: str
    tables: dict[str, TableVersion] = field(default_factory=dict)

    def key(self) -> str:
        """Return a name that is equal for equal versions: `pages=3 runs=2 …`."""
        return " ".join(f"{name}={self.tables[name].version}" for name in sorted(self.tables))


@dataclass(frozen=True)
class Moment:
    """
    The whole lake at some time in the past.

    number, run_id, landed_at: of the last run that had finished by then. at: that time (UTC).
    """

    number: int
    run_id: str
    at: datetime
    landed_at: datetime
    version: LakeVersion


@dataclass(frozen=True)
class Published:
    """What publishing did: path of the warehouse, the lake version in it, whether it is new."""

    path: str
    lake_key: str
    changed: bool
    seconds: float


@dataclass(frozen=True)
class Landed:
    """What landing did: the row of `runs`, the days it wrote to, and the lake's new version."""

    run_row: dict[str, object]
    days: tuple[date, ...]
    version: LakeVersion

"""
What splitting pages again would change: what `compare` finds, and a person is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Counts:
    """
    Stories of a re-split, landed and set aside: before + added - gone = after.

    headline … verdict: of the changed stories, by what differs; they may overlap. changed_chars: of
    the paragraphs that only one side has.
    """

    before: int = 0
    same: int = 0
    changed: int = 0
    added: int = 0
    gone: int = 0
    after: int = 0
    headline: int = 0
    body: int = 0
    boundaries: int = 0
    facts: int = 0
    verdict: int = 0
    changed_chars: int = 0


@dataclass(frozen=True, kw_only=True)
class OutletCounts(Counts):
    """The counts of one outlet; None: no outlet is named."""

    outlet: str | None


@dataclass(frozen=True)
class Side:
    """A story as it was before, or as it is after; every field is None where there is none."""

    story_id: str | None
    headline: str | None
    verdict: str | None
    body_chars: int | None


@dataclass(frozen=True, kw_only=True)
class Change:
    """One story that was added, is gone or changed; the columns of `resplit_changes`."""

    page_id: str
    source_name: str
    outlet: str | None
    change: str
    what: tuple[str, ...]
    story_id_before: str | None
    story_id_after: str | None
    headline_before: str | None
    headline_after: str | None
    verdict_before: str | None
    verdict_after: str | None
    body_chars_before: int | None
    body_chars_after: int | None
    changed_chars: int
    diff: str
    splitter_version_before: str | None
    splitter_version_after: str | None

    @property
    def sides(self) -> dict[str, Side]:
        """Give the sides that have a story, `before` first."""
        before = Side(
            self.story_id_before, self.headline_before, self.verdict_before, self.body_chars_before
        )
        after = Side(
            self.story_id_after, self.headline_after, self.verdict_after, self.body_chars_after
        )
        return {
            name: side for name, side in (("before", before), ("after", after)) if side.story_id
        }


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """
    What landing a re-split would change.

    outlets: those that change most first. examples: the largest changes, the largest first.
    splitters_before: the versions that found the stories that change. splitter_version: the one
    that split the pages again.
    """

    run_id: str
    started_at: datetime
    pages: int
    totals: Counts
    outlets: tuple[OutletCounts, ...]
    examples: tuple[Change, ...]
    splitters_before: tuple[str, ...]
    splitter_version: str

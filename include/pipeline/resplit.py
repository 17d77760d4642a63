"""
Split landed pages again: find what would change, and record whether a person approved it.

These steps stand between `gate` and `land` of a run that recalled pages: `compare` finds what would
change, `settle` records the answer, and only an approved run lands. Each may run twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

from include.config.settings import Settings
from include.errors import UsageWrong
from include.pipeline.comparisons import COMPARED
from include.pipeline.receipt_types import CompareReceipt, GateReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.review.comparison import Change, Counts, OutletCounts
from include.storage.frames import drop_frames, open_frame, read_frame

if TYPE_CHECKING:
    from include.lake.reading.recall import Choice

APPROVED, REFUSED, DRY_RUN = "approved", "refused", "dry_run"
ALL = "all"
EXAMPLES = 20
DAYS_AT_MOST = 36_525  # a hundred years
RANGE = re.compile(r"(\S+?)(?:\s*\.\.\s*(\S+))?")


def choose(days: Sequence[date] | None, outlets: Iterable[str], only_older: bool) -> Choice:
    """Choose pages by day (None: all), outlet (empty: all) and splitter."""
    from include.lake.reading.recall import Choice
    from include.splitter.split import SPLITTER_VERSION

    named = frozenset(outlet.strip() for outlet in outlets if outlet.strip())
    return Choice(
        days=None if days is None else tuple(days),
        below=SPLITTER_VERSION if only_older else None,
        outlets=named or None,
    )


def read_days(days: str | Sequence[str]) -> tuple[date, ...] | None:
    """
    Parse days: `2026-01-01`, `2026-01-01..2026-01-31`, a list of these or one with commas; `all`.

    Returns:
        Ascending days; None for all.
    Raises:
        UsageWrong: not a day, or a range that runs backwards or exceeds a hundred years.
    """
    words = days.split(",") if isinstance(days, str) else list(days)
    if [word.strip().lower() for word in words] == [ALL]:
        return None
    chosen: set[date] = set()
    for word in words:
        chosen.update(_read_range(word.strip()))
    return tuple(sorted(chosen))


def _read_range(word: str) -> list[date]:
    way_out = "Write days as 2026-01-31 or 2026-01-01..2026-01-31, or all."
    match = RANGE.fullmatch(word)
    try:
        first, last = (date.fromisoformat(match[n] or match[1]) if match else None for n in (1, 2))
    except ValueError as exc:
        raise UsageWrong("days", word, way_out) from exc
    if first and last and last < first:
        raise UsageWrong("days", word, f"They run backwards: write {last}..{first}.")
    if first is None or last is None or not 0 <= (last - first).days < DAYS_AT_MOST:
        raise UsageWrong("days", word, way_out)
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def compare(settings: Settings, gate_receipt: str | Path) -> Path:
    """
    Find what landing a run would change; write it as a frame and a receipt.

    Returns:
        The path of the receipt.
    """
    from include.lake.revisions.resplits import CHANGES, compare_run

    receipt = read_receipt(gate_receipt, GateReceipt)
    run, folder = receipt.run, Path(gate_receipt).parent
    outlets: dict[str | None, Counter[str]] = {}
    older: set[str | None] = set()
    examples: list[Change] = []
    path, pages = folder / "resplit.changes.arrow", 0
    frames = (receipt.rows[name] for name in ("pages", "stories", "quarantine"))
    batches = list(zip(*frames, strict=True))
    with open_frame(path, CHANGES) as write:
        for counted, differences in compare_run(settings.lake, batches, run, folder):
            pages += counted
            for outlet, same in differences.same.items():
                outlets.setdefault(outlet, Counter()).update(same=same, before=same, after=same)
            for batch in differences.rows.to_batches():
                write(batch)
            changes = [
                Change(**{**row, "what": tuple(row["what"])})
                for row in differences.rows.to_pylist()
            ]
            for change in changes:
                outlets.setdefault(change.outlet, Counter()).update(_count(change))
                older.update([change.splitter_version_before])
            examples = nlargest(EXAMPLES, [*examples, *changes], key=_size)
    by_size = sorted(outlets, key=lambda name: (-_changes(outlets[name]), name is None, name or ""))
    compared = CompareReceipt(
        run_id=receipt.run_id,
        started_at=receipt.started_at,
        inbox=receipt.inbox,
        gate=Path(gate_receipt),
        changes=path,
        pages=pages,
        totals=Counts(**sum(outlets.values(), Counter())),
        outlets=tuple(OutletCounts(outlet=name, **outlets[name]) for name in by_size),
        examples=tuple(examples),
        splitters_before=tuple(sorted(version for version in older if version)),
        splitter_version=receipt.splitter_version,
    )
    return write_receipt(folder / COMPARED, compared)


def settle(
    settings: Settings, compared: str | Path, decision: str, by: str | None, at: datetime
) -> bool:
    """
    Record a decision on a run's changes in the lake; return whether the run is to land.

    Args:
        decision: APPROVED, REFUSED or DRY_RUN. by: None if nobody was asked.
    Raises:
        LakeLocked: a run is landing.
    """
    from include.lake.revisions.resplits import add_changes

    receipt = read_receipt(compared, CompareReceipt)
    add_changes(settings.lake, receipt.run, read_frame(receipt.changes), decision, by, at)
    if decision == APPROVED:
        return True
    drop_frames(Path(compared).parent)
    return False


def _count(change: Change) -> Counter[str]:
    """Count one story, by the fields of `Counts`."""
    counts = Counter({change.change: 1, "changed_chars": change.changed_chars})
    counts.update(before=change.change != "added", after=change.change != "gone")
    counts.update(change.what)
    return counts


def _changes(counts: Counter[str]) -> int:
    return counts["added"] + counts["gone"] + counts["changed"]


def _size(change: Change) -> tuple[int, str, str]:
    story_id = change.story_id_after or change.story_id_before or ""
    return change.changed_chars, change.page_id, story_id

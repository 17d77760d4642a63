"""
Re-splitting: what a newer splitter would make of pages that have landed, and a person's word on it.

Between `gate` and `land` of a run that recalled pages: `compare` tells what would change, `settle`
keeps the answer, and only an approved run lands. Each may run twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.config.settings import Settings
from include.errors import UsageWrong
from include.pipeline.receipts import read_receipt, run_of, write_receipt
from include.review.resplit_page import write_page
from include.storage.atomic import atomic_write
from include.storage.frames import drop_frames, open_frame, read_frame

if TYPE_CHECKING:
    from include.lake.reading.recall import Choice

APPROVED, REFUSED, DRY_RUN = "approved", "refused", "dry_run"
ALL = "all"
EXAMPLES = 20
PAGES_KEPT = 50  # of reports, beside Data Docs
DAYS_AT_MOST = 36_525  # a hundred years
WHAT = ("headline", "body", "boundaries", "facts", "verdict")
OF_BATCHES = ("pages", "stories", "quarantine")
RANGE = re.compile(r"(\S+?)(?:\s*\.\.\s*(\S+))?")


def choose(days: Sequence[date] | None, outlets: Iterable[str], only_older: bool) -> Choice:
    """Give the choice of pages by day (None: all), outlet (none: all) and splitter."""
    from include.lake.reading.recall import Choice
    from include.splitter.split import SPLITTER_VERSION

    named = frozenset(outlet.strip() for outlet in outlets if outlet.strip())
    return Choice(
        days=None if days is None else tuple(days),
        below=SPLITTER_VERSION if only_older else None,
        outlets=named or None,
    )


def read_days(told: str | Sequence[str]) -> tuple[date, ...] | None:
    """
    Read days: `2026-01-01`, `2026-01-01..2026-01-31`, several with commas or as a list; `all`.

    Returns:
        Ascending days; None for all.
    Raises:
        UsageWrong: no day, or a range that runs backwards or over a hundred years.
    """
    words = told.split(",") if isinstance(told, str) else list(told)
    if [word.strip().lower() for word in words] == [ALL]:
        return None
    found: set[date] = set()
    for word in words:
        found.update(_read_range(word.strip()))
    return tuple(sorted(found))


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


def page_of(settings: Settings, run_key: str) -> Path:
    """Give the path of a run's report; beside Data Docs, where later runs do not remove it."""
    return settings.data_docs / "resplits" / f"{run_key}.html"


def compare(settings: Settings, gate_receipt: str | Path) -> Path:
    """
    Tell what landing a run would change; write it as a frame, a receipt and a page.

    Returns:
        The receipt: `outlets` (counts by outlet; before + added - gone = after), `totals`,
        `examples` (the largest changes), `report` (the page's path), `changes` (the frame).
    """
    from include.lake.revisions.resplits import CHANGES, compare_run

    receipt = read_receipt(gate_receipt, "gate")
    run, folder = run_of(receipt), Path(gate_receipt).parent
    outlets: dict[str | None, Counter[str]] = {}
    older: Counter[str] = Counter()
    examples: list[dict[str, Any]] = []
    changes, pages = folder / "resplit.changes.arrow", 0
    batches = list(zip(*(receipt["rows"][name] for name in OF_BATCHES), strict=True))
    with open_frame(changes, CHANGES) as write:
        for counted, found in compare_run(settings.lake, batches, run, folder):
            pages += counted
            for outlet, same in found.same.items():
                outlets.setdefault(outlet, Counter()).update(same=same, before=same, after=same)
            for batch in found.rows.to_batches():
                write(batch)
            rows = found.rows.to_pylist()
            for row in rows:
                outlets.setdefault(row["outlet"], Counter()).update(_count(row))
                older.update([row["splitter_version_before"]])
            examples = nlargest(EXAMPLES, [*examples, *rows], key=_size)
    by_size = sorted(outlets, key=lambda name: (-_changes(outlets[name]), name is None, name or ""))
    content = {
        **{key: receipt[key] for key in ("run_id", "started_at", "inbox")},
        "gate": str(gate_receipt),
        "changes": str(changes),
        "report": str(page_of(settings, folder.name)),
        "pages": pages,
        "totals": dict(sum(outlets.values(), Counter())),
        "outlets": [{"outlet": name, **outlets[name]} for name in by_size],
        "examples": examples,
        "splitters_before": sorted(version for version in older if version),
        "splitter_version": receipt["splitter_version"],
    }
    path = write_receipt(folder / "compared.json", "compare", content)
    _write_report(Path(content["report"]), content)
    return path


def settle(
    settings: Settings, compared: str | Path, decision: str, by: str | None, at: datetime
) -> bool:
    """
    Keep what was decided on a run's changes in the lake; say whether the run is to land.

    Args:
        decision: APPROVED, REFUSED or DRY_RUN. by: None where nobody was asked.
    Raises:
        LakeLocked: a run is landing.
    """
    from include.lake.revisions.resplits import add_changes

    told = read_receipt(compared, "compare")
    add_changes(settings.lake, run_of(told), read_frame(told["changes"]), decision, by, at)
    if decision == APPROVED:
        return True
    drop_frames(Path(compared).parent)
    return False


def _count(row: dict[str, Any]) -> Counter[str]:
    """Count one story that changed, by what did."""
    counts = Counter({row["change"]: 1, "changed_chars": row["changed_chars"]})
    counts.update(before=row["change"] != "added", after=row["change"] != "gone")
    counts.update(row["what"])
    return counts


def _changes(counts: Counter[str]) -> int:
    return counts["added"] + counts["gone"] + counts["changed"]


def _size(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["changed_chars"], row["page_id"], row["story_id_after"] or row["story_id_before"]


def _write_report(path: Path, told: dict[str, Any]) -> None:
    """Write the report, and delete the oldest beyond `PAGES_KEPT`."""
    with atomic_write("report", path) as temporary:
        temporary.write_text(write_page(told), encoding="utf-8")
    pages = sorted(path.parent.glob("*.html"), key=lambda page: page.stat().st_mtime, reverse=True)
    for old in pages[PAGES_KEPT:]:
        old.unlink(missing_ok=True)

"""
Correct a split: write overrides, withdraw them, and split their pages again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from include.config.commands import format_command
from include.config.settings import Settings
from include.errors import NotFound
from include.lake.decisions.decisions import add_decisions, read_overrides
from include.lake.reading.recall import find_page
from include.pipeline.review import edit_again, parse_corrections, read_page
from include.review.corrections import Word
from include.schema.lake import OVERRIDES


def correct(settings: Settings, words: Sequence[str], page: str | None, word: Word) -> pa.Table:
    """
    Write corrections to the lake; give the rows that are new.

    Args:
        page: a page_id, or a file's path in its inbox or the end of it; None: an outlet's pages.
    Raises:
        NotFound: no current page matches. UsageWrong: a correction cannot be parsed.
        LakeLocked: a run is landing.
    """
    pages = [read_page(settings, *find_page(settings.lake, page))] if page else []
    overrides = parse_corrections("\n".join(words), pages, word)
    return add_decisions(settings.lake, OVERRIDES, overrides, {})


def withdraw(settings: Settings, override_id: str, word: Word) -> pa.Table:
    """
    Withdraw an override: pages split from now on ignore it.

    Raises:
        NotFound: no override of that id is in force.
    """
    held = [o for o in read_overrides(settings.lake).to_pylist() if o["override_id"] == override_id]
    if not held:
        ids = format_command(settings, ["correct", "--list"])
        raise NotFound("override", override_id, f"`{ids}` has their ids.")
    changes = {"is_withdrawn": True, "made_by": word.made_by, "made_at": word.made_at}
    rows = pa.Table.from_pylist([{**held[0], **changes}], schema=OVERRIDES.schema())
    return add_decisions(settings.lake, OVERRIDES, rows, {})


def edit_corrected(
    settings: Settings,
    overrides: pa.Table,
    run_id: str,
    now: datetime,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> dict[str, Any] | None:
    """
    Split the pages named by overrides again, land and publish them; give the run's row of `runs`.

    Returns None if no current page is named: the overrides are published, and apply from the next
    split on.

    Args:
        now: when the run begins. clock: called when it lands.
    """
    return split_and_land(
        settings, overrides["page_id"].drop_null().to_pylist(), run_id, now, clock
    )


def split_and_land(
    settings: Settings,
    page_ids: Collection[str],
    run_id: str,
    now: datetime,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> dict[str, Any] | None:
    """
    Split pages again, land them and publish; give the run's row of `runs`, None if none is current.

    Args:
        now: when the run begins. clock: called when it lands.
    """
    from include.pipeline import steps
    from include.pipeline.receipt_types import LandReceipt
    from include.pipeline.receipts import read_receipt

    row: dict[str, Any] | None = None
    gated = edit_again(settings, run_id, now, frozenset(page_ids)) if page_ids else None
    if gated is not None:
        row = read_receipt(steps.land(settings, gated, clock()), LandReceipt).run
    steps.publish(settings)
    return row


@dataclass(frozen=True)
class Corrected:
    """What a correction did. override_ids: those that are new. run: its row of `runs`, or None."""

    override_ids: tuple[str, ...]
    run: dict[str, Any] | None


def correct_and_land(
    settings: Settings, words: Sequence[str], page_id: str, word: Word
) -> Corrected:
    """Write corrections of a page and land what follows; raises as `correct`."""
    return _land(settings, correct(settings, words, page_id, word), word)


def withdraw_and_land(settings: Settings, override_id: str, word: Word) -> Corrected:
    """Withdraw an override and land what follows; raises as `withdraw`."""
    return _land(settings, withdraw(settings, override_id, word), word)


def _land(settings: Settings, overrides: pa.Table, word: Word) -> Corrected:
    ids = tuple(overrides["override_id"].to_pylist())
    if not ids:
        return Corrected(ids, None)
    run_id = f"correct__{word.made_at.isoformat()}"
    return Corrected(ids, edit_corrected(settings, overrides, run_id, word.made_at))

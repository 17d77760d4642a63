"""
Review quarantined stories that a person has chosen by hand, by the steps of `review_quarantine`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from include.config.settings import Settings
from include.errors import UsageWrong
from include.lake.decisions.decisions import read_waiting
from include.pipeline import review
from include.pipeline.corrections import split_and_land
from include.pipeline.receipt_types import CaseReceipt, DecideReceipt
from include.pipeline.receipts import read_receipt, run_key, write_receipt
from include.review.cases import Answer


@dataclass(frozen=True)
class Reviewed:
    """
    What a review did: stories decided on, chosen stories that had changed or gone meanwhile, and
    stories landed from the pages that were split again.
    """

    decided: int
    stale: int
    landed: int


def review_chosen(settings: Settings, chosen: Collection[str], answer: Answer) -> Reviewed:
    """
    Record a decision on stories; split and land their pages again if it asks for that; publish.

    Args:
        chosen: story_id and text_hash of each, a space between: the text that the person saw.
    Raises:
        UsageWrong: none of them waits any more, or the answer cannot be read; nothing is written.
        LakeLocked: a run is landing.
    """
    keys = set(chosen)
    waiting = [s for s in read_waiting(settings.lake).to_dicts() if _key(s) in keys]
    if not waiting:
        way_out = "They have been decided on or split again since. Reload the page."
        raise UsageWrong("stories", len(chosen), way_out)
    run_id = f"desk__{answer.at.isoformat()}"
    cause = tuple(dict.fromkeys(rule for story in waiting for rule in story["failed_rules"]))
    case = CaseReceipt(
        case_id=f"{run_id}/00",
        label=f"{', '.join(cause)}: {len(waiting)}",
        cause=cause,
        notes={},
        stories=tuple(review.read_story(settings, story) for story in waiting),
        others=0,
    )
    path = write_receipt(settings.receipts / run_key(run_id) / "case-00.json", case)
    done = read_receipt(review.decide(settings, path, answer), DecideReceipt)
    run = split_and_land(settings, done.recalled, f"{run_id}/case-00", datetime.now(UTC))
    stale = len(keys) - len(waiting) + done.stale
    return Reviewed(done.decided, stale, run["stories_landed"] if run else 0)


def _key(story: Mapping[str, Any]) -> str:
    return f"{story['story_id']} {story['text_hash']}"

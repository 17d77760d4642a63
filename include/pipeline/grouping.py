"""
The step `group`: group stories into events, anew from the first day that changed.

It runs after `pair`: copies of one text are in one event.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from include.config.settings import Settings
from include.pipeline.analysis_receipts import MartReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.storage.frames import drop_frames, write_frame
from include.telemetry.signals import measured

Between = Callable[[str], None]


@measured("group")
def group(
    settings: Settings,
    marts_receipt: str | Path,
    now: datetime,
    between: Between = lambda point: None,
) -> Path:
    """
    Group stories into events; give the receipt of all marts.

    Args:
        between: called after each commit with its name; tests kill the step there.
    Raises:
        LakeLocked: another analysis is landing, or a run.
    """
    landed = read_receipt(marts_receipt, MartsReceipt)
    folder = Path(marts_receipt).parent
    mart = _group(settings, folder, landed.run_id, now, between)
    marts = landed.marts if mart is None else (*landed.marts, mart)
    receipt = MartsReceipt(run_id=landed.run_id, started_at=landed.started_at, marts=marts)
    path = write_receipt(folder / "grouped.json", receipt)
    drop_frames(folder)
    return path


def is_behind(settings: Settings) -> bool:
    """Tell whether events show an older version than what they are made from."""
    from include.analysis.events.groups import GROUPS_VERSION
    from include.lake.marts.events import plan_grouping

    return plan_grouping(settings.lake, GROUPS_VERSION) is not None


def _group(
    settings: Settings, folder: Path, run_id: str, now: datetime, between: Between
) -> MartReceipt | None:
    """Land the events of all stories; None if they are up to date."""
    from include.analysis.duplicates.candidates import MIN_WORDS
    from include.analysis.duplicates.pairs import drop_round_ups
    from include.analysis.events.changes import compare_groupings
    from include.analysis.events.groups import GROUPS_VERSION, group_stories, order_stories
    from include.analysis.events.regroup import find_needed, keep_grouped
    from include.analysis.events.similarity import encode_terms
    from include.lake.marts import events
    from include.lake.marts.changes import KEY
    from include.lake.marts.land import MartOutput, land_mart
    from include.lake.marts.rows import stamp_rows
    from include.lake.marts.texts import TEXTS, read_pairs
    from include.schema.analysis import EVENT_CHANGES, EVENT_MEMBERS

    lake = settings.lake
    plan = events.plan_grouping(lake, GROUPS_VERSION)
    if plan is None:
        return None
    stories = events.read_stories(lake, MIN_WORDS)
    figures = ("kind", "words_a", "words_b", "shared_a", "shared_b")
    copies = drop_round_ups(read_pairs(lake, TEXTS, [*TEXTS.ends, *figures]))
    runs = events.find_grouped_runs(lake, plan)
    before = events.read_members(lake, events.PLACED if runs is None else events.MEMBER)
    ordered = order_stories(stories, copies)
    grouped = keep_grouped(ordered, before, runs)
    needed = events.read_vectors(lake, find_needed(ordered, grouped))
    members = group_stories(ordered, encode_terms(needed), grouped)
    changes = stamp_rows(compare_groupings(before, members), EVENT_CHANGES, plan.analysis_id)
    keyed = members.join(stories.select(["story_id", *KEY]), "story_id").sort_by("story_id")
    rows = stamp_rows(keyed, EVENT_MEMBERS, plan.analysis_id)
    evidence = write_frame(folder / f"{EVENT_CHANGES.name}.arrow", changes)
    frame = write_frame(folder / f"{EVENT_MEMBERS.name}.arrow", rows)
    output = MartOutput((frame,), stories.num_rows, 0, stale=(), evidence=(EVENT_CHANGES, evidence))
    return MartReceipt.of(plan, output, land_mart(lake, plan, output, run_id, now, between))

"""
The step `group`: link the stories that landed since the last linking with those of the same weeks,
and group all linked stories into events.

It runs after `pair`: copies of one text are in one event.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from include.config.settings import Settings
from include.pipeline.analysis_receipts import MartReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.storage.frames import drop_frames, map_frame, write_frame
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
    Link the stories that are new, and group all into events; give the receipt of all marts.

    Args:
        between: called after each commit with its name; tests kill the step there.
    Raises:
        LakeLocked: another analysis is landing, or a run.
    """
    landed = read_receipt(marts_receipt, MartsReceipt)
    folder = Path(marts_receipt).parent
    made = [
        mart
        for make in (_link, _group)
        if (mart := make(settings, folder, landed.run_id, now, between)) is not None
    ]
    receipt = MartsReceipt(
        run_id=landed.run_id, started_at=landed.started_at, marts=(*landed.marts, *made)
    )
    path = write_receipt(folder / "grouped.json", receipt)
    drop_frames(folder)
    return path


def is_behind(settings: Settings) -> bool:
    """Tell whether links or events show an older version than what they are made from."""
    from include.analysis.events.groups import GROUPS_VERSION
    from include.analysis.events.links import LINKS_VERSION
    from include.lake.marts.events import plan_grouping
    from include.lake.marts.texts import VECTORS, plan_pairing

    links = plan_pairing(settings.lake, LINKS_VERSION, VECTORS)
    return bool(links or plan_grouping(settings.lake, GROUPS_VERSION))


def _link(
    settings: Settings, folder: Path, run_id: str, now: datetime, between: Between
) -> MartReceipt | None:
    """Land the links of new stories; None if there is nothing to link."""
    from include.analysis.events.links import LINKS_VERSION, READS, find_links
    from include.lake.marts.land import MartOutput, land_mart
    from include.lake.marts.rows import stamp_rows
    from include.lake.marts.texts import (
        VECTORS,
        drop_paired,
        find_stale_pairs,
        join_pairs,
        plan_pairing,
        read_texts,
    )
    from include.pipeline.all_pairs import compare_parts, write_parts
    from include.pipeline.engines import open_for

    lake, kind = settings.lake, VECTORS.pairs
    plan = plan_pairing(lake, LINKS_VERSION, VECTORS)
    if plan is None:
        return None
    new = write_parts(
        folder, "new-vectors", read_texts(lake, READS, plan.since, plan.until, VECTORS)
    )
    vectors = write_parts(folder, "vectors", read_texts(lake, READS, mart=VECTORS))
    with open_for(settings, "analyze", in_process=True) as engine:
        links = compare_parts(engine, find_links, new, vectors)
    fresh = drop_paired(lake, join_pairs(links, VECTORS), plan, VECTORS)
    frame = write_frame(folder / f"{kind.name}.arrow", stamp_rows(fresh, kind, plan.analysis_id))
    keys = (map_frame(path).select([VECTORS.key]) for path in vectors)
    all_keys = pa.concat_tables(keys)[VECTORS.key]
    stale = tuple(find_stale_pairs(lake, all_keys, plan, VECTORS))
    output = MartOutput((frame,), sum(map_frame(path).num_rows for path in new), 0, stale)
    return MartReceipt.of(plan, output, land_mart(lake, plan, output, run_id, now, between))


def _group(
    settings: Settings, folder: Path, run_id: str, now: datetime, between: Between
) -> MartReceipt | None:
    """Land the events of all stories; None if they are up to date."""
    from include.analysis.duplicates.candidates import MIN_WORDS
    from include.analysis.duplicates.pairs import drop_round_ups
    from include.analysis.events.changes import compare_groupings
    from include.analysis.events.groups import GROUPS_VERSION, group_stories
    from include.lake.marts.changes import KEY
    from include.lake.marts.events import plan_grouping, read_members, read_vectors
    from include.lake.marts.land import MartOutput, land_mart
    from include.lake.marts.rows import stamp_rows
    from include.lake.marts.texts import TEXTS, VECTORS, read_pairs
    from include.schema.analysis import EVENT_CHANGES, EVENT_MEMBERS

    lake = settings.lake
    plan = plan_grouping(lake, GROUPS_VERSION)
    if plan is None:
        return None
    stories = read_vectors(lake, MIN_WORDS)
    links = read_pairs(lake, VECTORS, [*VECTORS.ends, "similarity"])
    figures = ("kind", "words_a", "words_b", "shared_a", "shared_b")
    copies = drop_round_ups(read_pairs(lake, TEXTS, [*TEXTS.ends, *figures]))
    members = group_stories(stories, links, copies)
    changes = stamp_rows(
        compare_groupings(read_members(lake), members), EVENT_CHANGES, plan.analysis_id
    )
    keyed = members.join(stories.select(["story_id", *KEY]), "story_id").sort_by("story_id")
    rows = stamp_rows(keyed, EVENT_MEMBERS, plan.analysis_id)
    evidence = write_frame(folder / f"{EVENT_CHANGES.name}.arrow", changes)
    frame = write_frame(folder / f"{EVENT_MEMBERS.name}.arrow", rows)
    output = MartOutput((frame,), stories.num_rows, 0, stale=(), evidence=(EVENT_CHANGES, evidence))
    return MartReceipt.of(plan, output, land_mart(lake, plan, output, run_id, now, between))

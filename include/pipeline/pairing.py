"""
The step `pair`: compare the texts that landed since the last pairing with all texts.

It runs after `land` and reads the signatures that `land` wrote; it reads the bodies of likely pairs
only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.config.settings import Settings
from include.lake.marts.plan import Plan
from include.pipeline.analysis_receipts import MartReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.storage.frames import drop_frames, write_frame
from include.telemetry.signals import measured

PAIRS_AT_ONCE = 5_000  # compared at once: the words of at most 10,000 texts, 80 MB


@measured("pair")
def pair(
    settings: Settings,
    marts_receipt: str | Path,
    now: datetime,
    between: Callable[[str], None] = lambda point: None,
) -> Path:
    """
    Pair the texts that are new since the last pairing; give the receipt of all marts.

    Args:
        between: called after each commit with its name; tests kill the step there.
    Raises:
        LakeLocked: another analysis is landing, or a run.
    """
    from include.analysis.duplicates.pairs import PAIRS_VERSION
    from include.lake.marts.land import MartOutput, land_mart
    from include.lake.marts.texts import find_stale_pairs, plan_pairing

    landed = read_receipt(marts_receipt, MartsReceipt)
    folder = Path(marts_receipt).parent
    marts = landed.marts
    plan = plan_pairing(settings.lake, PAIRS_VERSION)
    if plan is not None:
        new_texts, text_ids, pairs = _find_pairs(settings, plan)
        frame = write_frame(folder / f"{plan.mart}.arrow", pairs)
        stale = tuple(find_stale_pairs(settings.lake, text_ids, plan))
        output = MartOutput((frame,), new_texts, 0, stale)
        rows_added = land_mart(settings.lake, plan, output, landed.run_id, now, between)
        marts = (*marts, MartReceipt.of(plan, output, rows_added))
    receipt = MartsReceipt(run_id=landed.run_id, started_at=landed.started_at, marts=marts)
    path = write_receipt(folder / "paired.json", receipt)
    drop_frames(folder)
    return path


def _find_pairs(settings: Settings, plan: Plan) -> tuple[int, pa.ChunkedArray, pa.Table]:
    """Give the number of new texts, the ids of all, and the new pairs as rows of the lake."""
    from include.analysis.duplicates.candidates import PAIR, READS, find_candidates
    from include.analysis.duplicates.pairs import compare_texts
    from include.lake.marts.rows import stamp_rows
    from include.lake.marts.texts import TEXTS, drop_paired, join_pairs, read_bodies, read_texts
    from include.schema.analysis import TEXT_PAIRS

    lake = settings.lake
    new = pa.concat_tables(read_texts(lake, READS, plan.since, plan.until))
    candidate_parts, text_parts = [], []
    for texts in read_texts(lake, READS):
        candidate_parts.append(find_candidates(new, texts))
        text_parts.append(texts.drop_columns([*READS[1:]]))
    all_texts = pa.concat_tables(text_parts)
    candidates = drop_paired(lake, join_pairs(candidate_parts, TEXTS), plan)
    rows = [TEXT_PAIRS.schema().empty_table()]
    for start in range(0, candidates.num_rows, PAIRS_AT_ONCE):
        part = candidates.slice(start, PAIRS_AT_ONCE)
        part_ids = pa.concat_arrays([c for name in PAIR for c in part[name].chunks])
        bodies = read_bodies(lake, all_texts.filter(pc.is_in(all_texts["text_id"], part_ids)))
        rows.append(stamp_rows(compare_texts(part, bodies), TEXT_PAIRS, plan.analysis_id))
    return new.num_rows, all_texts["text_id"], pa.concat_tables(rows)

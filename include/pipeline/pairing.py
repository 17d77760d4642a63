"""
The step `pair`: compare the texts that landed since the last pairing with all texts.

It runs after `land` and reads the signatures that `land` wrote; it reads the bodies of likely pairs
only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.config.settings import Settings
from include.lake.marts.plan import Plan
from include.pipeline.analysis_receipts import MartReceipt, MartsReceipt
from include.pipeline.receipts import read_receipt, write_receipt
from include.storage.frames import drop_frames, map_frame, write_frame
from include.storage.locations import Root
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
        new_texts, text_ids, pairs = _find_pairs(settings, folder, plan)
        frame = write_frame(folder / f"{plan.mart}.arrow", pairs)
        stale = tuple(find_stale_pairs(settings.lake, text_ids, plan))
        output = MartOutput((frame,), new_texts, 0, stale)
        rows_added = land_mart(settings.lake, plan, output, landed.run_id, now, between)
        marts = (*marts, MartReceipt.of(plan, output, rows_added))
    receipt = MartsReceipt(run_id=landed.run_id, started_at=landed.started_at, marts=marts)
    path = write_receipt(folder / "paired.json", receipt)
    drop_frames(folder)
    return path


def _find_pairs(
    settings: Settings, folder: Path, plan: Plan
) -> tuple[int, pa.ChunkedArray, pa.Table]:
    """Give the number of new texts, the ids of all, and the new pairs as rows of the lake."""
    from include.analysis.duplicates.candidates import PAIR, READS, find_candidates
    from include.engine.outcomes import demand_all
    from include.lake.marts.rows import stamp_rows
    from include.lake.marts.texts import TEXTS, drop_paired, join_pairs, read_texts
    from include.pipeline.all_pairs import compare_parts, write_parts
    from include.pipeline.engines import open_for
    from include.schema.analysis import TEXT_PAIRS

    lake = settings.lake
    new = write_parts(folder, "new", read_texts(lake, READS, plan.since, plan.until))
    texts = write_parts(folder, "texts", read_texts(lake, READS))
    all_texts = pa.concat_tables(map_frame(path).drop_columns([*READS[1:]]) for path in texts)
    with open_for(settings, "analyze", in_process=True) as engine:
        found = compare_parts(engine, find_candidates, new, texts)
        candidates = drop_paired(lake, join_pairs(found, TEXTS), plan)
        lots: list[list[Path]] = []
        for start in range(0, candidates.num_rows, PAIRS_AT_ONCE):
            part = candidates.slice(start, PAIRS_AT_ONCE)
            ids = pa.concat_arrays([c for name in PAIR for c in part[name].chunks])
            mine = all_texts.filter(pc.is_in(all_texts["text_id"], ids))
            lots.append(write_parts(folder, f"lot-{len(lots):04d}", (part, mine)))
        compared = demand_all(engine.map(partial(_compare_lot, lake), lots))
    rows = [stamp_rows(map_frame(path), TEXT_PAIRS, plan.analysis_id) for path in compared]
    rows = [TEXT_PAIRS.schema().empty_table(), *rows]
    return (
        sum(map_frame(path).num_rows for path in new),
        all_texts["text_id"],
        pa.concat_tables(rows),
    )


def _compare_lot(lake: Root, lot: Sequence[Path]) -> Path:
    """Compare the texts of a lot of candidates word for word; write the pairs that are copies."""
    from include.analysis.duplicates.pairs import compare_texts
    from include.lake.marts.texts import read_bodies

    candidates, texts = lot
    pairs = compare_texts(map_frame(candidates), read_bodies(lake, map_frame(texts)))
    return write_frame(candidates.with_suffix(".pairs.arrow"), pairs)

"""
The row of `runs`: figures of what actually landed, and the same row as JSON.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa

from include.errors import TallyUnbalanced
from include.lake.ledger.current import SPLIT
from include.model import FileTally, GatedRun, Run, StoryTally
from include.schema.lake import RUNS, STAMP


def tally_files(tally: FileTally, decided: pl.DataFrame) -> FileTally:
    """
    Recount the files by their outcome at landing.

    Args:
        tally: as intake counted. decided: rows of `decide_arrivals`.
    Raises:
        TallyUnbalanced: the number of rows differs from the files that intake counted.
    """
    skipped = decided.filter(pl.col("outcome_now") == "skipped").height
    now = {
        "taken": decided.filter(pl.col("outcome_now").is_in(SPLIT)).height,
        **{
            name: decided.filter(pl.col("outcome_now") == name).height
            for name in ("rejected", "redelivered", "unpacked")
        },
    }
    moved = replace(tally, **now, skipped=tally.skipped + skipped)
    counted = tally.taken + tally.rejected + tally.redelivered + tally.unpacked
    if counted != decided.height:
        raise TallyUnbalanced(
            "files counted by intake, and rows of pages",
            (counted, decided.height),
            "Report this run: a batch is missing.",
        )
    moved.check()
    return moved


def tally_run(decided: pl.DataFrame, gated: GatedRun, run: Run, ended: datetime) -> pa.Table:
    """
    Count a run: the one row of `runs`.

    Raises:
        TallyUnbalanced: files or stories do not balance.
    """
    files = tally_files(gated.tally, decided)
    split = decided.filter(pl.col("outcome_now").is_in(SPLIT))
    sums = {
        name: int(split[name].sum())
        for name in ("size_bytes", "story_chars", "chrome_chars",
                     "stories_landed", "stories_quarantined")
    }  # fmt: skip
    landed, quarantined = sums["stories_landed"], sums["stories_quarantined"]
    StoryTally(landed + quarantined, landed, quarantined).check()
    row = {
        "run_id": run.run_id,
        "ingested_at": run.started_at,
        "finished_at": ended,
        "seconds": (ended - run.started_at).total_seconds(),
        "inbox": gated.inbox,
        **{f"files_{name}": getattr(files, name) for name in FILES},
        "bytes_taken": sums.pop("size_bytes"),
        "page_chars": sums["story_chars"] + sums["chrome_chars"],
        "stories_found": landed + quarantined,
        **sums,
        "splitter_version": gated.splitter_version,
        "suite_version": gated.suite_version,
        "book_version": gated.book_version,
        "kind": gated.kind,
    }
    return pa.Table.from_pylist([row], schema=RUNS.schema())


FILES = (
    "seen", "taken", "rejected", "redelivered", "unpacked", "skipped", "waiting", "ignored",
)  # fmt: skip


def plain_row(row: pa.Table) -> dict[str, object]:
    """Return the row with JSON types: times as ISO 8601 (UTC)."""
    (values,) = row.select(RUNS.schema().names).cast(RUNS.schema()).to_pylist()
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def write_row(row: pa.Table) -> str:
    """Return the row as JSON, for the history of `pages`."""
    return json.dumps(plain_row(row), ensure_ascii=False)


def parse_row(text: str) -> pa.Table:
    """Read a row that `write_row` wrote."""
    row: dict[str, Any] = json.loads(text)
    for field in RUNS.schema():
        if field.type == STAMP:
            row[field.name] = datetime.fromisoformat(row[field.name])
    return pa.Table.from_pylist([row], schema=RUNS.schema())

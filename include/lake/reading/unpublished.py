"""
Which finished runs a warehouse lacks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from include.lake.delta.tables import has_table, open_table
from include.schema.lake import RUNS
from include.storage.locations import Root


def oldest_missing(root: Root, since: datetime, known: Collection[str]) -> datetime | None:
    """
    Return when the oldest run finished that is not among the known ones; None if all are.

    Args:
        since: runs that finished earlier are not looked at.
    """
    if not has_table(root, RUNS):
        return None
    runs = open_table(root, RUNS).to_pyarrow_table(
        columns=["run_id", "finished_at"], filters=[("finished_at", ">=", since)]
    )
    missing = [row["finished_at"] for row in runs.to_pylist() if row["run_id"] not in known]
    return min(missing, default=None)

"""
Choose the start and end of a run: always later than everything that has landed.

The ledger orders deliveries by the start of their run. A clock that was set back would date new
pages before old ones, and landing would skip them as overtaken. Versions are numbered by the end of
their run: an end before that of an earlier run would give that run's number to this one.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from include.lake.delta.tables import has_table, open_table
from include.schema.lake import PAGES, RUNS
from include.storage.disk_errors import translate_disk_errors
from include.storage.locations import Root

STEP = timedelta(milliseconds=1)  # Delta's statistics truncate times to milliseconds

log = logging.getLogger("copydesk.clock")


def start_after(root: Root, now: datetime) -> datetime:
    """
    Return a run's start: now, or STEP after the newest delivery if that is later than now.

    In the second case a warning is logged. Until the clock has caught up, runs start one STEP
    apart, on the day of the newest.
    """
    newest = _newest_delivery(root)
    if newest is None or newest < now:
        return now
    began = newest + STEP
    log.warning(
        "The clock was set back: it is %s, but the newest run began at %s. This run is dated %s, "
        "so that its pages count as the newest. Later runs are dated the same way until the clock "
        "has caught up.",
        now.isoformat(),
        newest.isoformat(),
        began.isoformat(),
    )
    return began


def finish_after(root: Root, started_at: datetime, now: datetime) -> datetime:
    """
    Return a run's end: now, or if that is earlier its start or STEP after the newest run's end.

    The caller holds the lake's lock, so the order of ends is the order of landing.
    """
    ended = max(now, started_at)
    if not has_table(root, RUNS):
        return ended
    with translate_disk_errors("lake", root):
        ends = open_table(root, RUNS).to_pyarrow_table(columns=["finished_at"])
    newest = pc.max(ends["finished_at"]).as_py()
    return ended if newest is None else max(ended, newest + STEP)


def _newest_delivery(root: Root) -> datetime | None:
    """Read the ledger's newest run start from the log's statistics, rounded up."""
    if not has_table(root, PAGES):
        return None
    with translate_disk_errors("ledger", root):
        files = pa.table(open_table(root, PAGES).get_add_actions(flatten=True))
    if "max.ingested_at" not in files.schema.names:
        return None
    newest = pc.max(files["max.ingested_at"]).as_py()
    return None if newest is None else newest.astimezone(UTC) + STEP

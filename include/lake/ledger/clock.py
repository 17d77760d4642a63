"""
Choose the start time of a run: always later than everything that has landed.

The ledger orders deliveries by the start of their run. A clock that was set back would date new
pages before old ones, and landing would skip them as overtaken.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from include.lake.delta.tables import has_table, open_table
from include.schema.lake import PAGES
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

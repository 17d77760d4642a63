"""
When a run began, as the ledger counts: never before what landed already.

The ledger tells a newer delivery from an older one by the start of its run. A clock that was set
back would date new pages before old ones, and landing would take them for overtaken.
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

STEP = timedelta(milliseconds=1)  # Delta's statistics cut a time's microseconds off

log = logging.getLogger("copydesk.clock")


def start_after(root: Root, now: datetime) -> datetime:
    """
    Give the instant a run begins: now, or one after the newest delivery if that lies ahead of now.

    Then a warning is logged. Until the clock has caught up, runs follow one another a step apart,
    on the day of the newest.
    """
    newest = _newest_delivery(root)
    if newest is None or newest < now:
        return now
    began = newest + STEP
    log.warning(
        "The clock was set back: it is %s, the newest run began at %s. This run is dated %s, so "
        "that its pages count as the newest; so will the next ones be until the clock has caught "
        "up.",
        now.isoformat(),
        newest.isoformat(),
        began.isoformat(),
    )
    return began


def _newest_delivery(root: Root) -> datetime | None:
    """Read the newest start of a run in the ledger off the log's statistics, rounded up."""
    if not has_table(root, PAGES):
        return None
    with translate_disk_errors("ledger", root):
        files = pa.table(open_table(root, PAGES).get_add_actions(flatten=True))
    if "max.ingested_at" not in files.schema.names:
        return None
    newest = pc.max(files["max.ingested_at"]).as_py()
    return None if newest is None else newest.astimezone(UTC) + STEP

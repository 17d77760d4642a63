"""
The steps `publish` and `index`: project the lake's newest version into the warehouse, and make the
search index follow it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from include.config.settings import Settings
from include.errors import CopydeskError
from include.lake.landing.recover import read_recovered
from include.model import LakeVersion, Published
from include.pipeline.health import read_health, report_health, report_lag
from include.telemetry import signals
from include.warehouse.health import built_at
from include.warehouse.publish import publish_warehouse
from include.warehouse.search.update import Indexed, update_index


def publish_lake(settings: Settings) -> Published:
    """
    Publish the lake's newest version; do nothing if the warehouse already holds it.

    Raises:
        WarehouseHeld: another process has the file open for writing; the new one is staged.
    """

    def read() -> LakeVersion:
        return read_recovered(settings.lake, settings.ledger_index)

    before = built_at(settings.warehouse) if signals.is_on() else None
    published = publish_warehouse(
        read, settings.warehouse, settings.memory_limit, lake=settings.lake
    )
    if signals.is_on():
        with suppress(CopydeskError):  # the warehouse is held already: what was published counts
            now = datetime.now(UTC)
            if published.changed:
                report_lag(settings, before, now)
            report_health(settings, read_health(settings, now))
    return published


def index_stories(settings: Settings) -> Indexed:
    """
    Add what the warehouse shows and the search index lacks; remove what has left.

    Raises:
        WarehouseHeld: another process is updating the index.
    """
    return update_index(settings.warehouse, settings.memory_limit)

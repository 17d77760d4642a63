"""
The step `publish`: project the lake's newest version into the warehouse.
"""

from __future__ import annotations

from include.config.settings import Settings
from include.lake.landing.recover import read_recovered
from include.model import LakeVersion, Published
from include.warehouse.publish import publish_warehouse


def publish_lake(settings: Settings) -> Published:
    """
    Publish the lake's newest version; do nothing if the warehouse already holds it.

    Raises:
        WarehouseHeld: another process has the file open for writing; the new one is staged.
    """

    def read() -> LakeVersion:
        return read_recovered(settings.lake, settings.ledger_index)

    return publish_warehouse(read, settings.warehouse, settings.memory_limit, lake=settings.lake)

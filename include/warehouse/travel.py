"""
Ask the past: the warehouse of a lake version that is no longer published, built to be asked once.

It is built beside the system's temporary files and removed after the question; the published file
is neither read nor touched.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa

from include.model import LakeVersion
from include.place import Root
from include.warehouse.publish import publish_warehouse
from include.warehouse.read import run_query


def run_query_at(
    version: LakeVersion, sql: str, limit: int | None, memory_limit: str, lake: Root | None = None
) -> pa.Table:
    """
    Run a person's SQL on the warehouse of a lake version, as `read.run_query` does.

    Raises:
        UsageWrong, QueryRefused: as there.
    """
    with tempfile.TemporaryDirectory(prefix="copydesk-past-") as folder:
        target = Path(folder) / "warehouse.duckdb"
        publish_warehouse(lambda: version, target, memory_limit, lake=lake)
        return run_query(target, sql, limit, memory_limit)

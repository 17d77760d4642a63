"""
Prepare the embedded Airflow's database: tables, and the pool of one slot that publishing takes.

Run as a process of its own (`python -m include.standalone.prepare STAMP`): Airflow reads its
configuration while it is imported. The stamp names the Airflow that made the tables; while it
holds, a start skips the 4 s this takes.
"""

from __future__ import annotations

import sys
from pathlib import Path

POOL = "warehouse"


def prepare_database(stamp: Path) -> None:
    """Make or migrate the tables, make the pool, then leave the stamp."""
    from airflow import __version__
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    initdb()
    Pool.create_or_update_pool(
        POOL, slots=1, description="one publisher at a time", include_deferred=False
    )
    stamp.write_text(__version__)


if __name__ == "__main__":
    prepare_database(Path(sys.argv[1]))

"""
Prepare the embedded Airflow's database: the tables, and the one-slot pool that publishing uses.

Runs as a separate process (`python -m include.standalone.prepare STAMP`): Airflow reads its
configuration while it is imported. The stamp holds the version of Airflow that created the tables;
while it matches, a start skips this step, which takes 4 s.
"""

from __future__ import annotations

import sys
from pathlib import Path

POOL = "warehouse"


def prepare_database(stamp: Path) -> None:
    """Create or migrate the tables, create the pool, then write the stamp."""
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

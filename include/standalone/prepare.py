"""
Prepare the embedded Airflow's database: the tables, and the one-slot pool that publishing uses.

Runs as a separate process (`python -m include.standalone.prepare STAMP`): Airflow reads its
configuration while it is imported. The stamp names the version of Airflow that created the tables
and what was done then; while it matches, a start skips this step, which takes 4 s.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

POOL = "warehouse"
STEPS = 2  # rises when this module does more, so that existing databases get it too


def name_preparation() -> str:
    """Return what the stamp of an up-to-date database says."""
    return f"{version('apache-airflow')} {STEPS}"


def prepare_database(stamp: Path) -> None:
    """Create or migrate the tables, create the pool, mend deadlines, then write the stamp."""
    from airflow import settings
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb
    from sqlalchemy.orm import Session

    from include.orchestration.deadlines import replace_references

    initdb()
    Pool.create_or_update_pool(
        POOL, slots=1, description="one publisher at a time", include_deferred=False
    )
    with Session(settings.engine) as session, session.begin():
        replace_references(session)
    stamp.write_text(name_preparation())


if __name__ == "__main__":
    prepare_database(Path(sys.argv[1]))

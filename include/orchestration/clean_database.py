"""
Delete old rows of Airflow's database: runs, task instances, results, events, log entries.

    python -m include.orchestration.clean_database [--keep-days 30] [--daily]

The ledger and the lake know nothing of these rows. Without it 240 runs a day make the database grow
for ever. Tasks cannot do this: Airflow keeps the database from them.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

log = logging.getLogger("copydesk.clean")

KEEP_DAYS = 30
DAY_S = 86_400.0
AGAIN_S = 600.0  # after a failure: the database may be restarting
ROWS_AT_ONCE = 5_000  # locked at a time; SQLite has one writer
DONE = Path("/tmp/database-cleaned")


def clean(keep_days: float) -> None:
    """Delete rows that are older than so many days; the newest run of each DAG is kept."""
    from airflow.utils.db_cleanup import run_cleanup
    from pendulum import instance

    before = instance(datetime.now(UTC) - timedelta(days=keep_days))
    run_cleanup(
        clean_before_timestamp=before, confirm=False, skip_archive=True, batch_size=ROWS_AT_ONCE
    )


def clean_daily(keep_days: float) -> None:
    """Clean now and once a day, for ever; a failure is logged and tried again."""
    while True:
        try:
            clean(keep_days)
            DONE.touch()
            pause_s = DAY_S
        except Exception as exc:  # of whatever class: it must go on
            log.error("the database was not cleaned: %s", type(exc).__name__)
            pause_s = AGAIN_S
        time.sleep(pause_s)


def main(words: list[str]) -> int:
    """Clean once, or every day."""
    parser = argparse.ArgumentParser(description="Delete old rows of Airflow's database.")
    parser.add_argument("--keep-days", type=float, default=KEEP_DAYS)
    parser.add_argument("--daily", action="store_true")
    given = parser.parse_args(words)
    if given.daily:
        clean_daily(given.keep_days)
    clean(given.keep_days)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

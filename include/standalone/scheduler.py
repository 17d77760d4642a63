"""
Start Airflow's scheduler, and in parallel the server that forks its workers.

Airflow starts the fork server with the first task, which then waits for all preloaded imports.
Started here, it imports on another core while the scheduler starts.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing import forkserver

if __name__ == "__main__":
    preloaded = os.environ["AIRFLOW__CORE__MP_FORKSERVER_PRELOAD"].split(",")
    multiprocessing.set_forkserver_preload(preloaded)
    forkserver.ensure_running()
    sys.argv = ["airflow", "scheduler", "--skip-serve-logs"]  # logs are read from the shared disk
    from airflow.__main__ import main

    main()

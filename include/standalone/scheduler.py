"""
Start Airflow's scheduler, and the server that forks its workers beside it instead of after it.

Airflow starts the fork server with the first task, which then waits until all that is preloaded
is imported. Started here first, it imports on another core while the scheduler does.
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

"""
Run one measurement in a process of its own, on one core, and say what the process cost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

ONE_THREAD = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Cost:
    """What a process cost: seconds of CPU and of the clock, peak memory (MiB), what it printed."""

    cpu: float
    seconds: float
    peak: float
    told: dict[str, Any]


def run_alone(words: list[str]) -> Cost:
    """Run `python -m words…`; the last line that it prints is one JSON object."""
    environ = {**os.environ, **ONE_THREAD, "COPYDESK_SETTLE_S": "0"}
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        began = time.monotonic()
        os.sched_setaffinity(0, {min(cores)})  # the process inherits it
        process = subprocess.Popen([sys.executable, "-m", *words], stdout=printed, env=environ)
        os.sched_setaffinity(0, cores)
        _, status, used = os.wait4(process.pid, 0)  # its own figures: RUSAGE_CHILDREN mixes all
        seconds = time.monotonic() - began
        if status:
            raise SystemExit(f"{' '.join(words)} failed: see above")
        printed.seek(0)
        told = json.loads(printed.read().splitlines()[-1])
    return Cost(used.ru_utime + used.ru_stime, seconds, used.ru_maxrss / 1024, told)

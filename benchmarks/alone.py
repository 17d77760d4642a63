"""
Run one measurement in its own process, on one core or more, and return its cost.

CPU is that of the process and its children, counted when they have ended; memory is sampled over
all of them a hundred times per second.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ONE_THREAD = {
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
LOOK_S = 0.01


@dataclass(frozen=True)
class Cost:
    """
    What a process and those it started cost.

    cpu, seconds: of the processors and of the clock. peak: most memory held at once (MiB of RSS,
    summed, so that what two processes share counts twice). output: the JSON object it printed.
    """

    cpu: float
    seconds: float
    peak: float
    output: dict[str, Any]


def run_alone(words: list[str], count: int = 1, first: int = 0) -> Cost:
    """
    Run `python -m words…` on `count` cores from the one numbered `first`.

    The last line that it prints is one JSON object.
    """
    environ = {**os.environ, **ONE_THREAD, "COPYDESK_SETTLE_S": "0"}
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        began = time.monotonic()
        mine = sorted(cores)[first : first + count] or cores
        os.sched_setaffinity(0, mine)  # this thread's; the process inherits it
        process = subprocess.Popen([sys.executable, "-m", *words], stdout=printed, env=environ)
        os.sched_setaffinity(0, cores)
        status, used, held = _watch(process.pid)
        seconds = time.monotonic() - began
        if status:
            raise SystemExit(f"{' '.join(words)} failed: see above")
        printed.seek(0)
        output = json.loads(printed.read().splitlines()[-1])
    return Cost(used.ru_utime + used.ru_stime, seconds, max(held, used.ru_maxrss) / 1024, output)


def _watch(pid: int) -> tuple[int, resource.struct_rusage, int]:
    """Wait for a process; give its status, its use with all it waited for, and its peak (KiB)."""
    held = 0
    while True:
        held = max(held, sum(map(_resident, _family(pid))))
        ended, status, used = os.wait4(pid, os.WNOHANG)  # RUSAGE_CHILDREN would mix all
        if ended:
            return status, used, held
        time.sleep(LOOK_S)


def _family(pid: int) -> Iterator[int]:
    """Give a process and all that descend from it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    except OSError:  # ended meanwhile
        return
    for child in children.split():
        yield from _family(int(child))


def _resident(pid: int) -> int:
    """Give the memory that a process holds (KiB of RSS); 0 where it has ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize() // 1024

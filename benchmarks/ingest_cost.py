"""
What `python -m include ingest` costs: CPU seconds and peak memory of the whole process on one core.

    python -m benchmarks.ingest_cost [MB …]

Everything counts: starting Python, importing Great Expectations, deciding, writing, publishing. The
peak should not follow the input's size: that is why several sizes are run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.pages import make_pages, write_inbox

SIZES = (10, 50, 200)  # MB
ONE_CORE = {
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


def main() -> None:
    """Print one row a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=float, default=SIZES, metavar="MB")
    print("| MB | files | stories | CPU s | wall s | MB per CPU s | peak MiB |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            inbox = Path(folder) / "inbox"
            files, size_bytes = write_inbox(inbox, make_pages(round(size * 1e6)))
            cost = run_alone(
                ["include", "ingest", str(inbox), "--home", f"{folder}/home", "--json"]
            )
        stories = cost.told["stories_landed"] + cost.told["stories_quarantined"]
        megabytes = size_bytes / 1e6
        print(
            f"| {megabytes:.0f} | {files:,} | {stories:,} | {cost.cpu:.1f} | {cost.seconds:.1f} "
            f"| {megabytes / cost.cpu:.1f} | {cost.peak:.0f} |",
            flush=True,
        )


def run_alone(words: list[str]) -> Cost:
    """Run `python -m words…` on one core; the last line of what it prints is one JSON object."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # the process inherits it
    environ = {**os.environ, **ONE_CORE, "COPYDESK_SETTLE_S": "0"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        began = os.times().elapsed
        process = subprocess.Popen([sys.executable, "-m", *words], stdout=printed, env=environ)
        _, status, used = os.wait4(process.pid, 0)
        seconds = os.times().elapsed - began
        if status:
            raise SystemExit(f"{' '.join(words)} failed: see above")
        printed.seek(0)
        told = json.loads(printed.read().splitlines()[-1])
    return Cost(used.ru_utime + used.ru_stime, seconds, used.ru_maxrss / 1024, told)


if __name__ == "__main__":
    main()

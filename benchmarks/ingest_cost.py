"""
Measure `python -m include ingest`: CPU seconds and peak memory of the whole process on one core.

    python -m benchmarks.ingest_cost [MB …]

Everything counts: starting Python, importing Great Expectations, deciding, writing, publishing. The
peak should not follow the input's size: that is why several sizes are run.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from benchmarks.alone import run_alone
from benchmarks.pages import make_pages, write_inbox

SIZES = (10, 50, 200)  # MB


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
        stories = cost.output["stories_landed"] + cost.output["stories_quarantined"]
        megabytes = size_bytes / 1e6
        print(
            f"| {megabytes:.0f} | {files:,} | {stories:,} | {cost.cpu:.1f} | {cost.seconds:.1f} "
            f"| {megabytes / cost.cpu:.1f} | {cost.peak:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

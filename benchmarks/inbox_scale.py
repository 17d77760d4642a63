"""
Compare intake of very many small files with a plain loop that lists and reads them.

    python -m benchmarks.inbox_scale [--files 200000] [--bytes 1000]

Each line is a process of its own, one after the other, over the same inbox: the plain loop
(`os.scandir`, open, read), then the step `intake` with all files new, then with all of them known.
Seconds are of CPU, so that others on the machine count as little as may be; files lie in the cache.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.alone import Cost, run_alone

WAYS = {
    "plain": "os.scandir, open, read",
    "intake": "intake, all new: hashed, decoded, in batches",
    "idle": "intake, all known",
}


def main() -> None:
    """Print one row a way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--bytes", type=int, default=1000, help="size of a file")
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measure(given.way, given.folder)))
        return
    from benchmarks.idle_ledger import commit_run, fill_inbox  # the plain loop needs no Arrow
    from include.lake.delta.tables import create_tables

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = fill_inbox(folder / "inbox", given.files, given.bytes)
        create_tables(folder / "idle" / "lake")
        commit_run(folder / "idle" / "lake", 0, folder / "inbox", files)
        costs = [cost_of("plain", folder) for _ in range(2)][1:]  # the first warms the disk's cache
        costs += [cost_of(way, folder) for way in ("intake", "idle", "idle")]
    print(f"{given.files:,} files of {given.bytes:,} bytes")
    print("| way | files a CPU second | of the plain loop | CPU s | peak MiB | batches |")
    print("|---|---:|---:|---:|---:|---:|")
    names = [*WAYS.values(), "the same again, the index made"]
    rates = [given.files / cost.output["seconds"] for cost in costs]
    for way, rate, cost in zip(names, rates, costs, strict=True):
        print(
            f"| {way} | {rate:,.0f} | {rate / rates[0]:.2f} | {cost.output['seconds']:.1f} "
            f"| {cost.peak:.0f} | {cost.output['batches']} |"
        )


def cost_of(way: str, folder: Path) -> Cost:
    """Measure one way in a process of its own."""
    return run_alone(["benchmarks.inbox_scale", "--way", way, "--folder", str(folder)])


def measure(way: str, folder: Path) -> dict[str, float]:
    """Give the seconds of one way, imports aside, and the batches it made."""
    if way == "plain":
        began = time.process_time()
        read_plainly(folder / "inbox")
        return {"seconds": time.process_time() - began, "batches": 0}
    import include.intake.take
    import include.lake.ledger.index  # noqa: F401
    from include.config.settings import Settings
    from include.pipeline import steps
    from include.pipeline.receipt_types import IntakeReceipt
    from include.pipeline.receipts import read_receipt

    settings = Settings(home=folder / way, inbox=folder / "inbox")
    began = time.process_time()
    receipt = steps.intake(settings, way, datetime.now(UTC))
    seconds = time.process_time() - began
    return {"seconds": seconds, "batches": len(read_receipt(receipt, IntakeReceipt).batches)}


def read_plainly(inbox: Path) -> int:
    """List a folder and the folders in it, and read every file; give the bytes read."""
    read, folders = 0, [str(inbox)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    folders.append(entry.path)
                else:
                    with open(entry.path, "rb") as source:  # noqa: PTH123 - as plain as can be
                        read += len(source.read())
    return read


if __name__ == "__main__":
    main()

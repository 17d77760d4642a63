"""
What each engine costs: a re-split of one home here, in one and two processes, and on Spark.

    python -m benchmarks.engines --mb 10 [--runs 1]

Counts CPU seconds of the driver and of all processes under it, JVMs included, and wall seconds. A
Spark of this machine has a master and one or two workers of one core (tests/engine/cluster.py).
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import psutil

from benchmarks.pages import make_pages, write_inbox
from include.config.settings import Settings
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import steps
from include.pipeline.edit import edit_batches
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from tests.engine.cluster import start_cluster

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Meter:
    """Counts the CPU seconds of all processes under this one, also of those that ended."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, float], float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Meter:
        self._before = self._sample()
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self.wall_s = time.monotonic() - self._began
        self.cpu_s = self._sample() - self._before

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self._sample()

    def _sample(self) -> float:
        for process in psutil.Process().children(recursive=True):
            try:
                times = process.cpu_times()
                self._seen[process.pid, process.create_time()] = times.user + times.system
            except psutil.Error:
                continue
        own = resource.getrusage(resource.RUSAGE_SELF)
        return own.ru_utime + own.ru_stime + sum(self._seen.values())


def measure(name: str, mb: int, work: Callable[[], object]) -> None:
    """Print the CPU and wall seconds of one engine."""
    with Meter() as meter:
        work()
    print(f"| {name} | {mb} | {meter.cpu_s:.1f} | {meter.wall_s:.1f} |", flush=True)


def main() -> None:
    """Ingest made pages, then split and judge them again on each engine."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mb", type=int, default=10)
    parser.add_argument("--batches", type=int, default=4)
    mb, batch_count = vars(parser.parse_args()).values()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_inbox(home / "inbox", make_pages(mb * 2**20))
        size = mb * 2**20 // batch_count
        fixed = {"inbox": home / "inbox", "settle_s": 0.0, "batch_bytes": size}
        settings = replace(Settings(), home=home, workers=2, **fixed)
        receipt = steps.intake(settings, "first", NOW)
        judged = edit_batches(settings, read_receipt(receipt, IntakeReceipt).batches)
        steps.land(settings, steps.gate(settings, receipt, judged), NOW)
        recalled = steps.recall(settings, "again", NOW.replace(day=2), Choice(), RESPLIT)
        batches = read_receipt(recalled, IntakeReceipt).batches
        print(f"{len(batches)} batches\n| engine | MB | CPU s | wall s |\n|---|---:|---:|---:|")
        for workers in (1, 2):
            here = replace(settings, workers=workers)
            measure(f"local, {workers}", mb, partial(edit_batches, here, batches))
        for workers in (1, 2):
            place = home / f"cluster{workers}"
            place.mkdir()
            with start_cluster(place, workers) as cluster:
                there = replace(settings, spark_jobs="resplit", spark_url=cluster.url)
                name = f"Spark, {workers}"
                measure(name, mb, partial(edit_batches, there, batches))


if __name__ == "__main__":
    main()

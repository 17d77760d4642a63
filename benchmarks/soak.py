"""
Run an Airflow of its own for hours while files keep arriving and its components are killed and
paused one by one; say whether every file landed once, and whether anything grows.

    python -m benchmarks.soak [--minutes 20] [--per-minute 6] [--fault-s 60] [--json]

Every `--fault-s` seconds one component (scheduler, dag-processor, triggerer, api-server, one idle
worker) is killed or stopped for PAUSE_S, in turn. No click is made. Exits with 1 if a file is
missing or landed twice, or if memory, open files or connections grew by more than GROWTH from the
second quarter of the time to the last. Airflow's database keeps 30 days of rows, so it grows for as
long: the report has its growth per day.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from statistics import fmean

import psutil

from benchmarks.pages import make_pages
from include.config.settings import ROOT, Settings, read_settings
from include.errors import CopydeskError
from include.standalone.environment import airflow_home
from include.standalone.processes import list_members, read_state
from include.warehouse.read import run_query

SAMPLE_S = 10.0
PAUSE_S = 20.0  # shorter than the 120 s after which the supervisor restarts a silent component
SETTLED_S = 600.0  # most time for what is left to land after the last fault
GROWTH = 0.25  # of the second quarter: a scheduler's memory moves by a tenth on its own
COMPONENTS = ("scheduler", "dag-processor", "triggerer", "api-server", "worker")
DONE = ("landed", "no_story", "redelivered", "rejected")


@dataclass(frozen=True)
class Sample:
    """One look: seconds since the start, and what all processes hold together."""

    at_s: float
    memory_mb: float
    open_files: int
    connections: int
    database_mb: float


@dataclass(frozen=True)
class Report:
    """What came of it. growth: share by which a figure grew; landed: names in the ledger."""

    minutes: float
    dropped: int
    landed: int
    twice: int
    faults: dict[str, int]
    growth: dict[str, float]
    database_mb_per_day: float
    samples: list[Sample]

    @property
    def is_well(self) -> bool:
        """Return whether all landed once and nothing grew."""
        grew = any(share > GROWTH for share in self.growth.values())
        return self.dropped == self.landed and not self.twice and not grew


def soak(home: Path, minutes: float, per_minute: float, fault_s: float) -> Report:
    """Run it in a new home."""
    settings = read_settings({"COPYDESK_PORT": str(_free_port())}, home=home)
    Path(str(settings.inbox)).mkdir(parents=True)
    _local(settings, "up")
    try:
        return _keep_on(settings, minutes, per_minute, fault_s)
    finally:
        _local(settings, "down")


def _keep_on(settings: Settings, minutes: float, per_minute: float, fault_s: float) -> Report:
    began = time.monotonic()
    inbox = Path(str(settings.inbox))
    pages, plan = make_pages(10**12), _plan_faults()
    names: list[str] = []
    samples: list[Sample] = []
    faults: Counter[str] = Counter()
    next_drop = next_sample = 0.0
    next_fault = fault_s
    while (now := time.monotonic() - began) < minutes * 60:
        if now >= next_drop:
            next_drop += 60 / per_minute
            name, text = next(pages)
            names.append(name.replace("/", "-"))
            (inbox / names[-1]).write_text(text, encoding="utf-8")
        if now >= next_fault:
            next_fault += fault_s
            component, how = next(plan)
            if _strike(settings, component, how):
                faults[f"{component} {how}"] += 1
        if now >= next_sample:
            next_sample += SAMPLE_S
            with suppress(psutil.Error):
                samples.append(_look(settings, now))
        time.sleep(0.2)
    landed = _wait_for_all(settings, names)
    return Report(
        round((time.monotonic() - began) / 60, 1), len(names), len(set(names) & set(landed)),
        sum(count - 1 for count in landed.values()), dict(faults), _measure_growth(samples),
        _database_per_day(samples), samples,
    )  # fmt: skip


def _plan_faults() -> Iterator[tuple[str, str]]:
    return cycle([(name, how) for how in ("killed", "paused") for name in COMPONENTS])


def _strike(settings: Settings, component: str, how: str) -> bool:
    """Kill a component, or stop it for a while; return whether there was one."""
    running = read_state(airflow_home(settings))
    if running is None:
        return False
    try:
        process = psutil.Process(running.components.get(component, running.components["scheduler"]))
        if component == "worker":
            workers = [p for p in process.children(recursive=True) if p.num_threads() < 4]
            process = workers[-1]
        if how == "killed":
            process.kill()
        else:
            process.send_signal(signal.SIGSTOP)
            time.sleep(PAUSE_S)
            process.send_signal(signal.SIGCONT)
    except (psutil.Error, IndexError):
        return False
    return True


def _look(settings: Settings, at_s: float) -> Sample:
    running = read_state(airflow_home(settings))
    memory = files = connections = 0
    for pid in list_members(running.session, running.born_at) if running else ():
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            memory += process.memory_full_info().pss
            files += process.num_fds()
            connections += len(process.net_connections())
    home = airflow_home(settings)
    database = sum(path.stat().st_size for path in home.glob("airflow.db*") if path.exists())
    return Sample(round(at_s, 1), round(memory / 1e6, 1), files, connections, database / 1e6)


def _measure_growth(samples: list[Sample]) -> dict[str, float]:
    """Return by which share each figure grew from the second quarter to the last."""
    quarter = len(samples) // 4
    if not quarter:
        return {}
    growth = {}
    for name in ("memory_mb", "open_files", "connections"):
        values = [float(getattr(sample, name)) for sample in samples]
        early = fmean(values[quarter : 2 * quarter])
        growth[name] = round(fmean(values[-quarter:]) / early - 1 if early else 0.0, 3)
    return growth


def _database_per_day(samples: list[Sample]) -> float:
    """Return how fast Airflow's database grew in the last three quarters of the time (MB/day)."""
    later = samples[len(samples) // 4 :]
    if len(later) < 2:
        return 0.0
    seconds = later[-1].at_s - later[0].at_s
    return round((later[-1].database_mb - later[0].database_mb) / seconds * 86_400, 1)


def _wait_for_all(settings: Settings, names: list[str]) -> Counter[str]:
    """Wait until the ledger has every file; return how often each landed."""
    deadline = time.monotonic() + SETTLED_S
    query = f"select name from meta.deliveries where outcome in {DONE}"  # noqa: S608 - fixed words
    landed: Counter[str] = Counter()
    while time.monotonic() < deadline:
        with suppress(CopydeskError):
            landed = Counter(
                row["name"] for row in run_query(settings.warehouse, query).to_pylist()
            )
            if set(names) <= set(landed):
                break
        time.sleep(2.0)
    return landed


def _local(settings: Settings, command: str) -> None:
    words = [sys.executable, "-m", "include.standalone.commands", command]
    done = subprocess.run(
        [*words, "--home", str(settings.home)], cwd=ROOT, stdin=subprocess.DEVNULL,
        env={**os.environ, "COPYDESK_PORT": str(settings.port)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode and command == "up":
        raise SystemExit(done.stdout + done.stderr)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(words: list[str]) -> int:
    """Soak, print the report, return the exit code."""
    parser = argparse.ArgumentParser(description="Run for hours under faults, and measure.")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--per-minute", type=float, default=6.0, help="files that are dropped")
    parser.add_argument("--fault-s", type=float, default=60.0, help="seconds between faults")
    parser.add_argument("--json", action="store_true", help="all samples too")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="copydesk-soak-") as folder:
        report = soak(Path(folder) / "home", given.minutes, given.per_minute, given.fault_s)
    content = asdict(report)
    if not given.json:
        content |= {"samples": [asdict(one) for one in (report.samples[:1] + report.samples[-1:])]}
    print(json.dumps(content, indent=1))
    return 0 if report.is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

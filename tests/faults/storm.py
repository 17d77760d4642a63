"""
A storm: runs that are killed again and again beside readers, on an inbox that never rests.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from include.config.settings import ROOT
from tests.faults.driver import FORKS, POINTS, Place, ingest, start
from tests.faults.inbox import Inbox
from tests.faults.reader import read_on

KILLS = int(os.environ.get("FAULTS_KILLS") or 100)
READERS = 2
REAL = 4  # runs of the command as a person starts it, with its pools; each takes some seconds
HUNG_S = 120
POLL_S = 0.02


@dataclass
class Storm:
    """What was seen."""

    seed: int
    place: Place
    kills: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    readers: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def figures(self) -> str:
        """Give the figures in one line."""
        checks, versions = (sum(r[name] for r in self.readers) for name in ("checks", "versions"))
        exact = sum(self.kills[point] for point in POINTS)
        return (
            f"seed {self.seed}: {self.kills.total()} kills ({exact} at exact points, "
            f"{self.kills['command']} of the real command), other ends {dict(self.ends)}, "
            f"{versions} versions read, {checks} checks, {self.seconds:.0f} s"
        )


def rage(folder: Path, seed: int) -> Storm:
    """Kill runs until KILLS were, then let the inbox settle and two runs end."""
    dice, began = random.Random(seed), time.monotonic()
    inbox = Inbox(folder / "inbox", random.Random(dice.random()))
    storm = Storm(seed, Place(inbox.folder, folder / "home", folder / "log.txt"))
    done, pipes = FORKS.Event(), [FORKS.Pipe(duplex=False) for _ in range(READERS)]
    target = storm.place.home / "warehouse.duckdb"
    told = [(target, done, POLL_S, pipe[1]) for pipe in pipes]
    readers = [FORKS.Process(target=read_on, args=one, daemon=True) for one in told]
    for reader in readers:
        reader.start()
    points = list(POINTS)
    dice.shuffle(points)
    attempts = 0
    while storm.kills.total() < KILLS:
        inbox.churn()
        if attempts % 10 == 5 and storm.kills["command"] < REAL:
            _kill_command(storm, dice.uniform(0.5, 6))
        else:
            _kill_two(storm, points[attempts % len(points)], dice)
        attempts += 1
    inbox.settle()
    for _ in range(2):
        code, told = ingest(storm.place)
        assert code == 0, told
    done.set()
    for reader, (end, _) in zip(readers, pipes, strict=True):
        storm.readers.append(end.recv() if end.poll(HUNG_S) else {"errors": ["it hung"]})
        reader.join()
    storm.seconds = time.monotonic() - began
    return storm


def _kill_two(storm: Storm, point: str, dice: random.Random) -> None:
    """Start two runs at once: one kills itself at a point, the other is killed some time later."""
    other_point = dice.choice((None, None, None, dice.choice(POINTS)))
    first, second = start(storm.place, point=point), start(storm.place, point=other_point)
    if dice.random() < 0.5:
        first.join(HUNG_S)
    second.join(HUNG_S if dice.random() < 0.3 else dice.uniform(0, 2.5))
    for process, planned in ((first, point), (second, other_point)):
        _end(storm, process, planned, must_end=process is first)


def _end(storm: Storm, process: BaseProcess, point: str | None, must_end: bool) -> None:
    """Let a run come to its point, or kill it now; count how it ended."""
    assert process.pid is not None
    if must_end:
        process.join(HUNG_S)
    by_itself = process.exitcode is not None
    if not by_itself:
        _kill_group(process.pid)
        process.join()
    if process.exitcode == -signal.SIGKILL:
        storm.kills[point if by_itself and point else "at random"] += 1
        storm.ends["hung"] += must_end and not by_itself
    else:
        storm.ends[f"exit {process.exitcode}"] += 1


def _kill_command(storm: Storm, after_s: float) -> None:
    """Start the command as a person does, and kill it and its pools at some instant."""
    words = [sys.executable, "-m", "include", *storm.place.words()]
    environ = {**os.environ, "COPYDESK_SETTLE_S": "0"}
    with storm.place.log.with_suffix(".command").open("a") as log:
        process = subprocess.Popen(
            words, cwd=ROOT, env=environ, stdout=log, stderr=log, start_new_session=True
        )
        try:
            process.wait(after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    is_killed = process.returncode == -signal.SIGKILL
    (storm.kills if is_killed else storm.ends)["command"] += 1


def _kill_group(pid: int) -> None:
    """Kill a process and its children; itself alone while it leads no group yet."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(pid, signal.SIGKILL)

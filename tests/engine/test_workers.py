"""Workers end with their parent, and what they raise arrives as something that can be read."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from deltalake.exceptions import DeltaError

from include.config.settings import ROOT
from include.engine.workers import open_workers
from include.errors import NotFound, WorkerLost


def raise_delta(_: object = None) -> None:
    raise DeltaError("the log is broken")


def raise_ours(_: object = None) -> None:
    raise NotFound("page", "x", "Look elsewhere.")


def die(_: object = None) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_error_that_cannot_be_pickled_arrives_in_words() -> None:
    with open_workers(1) as workers, pytest.raises(RuntimeError, match="DeltaError: the log is"):
        workers.run(raise_delta)


def test_our_errors_arrive_whole() -> None:
    with open_workers(1) as workers, pytest.raises(NotFound) as caught:
        workers.map(raise_ours, [1])
    assert caught.value.way_out == "Look elsewhere."


def test_a_worker_that_is_killed_is_reported() -> None:
    with pytest.raises(WorkerLost, match="killed"), open_workers(1) as workers:
        workers.run(die)


def children_of(leader: int, count: int) -> list[psutil.Process]:
    """Wait for the workers of a leader; the tracker of multiprocessing is one too."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(leader).children(recursive=True)
        if len(children) >= count:
            return children
        time.sleep(0.1)
    raise AssertionError("no worker started")


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_no_worker_outlives_an_ingest_that_is_killed(tmp_path: Path, kill: signal.Signals) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "page.txt").write_text("A headline\n\nA body of some words.\n", encoding="utf-8")
    # the settle time keeps the leader waiting for a worker
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COPYDESK_SETTLE_S": "60"}
    command = [sys.executable, "-m", "include", "ingest", str(inbox), "--workers", "2"]
    command += ["--home", str(tmp_path / "home")]
    leader = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    children = children_of(leader.pid, 2)
    time.sleep(1.0)
    leader.send_signal(kill)
    leader.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    for child in alive:
        child.kill()
    assert alive == []

"""The supervisor restarts a component whose work does not move, once, and one that died."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.standalone import supervisor as module
from include.standalone.supervisor import Component, Supervisor
from include.standalone.watch import GRACE_S, SignMemory, Stuck

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUCK = Stuck("A task is queued.", 61.0, 60.0, "scheduler")


class Watch:
    """A watch that remembers only restarts."""

    def __init__(self) -> None:
        self.memory = SignMemory()


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """Give a supervisor whose scheduler sleeps."""

    def start(*_: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(SLEEP)

    monkeypatch.setattr(Supervisor, "_start", start)
    monkeypatch.setattr(module, "kill_strays", lambda: 0)
    watch: Any = Watch()
    made = Supervisor(tmp_path, 0, "up", watch)
    made.components["scheduler"] = Component("scheduler", start(), time.monotonic())
    yield made
    for component in made.components.values():
        component.process.kill()
        component.process.wait()


def lines_of(supervisor: Supervisor) -> list[str]:
    journal = supervisor.home / "restarts.jsonl"
    return journal.read_text().splitlines() if journal.exists() else []


def test_a_stuck_component_is_killed_started_again_and_recorded(supervisor: Supervisor) -> None:
    first = supervisor.components["scheduler"].process
    supervisor.stuck.put(STUCK)
    supervisor._restart_stuck()
    assert first.poll() is not None
    assert supervisor._revive()
    assert supervisor.components["scheduler"].process.poll() is None
    (line,) = lines_of(supervisor)
    assert "A task is queued. For 61 s." in line
    assert supervisor.watch.memory.quiet_until > time.monotonic() + GRACE_S - 10


def test_what_was_seen_before_the_last_restart_restarts_nothing(supervisor: Supervisor) -> None:
    supervisor.watch.memory.note_restart(time.monotonic())
    supervisor.stuck.put(STUCK)
    supervisor._restart_stuck()
    assert supervisor.components["scheduler"].process.poll() is None
    assert lines_of(supervisor) == []


def test_one_that_died_is_left_to_the_restarting_of_the_dead(supervisor: Supervisor) -> None:
    process = supervisor.components["scheduler"].process
    process.kill()
    process.wait()
    supervisor.stuck.put(STUCK)
    supervisor._restart_stuck()
    assert lines_of(supervisor) == []
    supervisor._revive()
    (line,) = lines_of(supervisor)
    assert "It ended with -9." in line


def test_a_full_disk_does_not_end_the_supervisor(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "record_restart", fail)
    supervisor.stuck.put(STUCK)
    supervisor._restart_stuck()
    assert supervisor._revive()

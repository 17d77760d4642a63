import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from include.config.settings import ROOT
from include.standalone.processes import (
    Running,
    forget_state,
    is_supervised,
    list_members,
    read_state,
    stop_session,
    write_state,
)

# Leads a session; its child ignores SIGINT and moves to a group of its own, as Airflow's do.
LEADER = """
import signal, subprocess, sys, time
signal.signal(signal.SIGINT, lambda *_: sys.exit(0))
child = "import os,signal,time; os.setpgid(0,0); signal.signal(signal.SIGINT, signal.SIG_IGN);"
child += "print(os.getpid(), flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", child])
time.sleep(60)
"""


@pytest.fixture
def session() -> Iterator[tuple[subprocess.Popen[str], Running, int]]:
    with subprocess.Popen(
        [sys.executable, "-c", LEADER], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as leader:
        assert leader.stdout is not None
        child = int(leader.stdout.readline())
        born_at = psutil.Process(leader.pid).create_time()
        running = Running(leader.pid, born_at, 8080, "up", {"child": child})
        yield leader, running, child
        stop_session(running, patience_s=0.0)


def test_a_child_that_left_the_group_is_still_found(
    session: tuple[subprocess.Popen[str], Running, int],
) -> None:
    leader, running, child = session
    assert sorted(list_members(running.session, running.born_at)) == sorted([leader.pid, child])
    assert is_supervised(running)


def test_stopping_ends_the_leader_and_kills_what_it_left(
    session: tuple[subprocess.Popen[str], Running, int],
) -> None:
    _, running, _ = session
    assert stop_session(running, patience_s=0.5) == 1
    assert list_members(running.session, running.born_at) == []


def test_what_a_killed_leader_left_is_found_and_killed(
    session: tuple[subprocess.Popen[str], Running, int],
) -> None:
    leader, running, child = session
    leader.kill()
    leader.wait()
    assert not is_supervised(running)
    assert list_members(running.session, running.born_at) == [child]
    assert stop_session(running, patience_s=0.0) == 1


def test_a_process_that_reused_the_pid_is_left_alone(
    session: tuple[subprocess.Popen[str], Running, int],
) -> None:
    _, running, _ = session
    earlier = replace(running, born_at=1.0)
    assert not is_supervised(earlier)
    assert list_members(earlier.session, earlier.born_at) == []


def test_a_session_from_outside_the_container_is_never_ours() -> None:
    assert list_members(session=0, born_at=1.0) == []


def test_running_processes_are_recorded_and_removed(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    running = Running(4711, 1.5, 8080, "up", {"scheduler": 4712})
    write_state(tmp_path, running)
    assert read_state(tmp_path) == running
    assert json.loads((tmp_path / "running.json").read_text())["port"] == 8080
    forget_state(tmp_path)
    assert read_state(tmp_path) is None


# Leads a session; its child's child outlives the child, as a worker outlives a killed scheduler.
LEADER_WITH_STRAY = """
import os, subprocess, sys, time
from include.standalone.processes import kill_strays, kill_tree
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
nested = "import subprocess, sys, time; p = subprocess.Popen(" + repr(sleep) + ");"
nested += "print(p.pid, flush=True)"
child = subprocess.Popen(
    [sys.executable, "-c", nested + "; time.sleep(60)"], stdout=subprocess.PIPE, text=True)
worker = int(child.stdout.readline())
other = subprocess.Popen(sleep)
if sys.argv[1] == "tree":
    kill_tree(child.pid)
else:
    child.kill()
    child.wait()
    assert kill_strays() == 1
    while kill_strays():
        time.sleep(0.05)
child.wait()
print(worker, other.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("what", ["tree", "strays"])
def test_workers_of_a_component_end_with_it_and_others_stay(what: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LEADER_WITH_STRAY, what],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    ) as leader:
        assert leader.stdout is not None
        worker, other = map(int, leader.stdout.readline().split())
        born_at = psutil.Process(leader.pid).create_time()
        deadline = time.monotonic() + 10  # a process that was killed takes a moment to end
        while worker in list_members(leader.pid, born_at) and time.monotonic() < deadline:
            time.sleep(0.05)
        living = list_members(leader.pid, born_at)
        assert worker not in living
        assert other in living
        psutil.Process(other).kill()
        leader.kill()

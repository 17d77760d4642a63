"""
Find and stop the processes of the embedded Airflow by their session.

Airflow's children move to process groups of their own and outlive a parent that was killed (a
SIGTERM to `airflow standalone` orphans all of them), but none leaves its session.
"""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from include.storage.atomic import atomic_write

STATE = "running.json"
CLOCK_SLACK_S = 1.0  # /proc gives a process's start time in ticks since boot


@dataclass(frozen=True)
class Running:
    """The running embedded Airflow, as its supervisor recorded it."""

    session: int  # the supervisor's pid: it leads the session
    born_at: float  # the supervisor's start (s since 1970), since a pid may be reused
    port: int
    mode: str  # run or up
    components: dict[str, int]  # name to pid


def write_state(home: Path, running: Running) -> None:
    """Record what runs."""
    with atomic_write("state of Airflow", home / STATE) as temporary:
        temporary.write_text(json.dumps(asdict(running), indent=1))


def read_state(home: Path) -> Running | None:
    """Return the last record; None if nothing was started, or it was stopped cleanly."""
    try:
        return Running(**json.loads((home / STATE).read_text()))
    except FileNotFoundError:
        return None


def forget_state(home: Path) -> None:
    """Remove the record."""
    (home / STATE).unlink(missing_ok=True)


def is_supervised(running: Running) -> bool:
    """Return whether the supervisor itself is alive."""
    is_ours = _was_born(running.session, running.born_at)
    return is_ours and psutil.Process(running.session).status() != psutil.STATUS_ZOMBIE


def list_members(session: int, born_at: float) -> list[int]:
    """List the living processes of a session that began at `born_at`, zombies left out."""
    # A container sees 0 for every session started outside it, and none of ours is.
    from_outside = session <= 0
    # The pid belongs to another process now: none of ours can be left.
    leader_changed = psutil.pid_exists(session) and not _was_born(session, born_at)
    if from_outside or leader_changed:
        return []
    members = []
    for pid in psutil.pids():
        with suppress(psutil.Error, OSError):
            if os.getsid(pid) == session and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                members.append(pid)
    return members


def stop_session(running: Running, patience_s: float) -> int:
    """
    Stop the supervisor and the rest of its session; return how many processes had to be killed.

    The supervisor gets `patience_s` to stop its children in order.
    """
    if is_supervised(running):
        os.kill(running.session, signal.SIGINT)
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and list_members(running.session, running.born_at):
        time.sleep(0.1)
    return kill_all(running.session, running.born_at)


def kill_all(session: int, born_at: float, spare: int = 0) -> int:
    """Kill a session's processes but `spare`; return how many. Loops, as one may fork meanwhile."""
    killed: set[int] = set()
    while remaining := [pid for pid in list_members(session, born_at) if pid != spare]:
        for pid in remaining:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed.update(remaining)
        time.sleep(0.05)
    return len(killed)


def kill_tree(pid: int) -> None:
    """Kill a process and all that descend from it."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for one in [*process.children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                one.kill()


def kill_strays() -> int:
    """Kill the members of this process's session that do not descend from it; return how many."""
    me = psutil.Process()
    if os.getsid(0) != me.pid:
        return 0
    ours = {me.pid, *(child.pid for child in me.children(recursive=True))}
    strays = [pid for pid in list_members(me.pid, me.create_time()) if pid not in ours]
    for pid in strays:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(strays)


def _was_born(pid: int, born_at: float) -> bool:
    """Return whether a process, or its zombie, is the one that began at `born_at`."""
    try:
        difference_s: float = psutil.Process(pid).create_time() - born_at
        return abs(difference_s) < CLOCK_SLACK_S
    except psutil.NoSuchProcess:
        return False

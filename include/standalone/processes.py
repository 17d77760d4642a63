"""
The processes of the embedded Airflow, found and ended by their session.

Airflow's children move to process groups of their own and outlive a parent that was killed (a
SIGTERM to `airflow standalone` orphans all of them), but none leaves the session it was born in.
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

STATE = "running.json"
CLOCK_SLACK_S = 1.0  # /proc tells a process's birth in ticks since boot


@dataclass(frozen=True)
class Running:
    """The embedded Airflow that runs, as its supervisor wrote it down."""

    session: int  # the supervisor's pid: it leads the session
    born_at: float  # of the supervisor (s since 1970): tells it from a later process of that pid
    port: int
    mode: str  # run or up
    components: dict[str, int]  # name to pid


def write_state(home: Path, running: Running) -> None:
    """Write down what runs, aside and renamed."""
    aside = home / f".{STATE}.{os.getpid()}"
    aside.write_text(json.dumps(asdict(running), indent=1))
    os.replace(aside, home / STATE)


def read_state(home: Path) -> Running | None:
    """Give what was written down last; None if nothing was started, or it was stopped cleanly."""
    try:
        return Running(**json.loads((home / STATE).read_text()))
    except FileNotFoundError:
        return None


def forget_state(home: Path) -> None:
    """Remove what was written down."""
    (home / STATE).unlink(missing_ok=True)


def is_supervised(running: Running) -> bool:
    """Tell whether the supervisor itself is alive."""
    is_ours = _was_born(running.session, running.born_at)
    return is_ours and psutil.Process(running.session).status() != psutil.STATUS_ZOMBIE


def list_members(session: int, born_at: float) -> list[int]:
    """List the living processes of a session that began at `born_at`, zombies left out."""
    # 0 is what a container sees of every session begun outside it, which none of ours is.
    from_outside = session <= 0
    # The number was given to a stranger: none of ours can be left.
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
    End the supervisor and all that is left of its session; give how many had to be killed.

    The supervisor gets `patience_s` to end its children in order.
    """
    if is_supervised(running):
        os.kill(running.session, signal.SIGINT)
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and list_members(running.session, running.born_at):
        time.sleep(0.1)
    return kill_all(running.session, running.born_at)


def kill_all(session: int, born_at: float, spare: int = 0) -> int:
    """Kill what is left of a session, but `spare`; give how many. Loops: a killed one may fork."""
    killed: set[int] = set()
    while left := [pid for pid in list_members(session, born_at) if pid != spare]:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        killed.update(left)
        time.sleep(0.05)
    return len(killed)


def _was_born(pid: int, born_at: float) -> bool:
    """Tell whether a process, or its zombie, is the one that began at `born_at`."""
    try:
        off_s: float = psutil.Process(pid).create_time() - born_at
        return abs(off_s) < CLOCK_SLACK_S
    except psutil.NoSuchProcess:
        return False

"""
Keep the four components of the embedded Airflow running and their work moving; stop them all,
however it ends itself.

It leads its own session. `airflow standalone` is no alternative: it leaves its children behind on
SIGTERM, and never restarts a dag-processor or triggerer that died. Started by `launch.py`:

    python -m include.standalone.supervisor HOME PORT MODE

In mode `run` the launcher holds the other end of the supervisor's standard input; when it closes,
however the launcher died, everything here stops too.
"""

from __future__ import annotations

import fcntl
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from include.config.settings import read_settings
from include.standalone.api import AirflowApi
from include.standalone.cleaning import FIRST_S, Cleaning
from include.standalone.environment import HOST
from include.standalone.processes import (
    Running,
    forget_state,
    kill_all,
    kill_strays,
    kill_tree,
    write_state,
)
from include.standalone.restarts import record_restart
from include.standalone.watch import LOOK_S, Stuck, Watch

# The API server last: a task that is still running reports to it.
COMPONENTS = {
    "scheduler": ("include.standalone.scheduler",),
    "dag-processor": ("airflow", "dag-processor"),
    "triggerer": ("airflow", "triggerer", "--skip-serve-logs"),  # logs are read from the disk
    "api-server": ("airflow", "api-server"),
}
LOCK = "supervisor.lock"
LONGEST_PAUSE_S = 60.0  # between restarts of a component that keeps dying; doubles from 1 s
STEADY_S = 120.0  # a component that ran this long is restarted after 1 s
# Time for components to stop by themselves: 1 to 3 s when idle, occasionally 7. A finished `run`
# has nothing left to save; in `up` a task may be running, and is retried if killed.
PATIENCE_S = {"run": 2.0, "up": 6.0}


@dataclass
class Component:
    """One component: its process, and when and how soon it may be started again."""

    name: str
    process: subprocess.Popen[bytes]
    started_at: float  # monotonic
    pause_s: float = 1.0
    retry_at: float | None = None  # monotonic; None while it runs


@dataclass
class Supervisor:
    """The components of one Airflow, kept running until `stop` is set."""

    home: Path
    port: int
    mode: str
    watch: Watch
    stop: threading.Event = field(default_factory=threading.Event)
    components: dict[str, Component] = field(default_factory=dict)
    stuck: queue.Queue[Stuck] = field(default_factory=queue.Queue)

    def run(self) -> None:
        """Start everything, restart what dies, and stop everything once `stop` is set."""
        me = psutil.Process()
        try:
            for name in COMPONENTS:
                self.components[name] = Component(name, self._start(name), time.monotonic())
            self._write_state(me)
            threading.Thread(target=self._keep_looking, daemon=True).start()
            cleaning = Cleaning(self.home / "console", time.monotonic() + FIRST_S)
            while not self.stop.wait(0.5):
                cleaning.tick(time.monotonic())
                self._restart_stuck()
                if self._revive():
                    self._write_state(me)
        finally:
            self._end()
            kill_all(me.pid, me.create_time(), spare=me.pid)
            forget_state(self.home)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        console = self.home / "console"
        console.mkdir(exist_ok=True)
        with (console / f"{name}.log").open("ab") as out:
            command = [sys.executable, "-m", *COMPONENTS[name]]
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )

    def _keep_looking(self) -> None:
        """Look whether work moves, beside the main loop: an API that hangs answers after 15 s."""
        while not self.stop.wait(LOOK_S):
            try:
                due = self.watch.look()
            except Exception as exc:  # of whatever class: the next look must come
                say(f"a look failed: {type(exc).__name__}: {exc}")
                continue
            for thing in due[:1]:  # one restart at a time
                self.stuck.put(thing)

    def _restart_stuck(self) -> None:
        """Kill a component whose work does not move; `_revive` starts it again."""
        while not self.stuck.empty():
            thing, now = self.stuck.get(), time.monotonic()
            component = self.components[thing.component]
            is_dead = component.process.poll() is not None
            if is_dead or now < self.watch.memory.quiet_until:  # seen before the last restart
                continue
            why = f"{thing.what} For {thing.for_s:.0f} s."
            say(f"{why} The {component.name} is restarted.")
            self._record(component.name, why, is_stall=True)
            kill_tree(component.process.pid)
            component.process.wait()
            component.retry_at = now
            self.watch.memory.note_restart(now)

    def _record(self, name: str, why: str, is_stall: bool) -> None:
        """Write a restart to the journal, if the disk has room for a line."""
        with suppress(OSError):
            record_restart(self.home, name, why, is_stall)

    def _revive(self) -> bool:
        """Restart what died, after a pause that doubles; return whether a process changed."""
        changed, now = False, time.monotonic()
        for component in self.components.values():
            code = component.process.poll()
            if code is None:
                continue
            if component.retry_at is None:
                steady = now - component.started_at >= STEADY_S
                component.pause_s = 1.0 if steady else component.pause_s
                component.retry_at = now + component.pause_s
                say(f"{component.name} ended with {code}; starts again in {component.pause_s} s")
                self._record(component.name, f"It ended with {code}.", is_stall=False)
            elif now >= component.retry_at:
                kill_strays()  # workers of a scheduler that was killed live on, and take no task
                component.process = self._start(component.name)
                component.started_at, component.retry_at = now, None
                component.pause_s = min(2 * component.pause_s, LONGEST_PAUSE_S)
                changed = True
        return changed

    def _end(self) -> None:
        """Ask each component to stop, the API server after the others; wait for each."""
        for names in (list(COMPONENTS)[:-1], list(COMPONENTS)[-1:]):
            processes = [self.components[name].process for name in names if name in self.components]
            for process in processes:
                with suppress(ProcessLookupError):
                    process.send_signal(
                        signal.SIGINT
                    )  # the only signal on which Airflow stops cleanly
            deadline = time.monotonic() + PATIENCE_S[self.mode]
            for process in processes:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, deadline - time.monotonic()))

    def _write_state(self, me: psutil.Process) -> None:
        pids = {name: component.process.pid for name, component in self.components.items()}
        write_state(self.home, Running(me.pid, me.create_time(), self.port, self.mode, pids))


def say(line: str) -> None:
    """Print one line to the supervisor's log, with the time (UTC)."""
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), line, flush=True)


def watch_lifeline(stop: threading.Event) -> None:
    """Set `stop` once standard input is closed at the other end."""
    while os.read(0, 1):
        pass
    stop.set()


def main(home: Path, port: int, mode: str) -> int:
    """Supervise until signalled to stop; return 1 if another supervisor holds this home."""
    with (home / LOCK).open("w") as lock:
        try:
            fcntl.flock(
                lock, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # freed by the kernel, however this process ends
        except BlockingIOError:
            say("another supervisor holds this home")
            return 1
        api = AirflowApi(f"http://{HOST}:{port}", home)
        watch = Watch(read_settings(os.environ), api, home, mode)
        supervisor = Supervisor(home, port, mode, watch)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: supervisor.stop.set())
        if mode == "run":
            threading.Thread(target=watch_lifeline, args=(supervisor.stop,), daemon=True).start()
        supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))

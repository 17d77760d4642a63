"""
Start the embedded Airflow in its own session, wait until it is ready, and stop it.
"""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from include.config.inboxes import list_inboxes
from include.config.settings import ROOT, Settings
from include.errors import Permanent, Transient
from include.standalone.api import AirflowApi, AirflowSilent
from include.standalone.environment import HOST, airflow_environment, airflow_home
from include.standalone.prepare import name_preparation
from include.standalone.privacy import make_private
from include.standalone.processes import forget_state, is_supervised, read_state, stop_session
from include.standalone.supervisor import LOCK

STOP_PATIENCE_S = 20.0  # the supervisor itself waits 6 s for the components, then 6 s for the API
START_PATIENCE_S = 300.0  # measured 11 to 45 s; a laptop that swaps may need minutes

# For one run, started manually: no schedule or inbox event may start another run before it, and a
# scheduler that idles 0.1 s instead of 1 s between loops saves a second per step.
RUN_ONLY = {
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.1",
}


class StartFailed(Permanent):
    """Airflow did not start, or cannot run the DAG."""

    problem = "It cannot be started."


class AirflowBusy(Transient):
    """Another Copydesk command is using the embedded Airflow."""

    problem = "The Airflow of this home is in use."


class PortTaken(Permanent):
    """Another program listens on Airflow's port."""

    problem = "Another program is using it."


@dataclass
class Airflow:
    """An embedded Airflow that was started or found; `supervisor` is None if it was found."""

    settings: Settings
    api: AirflowApi
    supervisor: subprocess.Popen[bytes] | None = None

    def is_alive(self) -> bool:
        """Return whether the started supervisor still runs; a found one is assumed to."""
        return self.supervisor is None or self.supervisor.poll() is None

    def stop(self) -> None:
        """Stop an Airflow that was started; leave one that was found."""
        if self.supervisor is not None:
            stop_airflow(self.settings)
            if self.supervisor.stdin:
                self.supervisor.stdin.close()  # the lifeline: stops it even if it has not begun yet
            self.supervisor.wait()


def find_airflow(settings: Settings) -> Airflow | None:
    """
    Return the Airflow that `up` left running in this home; None if there is none.

    Raises:
        AirflowBusy: a `run` is in progress; its Airflow ends with it.
    """
    home = airflow_home(settings)
    running = read_state(home)
    if running is None or not is_supervised(running):
        return None
    if running.mode == "run":
        raise AirflowBusy("make run", running.session, "Wait until that run has ended.")
    return Airflow(settings, AirflowApi(f"http://{HOST}:{running.port}", home))


def start_airflow(settings: Settings, mode: str, say: Callable[[str], None]) -> Airflow:
    """
    Start all components in mode `run` (a free port, ends with this process) or `up` (outlives it).

    Raises:
        PortTaken, AirflowBusy, StartFailed: see each class.
    """
    home = airflow_home(settings)
    folders = [inbox.place for inbox in list_inboxes(settings)]
    make_private(settings.home, home, [place for place in folders if isinstance(place, Path)])
    (home / "console").mkdir(parents=True, exist_ok=True)
    if isinstance(settings.inbox, Path) and settings.inbox.is_relative_to(settings.home):
        settings.inbox.mkdir(parents=True, exist_ok=True)  # never create a folder outside home
    _refuse_second(home)
    stop_airflow(settings)  # what a killed supervisor may have left
    port = _free_port() if mode == "run" else _check_port(settings.port)
    environment = airflow_environment(settings, port, os.environ)
    environment.update(RUN_ONLY if mode == "run" else {})
    if _needs_database(home):
        say("creating Airflow's database")
        _prepare_database(home, environment)
    say("starting Airflow")
    supervisor = _supervise(home, port, mode, environment)
    return Airflow(settings, AirflowApi(f"http://{HOST}:{port}", home), supervisor)


def stop_airflow(settings: Settings) -> bool:
    """Stop whatever was started in this home; return whether anything was."""
    home = airflow_home(settings)
    running = read_state(home)
    if running is None:
        return False
    stop_session(running, STOP_PATIENCE_S)
    forget_state(home)
    return True


def wait_until(ready: Callable[[], bool], airflow: Airflow) -> None:
    """
    Poll until `ready`; an API that does not answer yet counts as not ready.

    Raises:
        StartFailed: the supervisor ended, or `START_PATIENCE_S` has passed.
    """
    console = airflow_home(airflow.settings) / "console"
    deadline = time.monotonic() + START_PATIENCE_S
    while airflow.is_alive() and time.monotonic() < deadline:
        try:
            if ready():
                return
        except (AirflowSilent, FileNotFoundError):  # no port, or no password file, yet
            pass
        time.sleep(0.2)
    raise StartFailed("Airflow", airflow.api.base, f"Read the logs in {console}.")


def _refuse_second(home: Path) -> None:
    with (home / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            way_out = "Another command is starting or stopping it; try again in a moment."
            raise AirflowBusy("Airflow", str(home), way_out) from exc


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _check_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as exc:
            raise PortTaken("port", port, "Free it, or set COPYDESK_PORT to another.") from exc
    return port


def _needs_database(home: Path) -> bool:
    stamp = home / "database.stamp"
    if not stamp.exists() or not (home / "airflow.db").exists():
        return True
    return stamp.read_text() != name_preparation()


def _prepare_database(home: Path, environment: dict[str, str]) -> None:
    log = home / "console" / "prepare.log"
    command = [sys.executable, "-m", "include.standalone.prepare", str(home / "database.stamp")]
    with log.open("wb") as out:
        done = subprocess.run(command, env=environment, cwd=ROOT, stdout=out, stderr=out)
    if done.returncode:
        raise StartFailed("Airflow's database", str(home), f"Read {log}.")


def _supervise(
    home: Path, port: int, mode: str, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "include.standalone.supervisor", str(home), str(port), mode]
    with (home / "console" / "supervisor.log").open("ab") as out:
        return subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE if mode == "run" else subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )

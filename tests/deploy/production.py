"""
The services of docker-compose.yaml as processes of this machine, without containers.

Command, environment and health check of each service are those of the file, with its variables
filled in. Only what a container has of its own is replaced: host names, ports and folders.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from include.config import secrets
from include.config.settings import ROOT

BIN = ROOT / ".venv-production" / "bin"
PATIENCE_S = 240.0
VARIABLE = re.compile(r"(?<!\$)\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}")
FOLDERS = ("/data", "/opt/copydesk", "/opt/airflow/logs")


def why_not() -> str:
    """Return what is missing; empty if nothing is."""
    if not (BIN / "airflow").exists():
        return "the image's packages are not installed: make celery"
    if not shutil.which("redis-server"):
        return "Redis is not installed: apt-get install redis-server"
    if not list(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        return "PostgreSQL is not installed: apt-get install postgresql"
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Production:
    """The services that run. folder: holds what the volumes would. given: the variables of .env."""

    folder: Path
    given: Mapping[str, str]
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in ("postgres", "redis", "api-server")}
    )
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def services(self) -> dict[str, Any]:
        return yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]

    def fill(self, text: str) -> str:
        """Fill the variables in, and give the containers' hosts and folders as they are here."""
        text = VARIABLE.sub(lambda m: self.given.get(m[1], m[2] or ""), text).replace("$$", "$")
        for name, port in (("postgres", 5432), ("redis", 6379), ("api-server", 8080)):
            text = text.replace(f"{name}:{port}", f"127.0.0.1:{self.ports[name]}")
        text = text.replace("localhost:8080", f"localhost:{self.ports['api-server']}")
        for folder in FOLDERS:
            here = str(ROOT) if folder == "/opt/copydesk" else str(self.folder) + folder
            text = re.sub(rf"(?<![\w/]){folder}(?=/|$|\s)", here, text)
        return text

    def environment(self, name: str) -> dict[str, str]:
        given = self.services[name].get("environment", {})
        # a variable without a value is passed on from .env, or left unset
        filled = {
            key: self.fill(str(value)) if value is not None else self.given.get(key)
            for key, value in given.items()
        }
        own = {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "PYTHONPATH": str(ROOT),
            "AIRFLOW__API__PORT": str(self.ports["api-server"]),
            "GX_ANALYTICS_ENABLED": "false",
        }
        return {**own, **{key: value for key, value in filled.items() if value is not None}}

    def command(self, name: str) -> list[str]:
        """Return a service's command as the image's entrypoint runs it: words are Airflow's."""
        words = [self.fill(word) for word in self.services[name]["command"]]
        return words if words[0] in ("bash", "sh") else ["airflow", *words]

    def start(self, name: str, alias: str = "", **extra: str) -> None:
        log = _open_log(self, alias or name)
        self.running[alias or name] = subprocess.Popen(
            self.command(name), env={**self.environment(name), **extra}, cwd=ROOT,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def run(self, name: str) -> None:
        """Run a service that ends, and check that it succeeded."""
        self.start(name)
        code = self.running.pop(name).wait(PATIENCE_S)
        assert code == 0, self.log_of(name)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def wait_for(self, is_done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not is_done():
            for name, process in self.running.items():
                assert process.poll() is None, f"{name} ended\n{self.log_of(name)}"
            assert time.monotonic() < deadline, f"{what}\n{self.log_of('scheduler')}"
            time.sleep(0.5)

    def is_healthy(self, name: str) -> bool:
        """Run a service's own health check."""
        test = [self.fill(word) for word in self.services[name]["healthcheck"]["test"]]
        command = ["sh", "-c", test[1]] if test[0] == "CMD-SHELL" else test[1:]
        done = subprocess.run(command, env=self.environment(name), cwd=ROOT, capture_output=True)
        return done.returncode == 0

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        """Query the metadata database."""
        words = ["-h", "127.0.0.1", "-p", str(self.ports["postgres"]), "-U", "airflow", "-tA"]
        told = subprocess.run(
            [_postgres_bin() / "psql", *words, "-c", sql, "airflow"], capture_output=True,
            text=True, check=True, env={"PGPASSWORD": self.given["POSTGRES_PASSWORD"]},
        ).stdout  # fmt: skip
        return [tuple(line.split("|")) for line in told.splitlines()]


def _open_log(production: Production, name: str) -> int:
    """Open the log of a service for its process to write; this one keeps it open."""
    return os.open(production.folder / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)


def _postgres_bin() -> Path:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]


@contextmanager
def open_production(folder: Path, **given: str) -> Iterator[Production]:
    """Start PostgreSQL and Redis; end all that was started with the block."""
    env = folder / "env"
    secrets.write_env(env)
    lines = [line.split("=", 1) for line in env.read_text().splitlines() if "=" in line]
    known = {name: value for name, value in lines if not name.startswith("#")}
    production = Production(folder, {**known, **given})
    for place in FOLDERS[:1] + FOLDERS[2:]:
        (folder / place[1:]).mkdir(parents=True)
    (folder / "data" / "inbox").mkdir()
    with ExitStack() as stack:
        stack.callback(_stop, production)
        stack.enter_context(_postgres(production))
        _redis(production)
        yield production


@contextmanager
def _postgres(production: Production) -> Iterator[None]:
    """Run PostgreSQL with the user, password and database of the file."""
    data = production.folder / "postgres"
    data.mkdir()
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(data, "postgres")
        for parent in (production.folder, *production.folder.parents):
            if parent.owner() == "root" and str(parent).startswith("/tmp/"):
                parent.chmod(parent.stat().st_mode | 0o055)
        as_user = {"user": "postgres"}
    given = production.environment("postgres")
    secret = production.folder / "password"
    secret.write_text(given["POSTGRES_PASSWORD"])
    secret.chmod(0o644)
    words = ["-D", data, "-U", given["POSTGRES_USER"], "-A", "scram-sha-256"]
    command = [_postgres_bin() / "initdb", *words, f"--pwfile={secret}", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, cwd="/", **as_user)
    settings = ["-h", "127.0.0.1", "-p", str(production.ports["postgres"]), "-F", "-k", str(data)]
    server = subprocess.Popen(
        [_postgres_bin() / "postgres", "-D", data, *settings],
        stdout=_open_log(production, "postgres"), stderr=subprocess.STDOUT, cwd="/",
        **as_user,
    )  # fmt: skip
    create = [
        _postgres_bin() / "createdb", "-h", "127.0.0.1", "-p", str(production.ports["postgres"]),
        "-U", given["POSTGRES_USER"], given["POSTGRES_DB"],
    ]  # fmt: skip
    password = {"PGPASSWORD": given["POSTGRES_PASSWORD"]}
    deadline = time.monotonic() + PATIENCE_S
    while subprocess.run(create, env=password, capture_output=True).returncode:
        assert server.poll() is None, production.log_of("postgres")
        assert time.monotonic() < deadline
        time.sleep(0.3)
    try:
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _redis(production: Production) -> None:
    """Run Redis with the file's command; its settings gain the port."""
    shell, flag, script = production.command("redis")
    settings = f"port {production.ports['redis']}\nbind 127.0.0.1\n"
    (production.folder / "redis").mkdir()
    script = script.replace(f"dir {production.folder}/data", f"dir {production.folder}/redis")
    script = script.replace("<<SETTINGS\n", f"<<SETTINGS\n{settings}")
    production.running["redis"] = subprocess.Popen(
        [shell, flag, script], env=production.environment("redis"), start_new_session=True,
        stdout=_open_log(production, "redis"), stderr=subprocess.STDOUT,
    )  # fmt: skip


def _stop(production: Production) -> None:
    """End the services, those that use the databases first."""
    for process in reversed(production.running.values()):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in production.running.values():
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

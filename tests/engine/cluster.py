"""A standalone Spark cluster of this machine: a master and workers, each a process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from include.config.settings import ROOT

PATIENCE_S = 240.0  # a cold start beside twenty other processes took 100
ADDRESS = re.compile(r"Starting Spark master at (spark://\S+)")


def why_not() -> str:
    """Return what is missing for a cluster; empty if nothing is."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: make spark"
    if not shutil.which("java"):
        return "Java is not installed: apt-get install openjdk-17-jre-headless"
    return ""


@dataclass
class Cluster:
    url: str
    workers: list[subprocess.Popen[bytes]]


@contextmanager
def start_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """
    Run a master and some workers of one core each until the block ends.

    Each worker has an address of its own: Spark tries a straggler again on another host only.
    """
    log = folder / "master.log"
    begun = [_start(log, "127.0.0.1", "master.Master", "--port", "0")]
    try:
        url = _wait_for(log, ADDRESS)
        for number in range(workers):
            words = ("--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"w{number}"))
            place = folder / f"worker{number}.log"
            begun.append(_start(place, f"127.0.0.{number + 2}", "worker.Worker", *words, url))
        for number in range(workers):
            _wait_for(folder / f"worker{number}.log", re.compile("Successfully (registered)"))
        yield Cluster(url, begun[1:])
    finally:
        for process in begun:
            process.kill()
            process.wait()


def _start(log: Path, host: str, name: str, *words: str) -> subprocess.Popen[bytes]:
    import pyspark

    home = Path(pyspark.__file__).parent
    local = ("--host", host, "--webui-port", "0")
    command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *local, *words]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": host}
    environment |= {"SPARK_DAEMON_MEMORY": "256m", "PYTHONPATH": str(ROOT)}
    with log.open("wb") as out:
        return subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)


def _wait_for(log: Path, line: re.Pattern[str]) -> str:
    deadline = time.monotonic() + PATIENCE_S
    while not (found := line.search(log.read_text(errors="replace"))):
        assert time.monotonic() < deadline, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)
    return found[1]

"""
Clean Airflow's database once a day, in a process of its own, as `make up` runs on.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

FIRST_S = 3600.0  # after a start, when everything has settled
EVERY_S = 86_400.0
MODULE = "include.orchestration.clean_database"


@dataclass
class Cleaning:
    """When the next cleaning is due (monotonic, s), and the process of the current one."""

    console: Path
    due_at: float
    start: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
    process: subprocess.Popen[bytes] | None = field(default=None)

    def tick(self, now: float) -> None:
        """Start a cleaning if one is due, unless the last one still runs."""
        if self.process is not None and self.process.poll() is None:
            return
        self.process = None
        if now >= self.due_at:
            self.due_at = now + EVERY_S
            self.console.mkdir(exist_ok=True)
            with (self.console / "clean-database.log").open("wb") as out:
                command = [sys.executable, "-m", MODULE]
                self.process = self.start(
                    command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
                )

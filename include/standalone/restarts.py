"""
The journal of restarts: which component the supervisor started again, when and why.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

JOURNAL = "restarts.jsonl"
KEPT = 1000  # lines; the oldest go


@dataclass(frozen=True)
class Restart:
    """One restart; `at` is an ISO time (UTC), `is_stall` whether the component lived but hung."""

    at: str
    component: str
    why: str
    is_stall: bool


def record_restart(home: Path, component: str, why: str, is_stall: bool) -> None:
    """Append a restart to the journal."""
    restart = Restart(datetime.now(UTC).isoformat(), component, why, is_stall)
    path = home / JOURNAL
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [*lines[-KEPT + 1 :], json.dumps(asdict(restart))]
    aside = home / f".{JOURNAL}"
    aside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    aside.replace(path)


def list_restarts(home: Path, since: datetime) -> list[Restart]:
    """Return the restarts at or after `since`, oldest first."""
    path = home / JOURNAL
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    restarts = [Restart(**json.loads(line)) for line in lines]
    return [restart for restart in restarts if datetime.fromisoformat(restart.at) >= since]

"""
The journal of open alerts: each is sent once, until its cause is over.

One JSON file in the home, `alerts/open.json`, changed under a lock. An alert that a check found is
over when no check has found it for `QUIET`: a disk at its limit would otherwise raise one a
check.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from include.alerts.alert import CHECKED, Alert, Kind
from include.storage.atomic import atomic_write
from include.storage.disk_errors import translate_disk_errors

QUIET = timedelta(hours=1)  # four checks of `watch_desk`
FORGET_LATE = timedelta(
    days=7
)  # a run that was late has ended by then: its timeout is two deadlines


@dataclass(frozen=True)
class Open:
    """An alert that was sent and is not over; source: the run that reported it, if one did."""

    kind: str
    cause: str
    text: str
    since: str
    seen_at: str
    source: str = ""


class Journal:
    """The open alerts of a home."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> tuple[Open, ...]:
        """Return the open alerts, oldest first; none if the file is missing or broken."""
        try:
            rows = json.loads((self._folder / "open.json").read_bytes())
            return tuple(Open(**row) for row in rows)
        except (FileNotFoundError, ValueError, TypeError):
            return ()

    def report(
        self, alert: Alert, now: datetime, send: Callable[[Alert], bool], source: str = ""
    ) -> bool:
        """
        Send an alert unless one of the same cause is open; return whether it was sent.

        Args:
            send: returns whether anybody got it; if nobody did, the next report sends it again.
        """
        with self._hold():
            known = self.read()
            if any(_is_same(entry, alert) for entry in known):
                return False
            if not send(alert):
                return False
            self._write((*known, _entry(alert, now, source)))
            return True

    def end(self, kinds: Sequence[Kind], prefix: str, source: str) -> tuple[Open, ...]:
        """
        Close what another run reported for causes with a prefix; return what was closed.

        The run that reported it does not close it: of 100 mapped tasks 99 may succeed.
        """

        def is_over(entry: Open) -> bool:
            is_meant = entry.kind in kinds and entry.cause.startswith(prefix)
            return is_meant and entry.source != source

        if not any(map(is_over, self.read())):
            return ()
        with self._hold():
            known = self.read()
            self._write([entry for entry in known if not is_over(entry)])
            return tuple(filter(is_over, known))

    def settle(
        self, found: Sequence[Alert], now: datetime, send: Callable[[Alert], bool]
    ) -> tuple[Open, ...]:
        """
        Take the result of a check of everything in `CHECKED`: send what is new, close what is over.

        Returns:
            What is over.
        """
        with self._hold():
            by_cause = {(alert.kind.value, alert.cause): alert for alert in found}
            kept, over = [], []
            for entry in self.read():
                if by_cause.pop((entry.kind, entry.cause), None) is not None:
                    kept.append(replace(entry, seen_at=now.isoformat()))
                elif _is_over(entry, now):
                    over.append(entry)
                else:
                    kept.append(entry)
            kept += [_entry(alert, now, "") for alert in by_cause.values() if send(alert)]
            self._write(kept)
        return tuple(entry for entry in over if entry.kind in CHECKED)

    def _write(self, entries: Sequence[Open]) -> None:
        with atomic_write("alerts", self._folder / "open.json") as temporary:
            rows = [asdict(entry) for entry in entries]
            temporary.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")

    @contextmanager
    def _hold(self) -> Iterator[None]:
        with translate_disk_errors("alerts", self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            file = (self._folder / ".lock").open("w")
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _is_same(entry: Open, alert: Alert) -> bool:
    return entry.kind == alert.kind and entry.cause == alert.cause


def _entry(alert: Alert, now: datetime, source: str) -> Open:
    at = now.isoformat()
    return Open(alert.kind.value, alert.cause, alert.text, at, at, source)


def _is_over(entry: Open, now: datetime) -> bool:
    unseen = now - datetime.fromisoformat(entry.seen_at)
    if entry.kind in CHECKED:
        return unseen >= QUIET
    return entry.kind == Kind.RUN_LATE and unseen >= FORGET_LATE


def count_kinds(entries: Sequence[Open]) -> Mapping[str, int]:
    """Return how many alerts of each kind are open."""
    return {kind: sum(entry.kind == kind for entry in entries) for kind in Kind}

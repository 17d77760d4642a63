"""
Watch whether work moves: remember since when each sign has been there, and say what is stuck.

The supervisor looks every `LOOK_S`, restarts what helps, and writes what it saw to `movement.json`
for `doctor`. Times are monotonic: neither a changed clock nor a sleeping laptop makes work stuck.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from include.config.inboxes import list_inboxes
from include.config.settings import Settings
from include.errors import CopydeskError
from include.orchestration.inbox_deliveries import Entry, has_been_listed, list_settled
from include.standalone.api import AirflowApi
from include.standalone.signs import SILENT, UNDELIVERED_S, Sign, read_newest_start, read_signs

MOVEMENT = "movement.json"
INGEST = "ingest_pages"
LOOK_S = 15.0
GRACE_S = 120.0  # after a start or restart: a cold start took up to 100 s on a busy machine
LISTING_SHARE = (
    0.05  # of the time at most is spent listing inboxes: a huge one is listed less often
)


@dataclass(frozen=True)
class Stuck:
    """What has not moved: since when (s ago), and the component to restart if its time is over."""

    what: str
    for_s: float
    patience_s: float
    component: str

    def is_due(self) -> bool:
        """Return whether it has waited for longer than it may."""
        return self.for_s >= self.patience_s


@dataclass
class SignMemory:
    """Since when each sign has been there, and how many restarts it has outlived."""

    since: dict[str, float] = field(default_factory=dict)  # monotonic
    tried: dict[str, int] = field(default_factory=dict)
    quiet_until: float = 0.0  # monotonic; until then nothing counts

    def weigh(self, signs: Iterable[Sign], now: float) -> list[Stuck]:
        """Return what has not moved for half of its patience or longer, longest first."""
        current = {sign.key: sign for sign in signs}
        self.since = {key: self.since.get(key, now) for key in current}
        self.tried = {key: self.tried.get(key, 0) for key in current}
        if now < self.quiet_until:
            self.since = dict.fromkeys(current, now)
        stuck = [
            Stuck(
                sign.what,
                now - self.since[key],
                sign.patience_s,
                sign.remedies[self.tried[key] % len(sign.remedies)],
            )
            for key, sign in current.items()
        ]
        return sorted(
            (thing for thing in stuck if thing.for_s >= thing.patience_s / 2),
            key=lambda thing: -thing.for_s,
        )

    def note_restart(self, now: float) -> None:
        """Give everything new time after a restart; what is still there then is tried otherwise."""
        for key in self.tried:
            self.tried[key] += 1
        self.quiet_until = now + GRACE_S


@dataclass
class Deliveries:
    """The settled files of one inbox that no run has listed since they were first seen."""

    inbox: Path
    receipts: Path
    settle_s: float
    heard: frozenset[Entry] = frozenset()
    pending: dict[Entry, float] = field(default_factory=dict)  # first seen (s since 1970)

    def look(self, now: float) -> None:
        """List the inbox, and the receipts of runs that have listed it; now: s since 1970."""
        settled = list_settled(self.inbox, self.settle_s)
        self.heard &= settled
        self.pending = {entry: self.pending.get(entry, now) for entry in settled - self.heard}
        for since in sorted(set(self.pending.values()), reverse=True):
            if has_been_listed(self.receipts, str(self.inbox), since):
                listed = {entry for entry, seen in self.pending.items() if seen <= since}
                self.heard |= listed
                self.pending = {e: seen for e, seen in self.pending.items() if e not in listed}
                return

    def sign(self, newest_run_at: float) -> Sign | None:
        """
        Return a sign if files are pending for which no run has started.

        Args:
            newest_run_at: the start of the newest run (s since 1970). If it came after the files
                and did not list them, it failed, which no restart mends.
        """
        waiting = {name: seen for (name, *_), seen in self.pending.items() if seen > newest_run_at}
        if not waiting:
            return None
        name, first = min(waiting.items(), key=lambda item: item[1])
        what = f"No run has taken {name!r} of {self.inbox}, and none is on its way."
        remedies = ("triggerer", "scheduler", "dag-processor")
        return Sign(f"inbox {self.inbox} {first}", what, UNDELIVERED_S, remedies)


class Watch:
    """Looks at Airflow and the inboxes; keeps what it saw."""

    def __init__(self, settings: Settings, api: AirflowApi, home: Path, mode: str) -> None:
        self.api, self.home = api, home
        self.memory = SignMemory(quiet_until=time.monotonic() + GRACE_S)
        self.listed_until = 0.0  # monotonic
        self.inboxes = [
            Deliveries(inbox.place, settings.receipts, inbox.settings.settle_s)
            for inbox in list_inboxes(settings)
            if isinstance(inbox.place, Path) and mode == "up"
        ]

    def look(self) -> list[Stuck]:
        """Look once, write what was seen, return what is stuck and due for a restart."""
        try:
            signs = [*read_signs(self.api), *self._look_at_inboxes()]
        except (CopydeskError, FileNotFoundError):  # no answer, or no password file yet
            self.api.token = None  # it expires after a day
            signs = [SILENT]
        stuck = self.memory.weigh(signs, time.monotonic())
        write_movement(self.home, stuck)
        return [thing for thing in stuck if thing.is_due()]

    def _look_at_inboxes(self) -> list[Sign]:
        began = time.monotonic()
        if began >= self.listed_until:
            for inbox in self.inboxes:
                inbox.look(time.time())
            self.listed_until = began + (time.monotonic() - began) / LISTING_SHARE
        if not any(inbox.pending for inbox in self.inboxes):
            return []
        newest_run_at = read_newest_start(self.api, INGEST)
        signs = [inbox.sign(newest_run_at) for inbox in self.inboxes]
        return [sign for sign in signs if sign is not None]


def write_movement(home: Path, stuck: Sequence[Stuck]) -> None:
    """Write what does not move, for `doctor`."""
    content = {
        "looked_at": time.time(),
        "stuck": [
            {"what": thing.what, "for_s": round(thing.for_s), "component": thing.component}
            for thing in stuck
        ],
    }
    aside = home / f".{MOVEMENT}"
    aside.write_text(json.dumps(content, indent=1), encoding="utf-8")
    aside.replace(home / MOVEMENT)

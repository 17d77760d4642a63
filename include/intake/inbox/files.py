"""
What a listing of an inbox holds: files that are ready, that wait, and that are none of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.intake.decoding.metadata import SIDECAR
from include.intake.inbox.remote import RemoteObject
from include.model import FileTally
from include.storage.locations import Place

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HIDDEN, NOT_REGULAR, IS_PARTIAL, IS_SIDECAR = "hidden", "not_regular", "partial", "sidecar"
UNSETTLED, VANISHED, UNREADABLE = "unsettled", "vanished", "unreadable"
PATH_TOO_LONG = "path_too_long"
UNREACHED = (UNREADABLE, PATH_TOO_LONG)  # waiting does not help: a person must act


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """
    One file that may be taken.

    name: relative to the inbox, '/'-separated, escaped by `escape_name`; place: the file itself,
    a `Path` only where one is asked for: 200,000 of them took as long as listing them.
    size: bytes. modified_ns: modification time, nanoseconds since 1970 (UTC); 0: not known.
    remote: what is to be fetched, of a file in a store. Only `read.open_listed` looks at it.
    """

    name: str
    place: str | Path
    size: int
    modified_ns: int
    remote: RemoteObject | None = None

    @property
    def path(self) -> Path:
        """Give the path of the file itself."""
        return Path(self.place)

    @property
    def modified_at(self) -> datetime:
        """Give the modification time (UTC, microseconds)."""
        return date_ns(self.modified_ns)


@dataclass(frozen=True)
class Listing:
    """
    An inbox at one instant.

    files: ready files, by name. waiting, ignored: (name, reason), by name; a hidden or unreadable
    folder stands once, for all it holds. sidecars: by the name of the file they stand beside; they
    are among the ignored.
    """

    inbox: Place
    files: tuple[ReadyFile, ...]
    waiting: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    sidecars: Mapping[str, ReadyFile] = field(default_factory=dict)

    @property
    def tally(self) -> FileTally:
        """Count what was seen, what waits and what is ignored; ready files have no outcome yet."""
        waiting, ignored = len(self.waiting), len(self.ignored)
        return FileTally(len(self.files) + waiting + ignored, waiting=waiting, ignored=ignored)


@dataclass
class Sorting:
    """A listing while it is made; `moving` are files whose sidecar has not lain still."""

    inbox: Place
    files: list[ReadyFile] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    sidecars: dict[str, ReadyFile] = field(default_factory=dict)
    moving: set[str] = field(default_factory=set)

    def put(self, file: ReadyFile, is_still: bool) -> None:
        """Put a file where it belongs: ready, waiting, or beside another."""
        if file.name.endswith(SIDECAR):
            beside = file.name.removesuffix(SIDECAR)
            self.ignored.append((file.name, IS_SIDECAR))
            self.sidecars[beside] = file
            if not is_still:
                self.moving.add(beside)
        elif is_still:
            self.files.append(file)
        else:
            self.waiting.append((file.name, UNSETTLED))

    def close(self) -> Listing:
        """Give the listing; a file waits for its sidecar."""
        self.waiting += [(file.name, UNSETTLED) for file in self.files if file.name in self.moving]
        ready = (file for file in self.files if file.name not in self.moving)
        files = tuple(sorted(ready, key=lambda file: file.name))
        waiting, ignored = tuple(sorted(self.waiting)), tuple(sorted(self.ignored))
        return Listing(self.inbox, files, waiting, ignored, self.sidecars)


def date_ns(stamp_ns: int) -> datetime:
    """Give the UTC time of nanoseconds since 1970; years outside 1 to 9999 become the nearest."""
    try:
        return EPOCH + timedelta(microseconds=stamp_ns // 1000)
    except OverflowError:
        bound = datetime.max if stamp_ns > 0 else datetime.min
        return bound.replace(tzinfo=UTC)

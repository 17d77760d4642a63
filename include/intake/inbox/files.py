"""
The listing of an inbox: the files that are ready, waiting and ignored.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
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
    One file that is ready to be read.

    name: relative to the inbox, '/'-separated, escaped by `escape_name`. place: the file's path, a
    string: building 200,000 `Path` objects took as long as listing the files. size: bytes.
    modified_ns: modification time, nanoseconds since 1970 (UTC); 0: unknown. remote: the object to
    fetch, if the file is in a store; only `read.open_listed` uses it.
    """

    name: str
    place: str | Path
    size: int
    modified_ns: int
    remote: RemoteObject | None = None

    @property
    def path(self) -> Path:
        """Return the path of the file itself."""
        return Path(self.place)

    @property
    def modified_at(self) -> datetime:
        """Return the modification time (UTC, microseconds)."""
        return date_ns(self.modified_ns)


@dataclass(frozen=True)
class Listing:
    """
    The state of an inbox at one instant.

    files: ready files, sorted by name. waiting, ignored: (name, reason), sorted by name; a hidden
    or unreadable folder is one entry, whatever it holds. sidecars: by the name of the file they
    describe; they are counted as ignored.
    """

    inbox: Place
    files: tuple[ReadyFile, ...]
    waiting: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    sidecars: Mapping[str, ReadyFile] = field(default_factory=dict)

    @property
    def tally(self) -> FileTally:
        """Count the files seen, waiting and ignored; ready files have no outcome yet."""
        waiting, ignored = len(self.waiting), len(self.ignored)
        return FileTally(len(self.files) + waiting + ignored, waiting=waiting, ignored=ignored)

    def find_unreached(self) -> Iterator[tuple[str, str]]:
        """
        Yield the names of files and folders that cannot be read, with reasons; waiting is no help.

        Local files are checked for read permission, which listing them does not show.
        """
        yield from ((name, reason) for name, reason in self.waiting if reason in UNREACHED)
        for file in (*self.files, *self.sidecars.values()):
            if file.remote is None and not os.access(file.place, os.R_OK):
                yield file.name, UNREADABLE


@dataclass
class ListingBuilder:
    """A listing under construction; `unsettled` are files whose sidecar has not settled."""

    inbox: Place
    files: list[ReadyFile] = field(default_factory=list)
    waiting: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)
    sidecars: dict[str, ReadyFile] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)

    def add(self, file: ReadyFile, settled: bool) -> None:
        """Add a file as ready, as waiting, or as the sidecar of another."""
        if file.name.endswith(SIDECAR):
            beside = file.name.removesuffix(SIDECAR)
            self.ignored.append((file.name, IS_SIDECAR))
            self.sidecars[beside] = file
            if not settled:
                self.unsettled.add(beside)
        elif settled:
            self.files.append(file)
        else:
            self.waiting.append((file.name, UNSETTLED))

    def close(self) -> Listing:
        """Return the listing; a file waits until its sidecar has settled."""
        self.waiting += [
            (file.name, UNSETTLED) for file in self.files if file.name in self.unsettled
        ]
        ready = (file for file in self.files if file.name not in self.unsettled)
        files = tuple(sorted(ready, key=lambda file: file.name))
        waiting, ignored = tuple(sorted(self.waiting)), tuple(sorted(self.ignored))
        return Listing(self.inbox, files, waiting, ignored, self.sidecars)


def date_ns(stamp_ns: int) -> datetime:
    """Convert nanoseconds since 1970 to UTC, clamped to the years 1 to 9999."""
    try:
        return EPOCH + timedelta(microseconds=stamp_ns // 1000)
    except OverflowError:
        bound = datetime.max if stamp_ns > 0 else datetime.min
        return bound.replace(tzinfo=UTC)

"""
List an inbox: which files are ready, which wait, which are none of ours, each with its reason.

Looks at names and file facts only; opens no file. The inbox is never changed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.errors import InboxMissing
from include.intake.sidecars import SIDECAR
from include.model import FileTally

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PARTIAL = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", "~")
ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")

HIDDEN, NOT_REGULAR, IS_PARTIAL, IS_SIDECAR = "hidden", "not_regular", "partial", "sidecar"
UNSETTLED, VANISHED, UNREADABLE = "unsettled", "vanished", "unreadable"


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """
    One file that may be taken.

    name: relative to the inbox, '/'-separated, escaped by `escape_name`; place: the file itself,
    a `Path` only where one is asked for: 200,000 of them took as long as listing them.
    size: bytes. modified_ns: modification time, nanoseconds since 1970 (UTC).
    """

    name: str
    place: str | Path
    size: int
    modified_ns: int

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

    inbox: Path
    files: tuple[ReadyFile, ...]
    waiting: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()
    sidecars: Mapping[str, ReadyFile] = field(default_factory=dict)

    @property
    def tally(self) -> FileTally:
        """Count what was seen, what waits and what is ignored; ready files have no outcome yet."""
        waiting, ignored = len(self.waiting), len(self.ignored)
        return FileTally(len(self.files) + waiting + ignored, waiting=waiting, ignored=ignored)


def list_files(inbox: Path, settle_s: float, now: datetime) -> Listing:
    """
    List an inbox and the folders in it.

    Args:
        settle_s: how long a file must lie still (s).
        now: the instant of the listing, with a time zone.
    Raises:
        InboxMissing: no such folder, or it may not be listed.
    """
    files: list[ReadyFile] = []
    sidecars: dict[str, ReadyFile] = {}
    moving: set[str] = set()  # files whose sidecar has not lain still: they wait for it
    waiting: list[tuple[str, str]] = []
    ignored: list[tuple[str, str]] = []
    for entry, name in _walk(inbox, waiting, ignored):
        reason = _find_reason_to_ignore(entry)
        if reason:
            ignored.append((name, reason))
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            waiting.append((name, VANISHED))
            continue
        except OSError:
            waiting.append((name, UNREADABLE))
            continue
        ready = ReadyFile(name, entry.path, facts.st_size, facts.st_mtime_ns)
        is_still = is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s)
        if name.endswith(SIDECAR):
            ignored.append((name, IS_SIDECAR))
            sidecars[name.removesuffix(SIDECAR)] = ready
            if not is_still:
                moving.add(name.removesuffix(SIDECAR))
        elif is_still:
            files.append(ready)
        else:
            waiting.append((name, UNSETTLED))
    waiting += [(file.name, UNSETTLED) for file in files if file.name in moving]
    files = sorted((f for f in files if f.name not in moving), key=lambda file: file.name)
    return Listing(inbox, tuple(files), tuple(sorted(waiting)), tuple(sorted(ignored)), sidecars)


def list_again(listing: Listing, names: Collection[str], settle_s: float, now: datetime) -> Listing:
    """
    Look once more at files that were listed and could not be read as listed.

    Returns:
        Those that lie still by now, as they are now. A file that has grown waits: it may grow on.
    """
    files = []
    for file in listing.files if names else ():
        if file.name in names:
            try:
                facts = file.path.lstat()
            except OSError:
                continue
            is_still = is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s)
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= file.size and is_still:
                files.append(replace(file, size=facts.st_size, modified_ns=facts.st_mtime_ns))
    return Listing(listing.inbox, tuple(files), sidecars=listing.sidecars)


def is_settled(modified_ns: int, changed_ns: int, now: datetime, settle_s: float) -> bool:
    """
    Tell whether a file has lain still for long enough.

    A modification time that lies ahead of us tells nothing, and must not make a file wait until
    that day. Then the inode's change time is asked, which no program can set. If that lies ahead
    too (a file server whose clock runs fast), the file counts as still; whoever reads it compares
    size and time with the listing, before and after.

    Args:
        modified_ns, changed_ns: nanoseconds since 1970 (UTC).
    """
    for stamp_ns in (modified_ns, changed_ns):
        age_s = (now - date_ns(stamp_ns)).total_seconds()
        if age_s >= -settle_s:
            return age_s >= settle_s
    return True


def escape_name(name: str) -> str:
    r"""
    Give a file name that any table can hold, and that no other file name gives.

    A byte that is not UTF-8 becomes `\xNN`, and so does the `!` that stands between an archive and
    its member; a backslash becomes two; `unescape_name` undoes it.
    """
    plain = os.fsencode(name).replace(b"\\", b"\\\\").replace(b"!", rb"\x21")
    return plain.decode("utf-8", "backslashreplace")


def unescape_name(name: str) -> str:
    """Give the file name that `escape_name` was given."""
    raw = ESCAPED.sub(
        lambda found: b"\\" if found[1] == b"\\" else bytes.fromhex(found[1][1:].decode()),
        name.encode(),
    )
    return os.fsdecode(raw)


def date_ns(stamp_ns: int) -> datetime:
    """Give the UTC time of nanoseconds since 1970; years outside 1 to 9999 become the nearest."""
    try:
        return EPOCH + timedelta(microseconds=stamp_ns // 1000)
    except OverflowError:
        bound = datetime.max if stamp_ns > 0 else datetime.min
        return bound.replace(tzinfo=UTC)


def _walk(
    inbox: Path, waiting: list[tuple[str, str]], ignored: list[tuple[str, str]]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Give every entry that is no folder, with its name; set aside the folders not entered."""
    folders = [("", str(inbox))]
    while folders:
        prefix, folder = folders.pop()
        try:
            with os.scandir(folder) as scan:
                entries = list(scan)
        except OSError as exc:
            if not prefix:
                way_out = "Create it, let this user read it, or set COPYDESK_INBOX to the right one"
                raise InboxMissing("inbox", str(inbox), f"{way_out} ({exc.strerror}).") from exc
            waiting.append((prefix, UNREADABLE))
            continue
        for entry in entries:
            name = prefix + escape_name(entry.name)
            if not entry.is_dir(follow_symlinks=False):
                yield entry, name
            elif entry.name.startswith("."):
                ignored.append((name + "/", HIDDEN))
            else:
                folders.append((name + "/", entry.path))


def _find_reason_to_ignore(entry: os.DirEntry[str]) -> str | None:
    """Say why a file is none of ours, by its name and kind; None when it may be."""
    if entry.name.startswith("."):
        return HIDDEN
    if not entry.is_file(follow_symlinks=False):
        return NOT_REGULAR
    if entry.name.lower().endswith(PARTIAL):
        return IS_PARTIAL
    return None

"""
List an inbox: which files are ready, which wait, which are none of ours, each with its reason.

Looks at names and file facts only; opens no file. The inbox is never changed. It may be a folder or
lie in a store that a URL names; names, reasons and outcomes are the same for both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.errors import InboxMissing
from include.intake.remote import RemoteObject, list_objects
from include.model import FileTally
from include.place import Place, Store

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SUFFIX = ".txt"
ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")

HIDDEN, NOT_REGULAR, NOT_TXT = "hidden", "not_regular", "not_txt"
UNSETTLED, VANISHED, UNREADABLE = "unsettled", "vanished", "unreadable"


@dataclass(frozen=True, slots=True)
class ReadyFile:
    """
    One file that may be taken.

    name: relative to the inbox, '/'-separated, escaped by `escape_name`; path: the file itself.
    size: bytes. modified_ns: modification time, nanoseconds since 1970 (UTC); 0: not known.
    remote: what is to be fetched, of a file in a store. Only `read.open_listed` looks at these two.
    """

    name: str
    path: Path
    size: int
    modified_ns: int
    remote: RemoteObject | None = None

    @property
    def modified_at(self) -> datetime:
        """Give the modification time (UTC, microseconds)."""
        return date_ns(self.modified_ns)


@dataclass(frozen=True)
class Listing:
    """
    An inbox at one instant.

    files: ready files, by name. waiting, ignored: (name, reason), by name; a hidden or unreadable
    folder stands once, for all it holds.
    """

    inbox: Place
    files: tuple[ReadyFile, ...]
    waiting: tuple[tuple[str, str], ...] = ()
    ignored: tuple[tuple[str, str], ...] = ()

    @property
    def tally(self) -> FileTally:
        """Count what was seen, what waits and what is ignored; ready files have no outcome yet."""
        waiting, ignored = len(self.waiting), len(self.ignored)
        return FileTally(len(self.files) + waiting + ignored, waiting=waiting, ignored=ignored)


def list_files(inbox: Place, settle_s: float, now: datetime) -> Listing:
    """
    List an inbox and the folders in it.

    Args:
        settle_s: how long a file must lie still (s).
        now: the instant of the listing, with a time zone.
    Raises:
        InboxMissing: no such folder, or it may not be listed.
        StoreRefused, StoreSilent: the same of a store, or it does not answer.
    """
    if isinstance(inbox, Store):
        return _list_store(inbox, settle_s, now)
    files: list[ReadyFile] = []
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
        if is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s):
            files.append(ReadyFile(name, Path(entry.path), facts.st_size, facts.st_mtime_ns))
        else:
            waiting.append((name, UNSETTLED))
    files.sort(key=lambda file: file.name)
    return Listing(inbox, tuple(files), tuple(sorted(waiting)), tuple(sorted(ignored)))


def _list_store(inbox: Store, settle_s: float, now: datetime) -> Listing:
    """List an inbox in a store. Its objects have one time; without one they are taken as still."""
    files: list[ReadyFile] = []
    waiting: list[tuple[str, str]] = []
    ignored: set[tuple[str, str]] = set()
    for told, found in list_objects(inbox):
        name = escape_name(told)
        hidden = _find_hidden(name)
        facts = found.facts
        if hidden:
            ignored.add((hidden, HIDDEN))
        elif not name.lower().endswith(SUFFIX):
            ignored.add((name, NOT_TXT))
        elif facts.size < 0:
            waiting.append((name, UNREADABLE))
        elif is_settled(facts.modified_ns, facts.modified_ns, now, settle_s):
            files.append(ReadyFile(name, Path(found.key), facts.size, facts.modified_ns, found))
        else:
            waiting.append((name, UNSETTLED))
    files.sort(key=lambda file: file.name)
    return Listing(inbox, tuple(files), tuple(sorted(waiting)), tuple(sorted(ignored)))


def _find_hidden(name: str) -> str | None:
    """Give the hidden file, or the hidden folder that holds it; None where nothing is hidden."""
    parts = name.split("/")
    for number, part in enumerate(parts, 1):
        if part.startswith("."):
            return "/".join(parts[:number]) + ("/" if number < len(parts) else "")
    return None


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

    A byte that is not UTF-8 becomes `\xNN`, a backslash becomes two; `unescape_name` undoes it.
    """
    return os.fsencode(name).replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")


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
    if not entry.name.lower().endswith(SUFFIX):
        return NOT_TXT
    return None

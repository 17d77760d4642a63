"""
List an inbox: which files are ready, and which wait or are ignored, each with its reason.

Uses names and file attributes only; opens no file and never changes the inbox. It may be a folder
or a store that a URL names; names, reasons and outcomes are the same for both.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from include.errors import InboxMissing
from include.intake.inbox.files import (
    HIDDEN,
    IS_PARTIAL,
    NOT_REGULAR,
    PATH_TOO_LONG,
    UNREADABLE,
    UNSETTLED,
    VANISHED,
    Listing,
    ListingBuilder,
    ReadyFile,
    date_ns,
)
from include.intake.inbox.remote import list_objects
from include.storage.locations import Place, Store

PARTIAL = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", "~")
ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")
FOLDER_POLLS = 10  # per settle time
STORE_POLLS = 1  # per settle time: each lists the whole store, by requests that may cost money
MAX_SETTLE_TIMES = 2  # a file that still grows after these waits for the next run


def list_files(inbox: Place, settle_s: float, now: datetime) -> Listing:
    """
    List an inbox and its subfolders.

    Args:
        settle_s: how long a file must be unmodified (s).
        now: the time of the listing, with a time zone.
    Raises:
        InboxMissing: the folder does not exist or cannot be listed.
        StoreRefused, StoreSilent: the same for a store, or it does not answer.
    """
    if isinstance(inbox, Store):
        return _list_store(inbox, settle_s, now)
    listing = ListingBuilder(inbox)
    for entry, name in _walk(inbox, listing.waiting, listing.ignored):
        try:
            reason = _find_reason_to_ignore(entry)
            if reason:
                listing.ignored.append((name, reason))
                continue
            stat_result = entry.stat(follow_symlinks=False)
        except OSError as exc:
            listing.waiting.append((name, _find_reason_to_wait(exc)))
            continue
        ready = ReadyFile(name, entry.path, stat_result.st_size, stat_result.st_mtime_ns)
        settled = is_settled(stat_result.st_mtime_ns, stat_result.st_ctime_ns, now, settle_s)
        listing.add(ready, settled)
    return listing.close()


def list_again(listing: Listing, names: Collection[str], settle_s: float, now: datetime) -> Listing:
    """
    List once more the files that changed between their listing and their reading.

    Returns:
        Those that have settled by now, with their current size and time. A file that grew waits,
        since it may grow further. None in a store: it has no cheap way to check one object.
    """
    files = []
    for file in listing.files if names else ():
        if file.name in names and file.remote is None:
            try:
                facts = file.path.lstat()
            except OSError:
                continue
            settled = is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s)
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= file.size and settled:
                files.append(replace(file, size=facts.st_size, modified_ns=facts.st_mtime_ns))
    return Listing(listing.inbox, tuple(files), sidecars=listing.sidecars)


def _list_store(inbox: Store, settle_s: float, now: datetime) -> Listing:
    """List an inbox in a store; objects without a modification time count as settled."""
    listing = ListingBuilder(inbox)
    hidden_parts: set[str] = set()
    for raw_name, remote in list_objects(inbox):
        name, facts = escape_name(raw_name), remote.facts
        hidden = _find_hidden(name)
        if hidden:
            hidden_parts.add(hidden)
        elif name.lower().endswith(PARTIAL):
            listing.ignored.append((name, IS_PARTIAL))
        elif not remote.is_regular:
            listing.ignored.append((name, NOT_REGULAR))
        elif facts.size < 0:
            listing.waiting.append((name, UNREADABLE))
        else:
            ready = ReadyFile(name, remote.key, facts.size, facts.modified_ns, remote)
            listing.add(ready, is_settled(facts.modified_ns, facts.modified_ns, now, settle_s))
    listing.ignored += [(name, HIDDEN) for name in hidden_parts]
    return listing.close()


def _find_hidden(name: str) -> str | None:
    """Return the hidden file or folder in a name's path; None if nothing in it is hidden."""
    parts = name.split("/")
    for number, part in enumerate(parts, 1):
        if part.startswith("."):
            return "/".join(parts[:number]) + ("/" if number < len(parts) else "")
    return None


def is_settled(modified_ns: int, changed_ns: int, now: datetime, settle_s: float) -> bool:
    """
    Tell whether a file has been unmodified for long enough.

    A modification time in the future proves nothing, and must not make a file wait until that day.
    Then the inode's change time decides, which programs cannot set. If that is in the future too (a
    file server with a fast clock), the file counts as settled; reading it compares size and time
    with the listing, before and after.

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
    Escape a file name so that any table can hold it; different names give different escapes.

    A byte that is not UTF-8 becomes `\xNN`, and so does `!`, which separates an archive from its
    member; a backslash becomes two. `unescape_name` reverses it.
    """
    plain = os.fsencode(name).replace(b"\\", b"\\\\").replace(b"!", rb"\x21")
    return plain.decode("utf-8", "backslashreplace")


def unescape_name(name: str) -> str:
    """Return the file name that `escape_name` was given."""
    raw = ESCAPED.sub(
        lambda match: b"\\" if match[1] == b"\\" else bytes.fromhex(match[1][1:].decode()),
        name.encode(),
    )
    return os.fsdecode(raw)


def _walk(
    inbox: Path, waiting: list[tuple[str, str]], ignored: list[tuple[str, str]]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Iterate over all files below a folder; record folders that are hidden or unreadable."""
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
            waiting.append((prefix, _find_reason_to_wait(exc)))
            continue
        for entry in entries:
            name = prefix + escape_name(entry.name)
            if not _is_folder(entry):
                yield entry, name
            elif entry.name.startswith("."):
                ignored.append((name + "/", HIDDEN))
            else:
                folders.append((name + "/", entry.path))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a folder; one that cannot be looked at is listed as a file."""
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _find_reason_to_wait(problem: OSError) -> str:
    """Give the reason that follows from what the system answered to a look at a name."""
    if isinstance(problem, FileNotFoundError):
        return VANISHED
    return PATH_TOO_LONG if problem.errno == errno.ENAMETOOLONG else UNREADABLE


def _find_reason_to_ignore(entry: os.DirEntry[str]) -> str | None:
    """Return the reason to ignore a file, by its name and type; None if it counts."""
    if entry.name.startswith("."):
        return HIDDEN
    if not entry.is_file(follow_symlinks=False):
        return NOT_REGULAR
    if entry.name.lower().endswith(PARTIAL):
        return IS_PARTIAL
    return None


def wait_until_settled(inbox: Place, settle_s: float) -> None:
    """
    Wait until every file of an inbox has settled, two settle times at most.

    Raises:
        InboxMissing: the folder does not exist or cannot be listed.
    """
    polls = STORE_POLLS if isinstance(inbox, Store) else FOLDER_POLLS
    for _ in range(MAX_SETTLE_TIMES * polls):
        waiting = list_files(inbox, settle_s, datetime.now(UTC)).waiting
        if not any(reason == UNSETTLED for _, reason in waiting):
            return
        time.sleep(settle_s / polls)

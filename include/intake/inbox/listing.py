"""
List an inbox: which files are ready, which wait, which are none of ours, each with its reason.

Looks at names and file facts only; opens no file. The inbox is never changed. It may be a folder or
lie in a store that a URL names; names, reasons and outcomes are the same for both.
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
    ReadyFile,
    Sorting,
    date_ns,
)
from include.intake.inbox.remote import list_objects
from include.storage.locations import Place, Store

PARTIAL = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", "~")
ESCAPED = re.compile(rb"\\(\\|x[0-9a-f]{2})")
LOOKS = 10  # in one settle time
LOOKS_AT_STORE = 1  # each lists the whole store, by requests that may be paid for
PATIENCE = 2  # settle times; a file that still grows then waits for the next run


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
    found = Sorting(inbox)
    for entry, name in _walk(inbox, found.waiting, found.ignored):
        try:
            reason = _find_reason_to_ignore(entry)
            if reason:
                found.ignored.append((name, reason))
                continue
            facts = entry.stat(follow_symlinks=False)
        except OSError as exc:
            found.waiting.append((name, _find_reason_to_wait(exc)))
            continue
        ready = ReadyFile(name, entry.path, facts.st_size, facts.st_mtime_ns)
        found.put(ready, is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s))
    return found.close()


def list_again(listing: Listing, names: Collection[str], settle_s: float, now: datetime) -> Listing:
    """
    Look once more at files that were listed and could not be read as listed.

    Returns:
        Those that lie still by now, as they are now. A file that has grown waits: it may grow on.
        None of a store's: a listing of it is the only look there is.
    """
    files = []
    for file in listing.files if names else ():
        if file.name in names and file.remote is None:
            try:
                facts = file.path.lstat()
            except OSError:
                continue
            is_still = is_settled(facts.st_mtime_ns, facts.st_ctime_ns, now, settle_s)
            if stat.S_ISREG(facts.st_mode) and facts.st_size <= file.size and is_still:
                files.append(replace(file, size=facts.st_size, modified_ns=facts.st_mtime_ns))
    return Listing(listing.inbox, tuple(files), sidecars=listing.sidecars)


def _list_store(inbox: Store, settle_s: float, now: datetime) -> Listing:
    """List an inbox in a store. Its objects have one time; without one they are taken as still."""
    found = Sorting(inbox)
    hidden_parts: set[str] = set()
    for told, remote in list_objects(inbox):
        name, facts = escape_name(told), remote.facts
        hidden = _find_hidden(name)
        if hidden:
            hidden_parts.add(hidden)
        elif name.lower().endswith(PARTIAL):
            found.ignored.append((name, IS_PARTIAL))
        elif not remote.is_regular:
            found.ignored.append((name, NOT_REGULAR))
        elif facts.size < 0:
            found.waiting.append((name, UNREADABLE))
        else:
            ready = ReadyFile(name, remote.key, facts.size, facts.modified_ns, remote)
            found.put(ready, is_settled(facts.modified_ns, facts.modified_ns, now, settle_s))
    found.ignored += [(name, HIDDEN) for name in hidden_parts]
    return found.close()


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
    """Say why a file is none of ours, by its name and kind; None when it may be."""
    if entry.name.startswith("."):
        return HIDDEN
    if not entry.is_file(follow_symlinks=False):
        return NOT_REGULAR
    if entry.name.lower().endswith(PARTIAL):
        return IS_PARTIAL
    return None


def wait_until_settled(inbox: Place, settle_s: float) -> None:
    """
    Wait until every file of an inbox has lain still, two settle times at most.

    Raises:
        InboxMissing: the inbox is no folder that can be listed.
    """
    looks = LOOKS_AT_STORE if isinstance(inbox, Store) else LOOKS
    for _ in range(PATIENCE * looks):
        waiting = list_files(inbox, settle_s, datetime.now(UTC)).waiting
        if not any(reason == UNSETTLED for _, reason in waiting):
            return
        time.sleep(settle_s / looks)

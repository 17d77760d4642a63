"""
Check the inboxes: whether each is watched and can be read, and whether runs take its files.

Folders are listed here. A store is listed only by its trigger, which has the connection's password
and leaves a record of each listing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from include.config.inboxes import Inbox, list_inboxes
from include.config.settings import Settings
from include.errors import InboxMissing
from include.intake.inbox.listing import list_files
from include.orchestration.inbox_deliveries import has_been_listed, read_record
from include.standalone.findings import Finding, sick, well
from include.standalone.signs import UNDELIVERED_S
from include.storage.locations import Store
from include.text import pluralize, shorten

SHOWN = 5  # names listed with a finding
NAME_CHARS = 120  # shown of a name; a path may have 4,096
READABLE = "Let this user read them, shorten their paths, or move them out of the inbox"


def check_inboxes(
    settings: Settings,
    is_watched: bool,
    watched_for_s: float = 0.0,
    newest_run: Callable[[], float] = lambda: 0.0,
) -> Iterator[Finding]:
    """
    Yield whether each inbox is watched, and which of its files cannot be read or are not taken.

    Args:
        watched_for_s: how long Airflow has been running. newest_run: returns when the
            newest run of ingest_pages started (s since 1970); infinity if one is queued or running.
    """
    now = datetime.now(UTC)
    for inbox in list_inboxes(settings):
        place = inbox.place
        if not is_watched:
            yield sick("inbox", f"{place} is not watched", "Fix the problems above")
        if not isinstance(place, Store):
            yield from _check_folder(place, inbox.settings.settle_s, now, is_watched)
        elif is_watched:
            yield from _check_store(inbox, settings, now.timestamp(), watched_for_s, newest_run)


def _check_folder(
    place: Path, settle_s: float, now: datetime, is_watched: bool
) -> Iterator[Finding]:
    """Yield whether a folder is there, and which files and folders in it cannot be read."""
    try:
        unreached = sorted(list_files(place, settle_s, now).find_unreached())
    except InboxMissing as exc:
        if place.is_dir():
            yield sick("inbox", f"{place} cannot be listed", exc.way_out.rstrip("."))
        elif is_watched:
            yield sick("inbox", f"{place} is not a folder", "Create it, or set COPYDESK_INBOX")
        return
    if is_watched:
        yield well("inbox", f"{place} is watched")
    yield from _report_unreached(str(place), unreached)


def _check_store(
    inbox: Inbox,
    settings: Settings,
    now: float,
    watched_for_s: float,
    newest_run: Callable[[], float],
) -> Iterator[Finding]:
    """Yield the findings from the record of a store's trigger; now: s since 1970."""
    place = str(inbox.place)
    record = read_record(settings.receipts, place)
    began_at = now - watched_for_s
    if record is None or record.looked_at < began_at:
        if watched_for_s > UNDELIVERED_S:
            state = f"{place} has not been listed since Airflow started"
            yield sick("inbox", state, "Read the triggerer's log; else make down, then make up")
        else:
            yield well("inbox", f"{place} has not been listed yet")
        return
    if now > record.next_at + UNDELIVERED_S:
        state = f"{place} has not been listed for {now - record.looked_at:.0f} s"
        yield sick("inbox", state, "Read the triggerer's log; else make down, then make up")
        return
    if record.problem:
        way_out = "Do what the message says; the trigger lists the inbox again within minutes"
        yield sick("inbox", f"{place} cannot be listed", way_out, record.problem)
        return
    yield from _report_unreached(place, record.unreached)
    since, rung_at = record.pending_since, record.rung_at
    if since is None or rung_at is None or now - since < UNDELIVERED_S:
        yield well("inbox", f"{place} is watched")
        return
    # a run that started after the event and did not list the inbox failed, which `runs` reports
    is_taken = newest_run() >= rung_at or has_been_listed(settings.receipts, place, rung_at)
    if is_taken:
        yield well("inbox", f"{place} is watched")
        return
    state = f"no run has taken files of {place} for {now - since:.0f} s, and none is on its way"
    way_out = "Trigger ingest_pages in the web interface; if no run starts, make down, then make up"
    yield sick("inbox", state, way_out, *(_name(name) for name in record.pending[:SHOWN]))


def _report_unreached(place: str, unreached: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    if not unreached:
        return
    details = [f"{_name(name)} ({reason})" for name, reason in unreached[:SHOWN]]
    if len(unreached) > SHOWN:
        details.append(f"… and {len(unreached) - SHOWN:,} more")
    state = f"{pluralize(len(unreached), 'name')} in {place} cannot be read"
    yield sick("inbox", state, READABLE, *details)


def _name(name: str) -> str:
    return shorten(name, NAME_CHARS)

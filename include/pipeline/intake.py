"""
The step `intake`: take the new files of a run's inboxes, one inbox after another.

An inbox is taken whole or left out. One that is missing, denies access or stops answering while it
is read is skipped in this run, and the others are taken. The receipt names it, and `check_missed`
fails the run for it after everything else has landed.

A file that changed between listing and reading is tried again after the rest of its inbox, and
reported if it still waits. Runs that find nothing new overwrite one shared receipt, so that a year
of idle runs is one file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.config.inboxes import Inbox
from include.config.settings import Settings
from include.errors import InboxesMissed, InboxMissing, StoreRefused, StoreSilent, Transient
from include.intake.batch_builder import Batch
from include.intake.inbox.files import UNREACHED, UNSETTLED, Listing
from include.intake.inbox.listing import list_again, list_files
from include.intake.isolation import IsolatedParser
from include.intake.take import read_batches
from include.lake.erasure.tombstones import erased_ids
from include.lake.ledger.clock import start_after
from include.lake.ledger.deliveries import read_seen
from include.lake.ledger.index import open_index
from include.model import INGEST, FileTally, KnownFiles, Run
from include.pipeline.batches import pin_knowledge, write_batch
from include.pipeline.intake_options import read_limits, read_rules
from include.pipeline.receipt_types import InboxOutcome, IntakeReceipt, LateFiles
from include.pipeline.receipts import idle_folder, read_receipt, run_key, write_receipt
from include.pipeline.refusal import refuse_pages
from include.storage.locations import BUCKETS, Root, Store
from include.text import shorten

Appearance = frozenset[tuple[str, int, datetime]]  # name, size, time
MISSED = (InboxMissing, StoreRefused, StoreSilent)
LATE_NAMED = 20  # late files that a receipt names
NAME_CHARS = 120  # of a name in an error; a path may have 4,096


@dataclass(frozen=True)
class _Taken:
    """What was taken so far: batches on disk, the tally, the pages, and late files with reasons."""

    batches: tuple[Path, ...] = ()
    tally: FileTally = field(default_factory=FileTally)
    pages: frozenset[str] = frozenset()
    late: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Known:
    """The ledger, and the pages that this run has already taken."""

    ledger: KnownFiles
    pages: frozenset[str]

    def knows_name(self, inbox: str, name: str) -> bool:
        return self.ledger.knows_name(inbox, name)

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        return self.ledger.knows_delivery(inbox, name, page_id)

    def knows_page(self, page_id: str) -> bool:
        return page_id in self.pages or self.ledger.knows_page(page_id)


def take_inboxes(
    settings: Settings,
    run_id: str,
    now: datetime,
    inboxes: Sequence[Inbox],
    clock: Callable[[], datetime],
) -> Path:
    """
    Take what is new in each inbox, in batches; give the run's receipt.

    Equal bytes in two inboxes are split once, as equal bytes under two names are.

    Args:
        now: when the run began. clock: called when changed files are tried again.
    Raises:
        InboxMissing, StoreRefused, StoreSilent: no inbox could be taken, one of them for this.
    """
    folder = settings.receipts / run_key(run_id)
    run = Run(run_id, start_after(settings.lake, now))
    outcomes: list[InboxOutcome] = []
    erased = erased_ids(settings.lake)
    taken, problems = _Taken(), []
    with open_index(settings.lake, settings.ledger_index) as ledger:
        for inbox in inboxes:
            # Outside the try: an error of the lake is not a missed inbox.
            known_files = _read_seen(settings.lake, inbox)
            taking = _Taking(inbox, len(inboxes), folder, run, ledger, taken, erased)
            try:
                grown = taking.take(known_files, now, clock)
            except MISSED as problem:
                problems.append(problem)
                why = f"{type(problem).__name__}: {problem}"
                outcomes.append(InboxOutcome(inbox.name, str(inbox.place), problem=why))
                continue
            outcomes.append(InboxOutcome(inbox.name, str(inbox.place), grown.tally))
            taken = replace(grown, tally=taken.tally + grown.tally)
    if len(problems) == len(inboxes):
        raise next((p for p in problems if isinstance(p, Transient)), problems[0])
    taken.tally.check()
    listed = ", ".join(str(inbox.place) for inbox in inboxes)
    receipt = IntakeReceipt(
        run_id=run_id,
        started_at=run.started_at,
        inbox=listed,
        inboxes=tuple(outcomes),
        kind=INGEST,
        tally=taken.tally,
        late=LateFiles(len(taken.late), taken.late[:LATE_NAMED]),
        batches=taken.batches,
        book_version=pin_knowledge(settings.lake, folder) if taken.batches else None,
    )
    home = folder if taken.batches or problems else idle_folder(settings.receipts, listed)
    return write_receipt(home / "intake.json", receipt)


def check_missed(intake_receipt: str | Path) -> None:
    """
    Fail for inboxes, folders and files that a run could not read, once the rest has landed.

    Raises:
        InboxesMissed: with the name of each, and why.
    """
    receipt = read_receipt(intake_receipt, IntakeReceipt)
    missed = [f"{inbox.name}: {inbox.problem}" for inbox in receipt.inboxes if inbox.problem]
    if missed:
        way_out = (
            "All others were. Repair these, or remove them from COPYDESK_INBOXES; the next run "
            "takes what they hold."
        )
        raise InboxesMissed("inboxes left out", missed, way_out)
    waiting = receipt.late.sample if receipt.late else ()
    unread = [f"{shorten(name, NAME_CHARS)} ({why})" for name, why in waiting if why in UNREACHED]
    if unread:
        way_out = (
            "Everything else was taken. Let this user read them, shorten their paths, or move them "
            "out of the inbox; the next run takes what they hold."
        )
        raise InboxesMissed(f"not readable in {receipt.inbox}", unread, way_out)


class _Taking:
    """Takes one inbox, without modifying what the run took before: a failure loses this alone."""

    def __init__(
        self,
        inbox: Inbox,
        share: int,
        folder: Path,
        run: Run,
        ledger: KnownFiles,
        before: _Taken,
        erased: Collection[str] = frozenset(),
    ) -> None:
        self._inbox, self._folder, self._run, self._ledger = inbox, folder, run, ledger
        limits = read_limits(inbox.settings)
        self._limits = replace(limits, max_batches=max(1, limits.max_batches // share))
        self._rules = read_rules(inbox.settings)
        self._batches, self._pages = list(before.batches), set(before.pages)
        self._before, self._erased = before, erased
        self._late: dict[str, str] = {}
        self._tally = FileTally()

    def take(self, seen: Appearance, now: datetime, clock: Callable[[], datetime]) -> _Taken:
        """Take what is new; in the result, `tally` is of this inbox, all else of the run so far."""
        settle_s = self._inbox.settings.settle_s
        listing = list_files(self._inbox.place, settle_s, now)
        new = tuple(f for f in listing.files if (f.name, f.size, f.modified_at) not in seen)
        self._late |= {name: reason for name, reason in listing.waiting if reason != UNSETTLED}
        self._tally = listing.tally + FileTally(skipped=len(listing.files) - len(new))
        with IsolatedParser(self._limits, self._rules.text) as parser:
            self._take(replace(listing, files=new), parser)
            again = list_again(listing, self._late, settle_s, clock())
            if again.files:
                for file in again.files:
                    del self._late[file.name]
                self._tally += FileTally(waiting=-len(again.files))
                self._take(again, parser)
        self._tally.check()
        late = (*self._before.late, *self._late.items())
        late = tuple(sorted(late, key=lambda file: file[1] not in UNREACHED))  # named first
        return _Taken(tuple(self._batches), self._tally, frozenset(self._pages), late)

    def _take(self, listing: Listing, parser: IsolatedParser) -> None:
        known = _Known(self._ledger, frozenset(self._pages))
        self._write(read_batches(listing, known, self._limits, self._rules, parser))

    def _write(self, batches: Iterator[Batch]) -> None:
        """Write batches as they come; one is in memory at a time."""
        for batch in batches:
            self._tally += batch.tally
            self._late |= {late.name: late.reason for late in batch.late}
            pages, change = refuse_pages(batch.pages, self._erased)
            self._tally += change
            if pages.num_rows:
                frames = (pa.Table.from_batches([frame]) for frame in pages.to_batches())
                number = len(self._batches)
                path = write_batch(self._folder, number, frames, self._run, pages.num_rows)
                self._batches.append(path)
                is_taken = pc.equal(pages["outcome"], "taken")
                self._pages.update(pages["page_id"].filter(is_taken).to_pylist())
            del batch, pages  # or they stay in memory while the next one fills


def _read_seen(lake: Root, inbox: Inbox) -> Appearance:
    """Give the objects of a bucket that need not be fetched again unless they changed."""
    if isinstance(inbox.place, Store) and inbox.place.protocol in BUCKETS:
        return read_seen(lake, str(inbox.place))
    return frozenset()

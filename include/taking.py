"""
Taking: what the step `intake` does with the inboxes of a run, one after another.

An inbox is taken whole or left out: one that is missing, refuses us or falls silent while it is
read loses nothing but its turn, and the others are taken. The receipt names it, and `check_missed`
fails the run for it once everything else has landed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.batching import pin_knowledge, write_batch
from include.errors import InboxesMissed, InboxMissing, StoreRefused, StoreSilent, Transient
from include.inboxes import Inbox
from include.intake.listing import list_files
from include.intake.take import Limits, read_batches
from include.lake.ledger import read_ledger
from include.lake.seen import read_seen
from include.model import INGEST, FileTally, Ledger, Run
from include.place import BUCKETS, Root, Store
from include.receipts import read_receipt, run_key, write_receipt
from include.settings import Settings

Seen = frozenset[tuple[str, int, datetime]]  # name, size, time
MISSED = (InboxMissing, StoreRefused, StoreSilent)


@dataclass
class _Run:
    """A run while it is taken: where its batches lie, and what was taken so far."""

    folder: Path
    run_id: str
    now: datetime
    batches: list[Path] = field(default_factory=list)
    taken: frozenset[str] = frozenset()


def take_inboxes(settings: Settings, run_id: str, now: datetime, inboxes: Sequence[Inbox]) -> Path:
    """
    Take what is new in each inbox, in batches; give the run's receipt.

    Bytes that lie in two inboxes are split once, as bytes under two names are.
    Raises:
        InboxMissing, StoreRefused, StoreSilent: no inbox could be taken; this is why one could not.
    """
    run = _Run(settings.receipts / run_key(run_id), run_id, now)
    ledger = read_ledger(settings.lake)
    limits = Limits(
        settings.max_page_bytes, settings.batch_bytes, max(1, settings.max_batches // len(inboxes))
    )
    told: list[dict[str, Any]] = []
    whole, problems = FileTally(), []
    for inbox in inboxes:
        seen = _read_seen(settings.lake, inbox)  # a lake that fails is no inbox that is missed
        try:
            tally = _take_one(inbox, ledger, seen, limits, run)
        except MISSED as problem:
            problems.append(problem)
            told.append(_tell(inbox, problem=f"{type(problem).__name__}: {problem}"))
            continue
        whole += tally
        told.append(_tell(inbox, tally=asdict(tally)))
    if len(problems) == len(inboxes):
        raise next((p for p in problems if isinstance(p, Transient)), problems[0])
    whole.check()
    content = {
        "run_id": run_id,
        "started_at": now.isoformat(),
        "inbox": ", ".join(str(inbox.place) for inbox in inboxes),
        "inboxes": told,
        "kind": INGEST,
        "tally": asdict(whole),
        "batches": [str(path) for path in run.batches],
        "book_version": pin_knowledge(settings.lake, run.folder) if run.batches else None,
    }
    return write_receipt(run.folder / "intake.json", "intake", content)


def check_missed(intake_receipt: str | Path) -> None:
    """
    Fail for the inboxes that a run could not take.

    Raises:
        InboxesMissed: with the name of each, and why.
    """
    inboxes = read_receipt(intake_receipt, "intake").get("inboxes", ())
    missed = [f"{told['name']}: {told['problem']}" for told in inboxes if "problem" in told]
    if missed:
        way_out = (
            "All other inboxes were taken. Mend these, or take them out of COPYDESK_INBOXES; the "
            "next run takes what they hold."
        )
        raise InboxesMissed("inboxes left out", missed, way_out)


def _take_one(inbox: Inbox, ledger: Ledger, seen: Seen, limits: Limits, run: _Run) -> FileTally:
    """Take one inbox; the run is as it was before if that fails."""
    own = replace(limits, max_page_bytes=inbox.settings.max_page_bytes)
    known = replace(ledger, page_ids=ledger.page_ids | run.taken)
    listing = list_files(inbox.place, inbox.settings.settle_s, run.now)
    tally, batches, taken = listing.tally, list(run.batches), set(run.taken)
    new = tuple(f for f in listing.files if (f.name, f.size, f.modified_at) not in seen)
    tally += FileTally(skipped=len(listing.files) - len(new))
    for batch in read_batches(replace(listing, files=new), known, own):
        tally += batch.tally
        if batch.pages.num_rows:
            frames = (pa.Table.from_batches([frame]) for frame in batch.pages.to_batches())
            known_run, rows = Run(run.run_id, run.now), batch.pages.num_rows
            batches.append(write_batch(run.folder, len(batches), frames, known_run, rows))
            is_taken = pc.equal(batch.pages["outcome"], "taken")
            taken.update(batch.pages["page_id"].filter(is_taken).to_pylist())
        del batch  # or it stays in memory while the next one fills
    tally.check()
    run.batches, run.taken = batches, frozenset(taken)
    return tally


def _read_seen(lake: Root, inbox: Inbox) -> Seen:
    """Give the objects that need not be fetched again if they are as they were; of buckets."""
    if isinstance(inbox.place, Store) and inbox.place.protocol in BUCKETS:
        return read_seen(lake, str(inbox.place))
    return frozenset()


def _tell(inbox: Inbox, **outcome: object) -> dict[str, Any]:
    return {"name": inbox.name, "inbox": str(inbox.place), **outcome}

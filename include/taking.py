"""
Taking: what the step `intake` does with an inbox, batch by batch.

What changed between the listing and its reading is looked at once more when all else is read, and
told if it still waits. A run that found nothing new leaves one receipt an inbox, the same file each
time, so that the idle runs of a year are one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from include.batching import pin_knowledge, write_batch
from include.model import INGEST, FileTally, KnownFiles, Run
from include.receipts import (
    idle_folder,
    map_frame,
    read_receipt,
    run_key,
    write_receipt,
)
from include.settings import Settings

if TYPE_CHECKING:
    from include.intake.basket import Batch

TOLD = 20  # late files that a receipt names


def take_inbox(
    settings: Settings, run_id: str, now: datetime, clock: Callable[[], datetime]
) -> Path:
    """
    Take what is new in the inbox; give the run's receipt.

    Args:
        now: when the run began. clock: asked when files are looked at once more.
    """
    from include.intake.configure import read_limits, read_rules
    from include.intake.listing import list_again, list_files
    from include.intake.take import read_batches
    from include.lake.index import open_index

    folder = settings.receipts / run_key(run_id)
    limits, rules = read_limits(settings), read_rules(settings)
    listing = list_files(settings.inbox, settings.settle_s, now)
    taking = _Taking(folder, run_id, now, listing.tally)
    with open_index(settings.lake, settings.ledger_index) as ledger:
        taking.write(read_batches(listing, ledger, limits, rules))
        again = list_again(listing, taking.late, settings.settle_s, clock())
        if again.files:
            taking.forget_late({file.name for file in again.files})
            known = _Known(ledger, taking.pages_taken())
            taking.write(read_batches(again, known, limits, rules))
    taking.tally.check()
    batches = [str(path) for path in taking.batches]
    content = {
        "run_id": run_id,
        "started_at": now.isoformat(),
        "inbox": str(settings.inbox),
        "kind": INGEST,
        "tally": asdict(taking.tally),
        "late": {"files": len(taking.late), "sample": list(taking.late.items())[:TOLD]},
        "batches": batches,
        "book_version": pin_knowledge(settings.lake, folder) if batches else None,
    }
    home = folder if batches else idle_folder(settings.receipts, str(settings.inbox))
    return write_receipt(home / "intake.json", "intake", content)


@dataclass(frozen=True)
class _Known:
    """The ledger, and the pages that this run took already."""

    ledger: KnownFiles
    pages: frozenset[str]

    def knows_name(self, inbox: str, name: str) -> bool:
        return self.ledger.knows_name(inbox, name)

    def knows_delivery(self, inbox: str, name: str, page_id: str) -> bool:
        return self.ledger.knows_delivery(inbox, name, page_id)

    def knows_page(self, page_id: str) -> bool:
        return page_id in self.pages or self.ledger.knows_page(page_id)


class _Taking:
    """What a run has taken so far: batches on disk, tally, and the late files: name to reason."""

    def __init__(self, folder: Path, run_id: str, now: datetime, tally: FileTally) -> None:
        self.tally = tally
        self.batches: list[Path] = []
        self.late: dict[str, str] = {}
        self._folder, self._run_id, self._now = folder, run_id, now

    def write(self, batches: Iterator[Batch]) -> None:
        """Write batches as they come; one is in memory at a time."""
        for batch in batches:
            self.tally += batch.tally
            self.late |= {late.name: late.reason for late in batch.late}
            if batch.pages.num_rows:
                self.batches.append(self._write_batch(batch.pages))
            del batch  # or it stays in memory while the next one fills

    def forget_late(self, names: Sequence[str] | set[str]) -> None:
        """Take files back that are looked at once more: they wait no longer."""
        for name in names:
            del self.late[name]
        self.tally += FileTally(waiting=-len(names))

    def pages_taken(self) -> frozenset[str]:
        """Read which pages were taken, from the batches."""
        taken: set[str] = set()
        for path in self.batches:
            pages = map_frame(read_receipt(path, "batch")["pages"]).select(["page_id", "outcome"])
            taken.update(pages.filter(pc.equal(pages["outcome"], "taken"))["page_id"].to_pylist())
        return frozenset(taken)

    def _write_batch(self, pages: pa.Table) -> Path:
        frames = (pa.Table.from_batches([frame]) for frame in pages.to_batches())
        run = Run(self._run_id, self._now)
        return write_batch(self._folder, len(self.batches), frames, run, pages.num_rows)

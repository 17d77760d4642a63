"""
Refuse pages that were erased: intake records them as rejected without their bytes, and a run that
took one before its erasure does not land.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from include.errors import ReceiptMissing
from include.model import FileTally
from include.schema.lake import PAGES
from include.storage.frames import read_frames

REASON = "erased"
REFUSED = ("taken", "redelivered", "rejected")


def refuse_pages(pages: pa.Table, erased: Collection[str]) -> tuple[pa.Table, FileTally]:
    """Return a batch's pages with erased ones rejected, and the change of the run's tally."""
    if not erased or not pages.num_rows:
        return pages, FileTally()
    is_erased = pc.is_in(pages["page_id"], pa.array(list(erased), pa.string()))
    is_refused = pc.and_(is_erased, pc.is_in(pages["outcome"], pa.array(REFUSED)))
    if not pc.any(is_refused).as_py():
        return pages, FileTally()
    before = Counter(pages.filter(is_refused)["outcome"].to_pylist())
    gone = dict.fromkeys(("text", "raw", "title", "author", "url"))
    for name, value in {"outcome": "rejected", "reason": REASON, **gone}.items():
        at = pages.schema.get_field_index(name)
        if at < 0:
            continue
        kind = pages.schema.types[at]
        values = pc.if_else(is_refused, pa.scalar(value, kind), pages[name])
        pages = pages.set_column(at, pages.schema.field(at), values)
    moved = sum(before.values()) - before["rejected"]
    change = FileTally(taken=-before["taken"], redelivered=-before["redelivered"], rejected=moved)
    return pages, change


def refuse_landing(frames: Sequence[Path], erased: Collection[str]) -> None:
    """
    Refuse to land a run that took a page before it was erased.

    Raises:
        ReceiptMissing: it took one.
    """
    if not erased:
        return
    for batch in read_frames(frames, PAGES.schema(), ["page_id", "outcome"]):
        taken = batch.filter(pc.not_equal(batch["outcome"], "rejected"))
        held = set(taken["page_id"].to_pylist()) & set(erased)
        if held:
            way_out = "It was erased. Clear the run's first task: it takes the other files again."
            raise ReceiptMissing("page", sorted(held)[0], way_out)

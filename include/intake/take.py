"""
Take what is new in a listed inbox, as batches of decoded pages.

The ledger decides what is new, by content: no clock, no file name alone. An archive that is known
is passed by whole; of one that is not, each member is asked for by itself. One batch is in memory
at a time, in frames small enough that the steps after it need never hold a whole one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from include.intake.archives.content import (  # fmt: skip
    IGNORED,
    PAGE,
    REJECTED,
    TOO_LARGE,
    UNPACKED,
    Found,
    tell_container,
)
from include.intake.archives.limits import Limits
from include.intake.archives.unpack import Unpacking
from include.intake.batch_builder import Batch, BatchBuilder
from include.intake.decoding.metadata import NO_FACTS, SIDECAR_BYTES, Facts, read_sidecar, tell
from include.intake.decoding.page import Ways, read_page
from include.intake.inbox.files import Listing, ReadyFile
from include.intake.inbox.read import Late, Reading, read_file
from include.model import KnownFiles

ROW_BYTES = 512  # what a row without bytes weighs in a batch: ids, names, times


@dataclass(frozen=True)
class Rules:
    """
    How pages are read.

    ways: how text is got out of HTML and JSON. outlet_folder: which folder of a file's path names
    the outlet, from 1; 0: none does. outlet: of pages that nothing else names one of.
    """

    ways: Ways = Ways()
    outlet_folder: int = 0
    outlet: str = ""


def read_batches(
    listing: Listing,
    ledger: KnownFiles,
    limits: Limits,
    rules: Rules = Rules(),
) -> Iterator[Batch]:
    """
    Read a listing's files and give what is new, in the listing's order.

    A batch is closed by the page that fills it, so it weighs less than the target and one page; the
    last one may hold no page, only a tally. `listing.tally` and all batches' tallies balance.
    """
    taking = _Taking(listing, ledger, limits, rules)
    files = taking.set_known_aside()
    target = max(limits.batch_bytes, -(-sum(map(_weigh, files)) // limits.max_batches))
    closed = 0
    for file in files:
        for _ in taking.take(file):
            doubled = _double(target, closed, limits.max_batches) if taking.met_members else target
            if taking.basket.weight >= doubled:
                yield taking.close()
                closed += 1
    yield taking.close()


class _Taking:
    """One run's taking: the basket that fills, and the pages it took so far."""

    def __init__(self, listing: Listing, ledger: KnownFiles, limits: Limits, rules: Rules) -> None:
        self.listing, self.ledger, self.limits, self.rules = listing, ledger, limits, rules
        self.inbox = str(listing.inbox)
        self.basket = BatchBuilder()
        self.taken: set[str] = set()
        self.met_members = False

    def close(self) -> Batch:
        """Give the batch, and begin another."""
        basket, self.basket = self.basket, BatchBuilder()
        return basket.close()

    def set_known_aside(self) -> list[ReadyFile]:
        """
        Give the files that are new; count the others in the basket.

        Most files of an inbox that is never emptied are known. They are hashed first and not kept,
        so that the batches' size follows from what is new. Only a file that changed is read twice.
        """
        files: list[ReadyFile] = []
        for file in self.listing.files:
            if not self.ledger.knows_name(self.inbox, file.name):
                files.append(file)
                continue
            reading = read_file(file, self.limits.max_page_bytes)
            if isinstance(reading, Late):
                self.basket.late.append(reading)
            elif self.ledger.knows_delivery(self.inbox, file.name, reading.page_id):
                self.basket.skipped += 1
            else:
                files.append(file)
        return files

    def take(self, file: ReadyFile) -> Iterator[None]:
        """Take a file; comes back after each row, so that the batch may be closed."""
        sidecar = self._read_sidecar(file)
        room = self.limits.max_unpacked_bytes
        reading = read_file(
            file,
            self.limits.max_page_bytes,
            lambda head: file.size <= room and tell_container(head, is_whole=False) is not None,
        )
        if isinstance(reading, Late) or isinstance(sidecar, Late):
            late = reading if isinstance(reading, Late) else sidecar
            assert isinstance(late, Late)
            self.basket.late.append(Late(file.name, late.reason))
            return
        if self.ledger.knows_delivery(self.inbox, file.name, reading.page_id):
            self.basket.skipped += 1
            return
        facts, flags = sidecar
        found = Found(
            PAGE, file.name, reading.page_id, file.size, reading.raw, facts=facts, flags=flags
        )
        try:
            for met in self._unpack(reading, found):
                self._put(met, file, is_member=met.name != file.name)
                yield
        finally:
            if reading.aside:
                reading.aside.close()

    def _unpack(self, reading: Reading, found: Found) -> Iterator[Found]:
        """Give what a file is: a page, or the members of an archive and the archive."""
        source: BinaryIO | None
        if reading.raw is not None:
            kind = tell_container(reading.raw, is_whole=True)
            source = io.BytesIO(reading.raw) if kind else None
        else:
            source = reading.aside
            kind = tell_container(source.read(2**16), is_whole=False) if source else None
        if kind and source:
            source.seek(0)
            container = replace(found, kind=UNPACKED)
            yield from Unpacking(self.limits).unpack(source, kind, container, found.size)
        elif reading.raw is None:
            yield replace(found, kind=REJECTED, reason=TOO_LARGE)
        else:
            yield found

    def _put(self, found: Found, file: ReadyFile, is_member: bool) -> None:
        """Put what was found in the basket: as a row, or as a count."""
        self.basket.members += is_member
        self.met_members |= is_member
        if found.kind == IGNORED:
            self.basket.ignored += 1
            return
        if is_member and self.ledger.knows_delivery(self.inbox, found.name, found.page_id):
            self.basket.skipped += 1
            return
        row = {
            **self._read(found),
            "name": found.name,
            "inbox": self.inbox,
            "size_bytes": found.size,
            "modified_at": file.modified_at,
        }
        if row["outcome"] == "taken":
            self.taken.add(found.page_id)
        self.basket.put(row, ROW_BYTES + (found.size if row["raw"] is not None else 0))

    def _read(self, found: Found) -> dict[str, object]:
        """Give the columns that follow from a page's bytes and what is told of it."""
        folder = self._tell_folder(found.name)
        if found.kind in (UNPACKED, REJECTED):
            raw = found.raw if found.kind == REJECTED else None
            return _row(found, found.kind, found.reason, raw, found.facts.over(folder))
        if self.ledger.knows_page(found.page_id) or found.page_id in self.taken:
            return _row(found, "redelivered", None, None, found.facts.over(folder))
        assert found.raw is not None
        page = read_page(found.raw, self.rules.ways, found.media_type, found.charset)
        outcome = "rejected" if page.decoded.reason else "taken"
        facts = found.facts.over(page.facts).over(folder)
        return {
            **_row(found, outcome, page.decoded.reason, found.raw, facts),
            "encoding": page.decoded.encoding,
            "replaced_chars": page.decoded.replaced_chars,
            "flags": [*page.decoded.flags, *found.flags],
            "text": page.decoded.text,
            "media_type": page.media_type,
            "text_from": page.text_from,
        }

    def _tell_folder(self, name: str) -> Facts:
        """Give what a file's folder tells: the outlet, where the folders do; else the inbox's."""
        folders = name.split("!")[0].split("/")[:-1]
        level = self.rules.outlet_folder
        outlet = folders[level - 1] if 0 < level <= len(folders) else self.rules.outlet
        return tell(outlet=outlet) if outlet else NO_FACTS

    def _read_sidecar(self, file: ReadyFile) -> tuple[Facts, tuple[str, ...]] | Late:
        beside = self.listing.sidecars.get(file.name)
        if beside is None:
            return NO_FACTS, ()
        reading = read_file(beside, SIDECAR_BYTES)
        if isinstance(reading, Late):
            return reading
        return read_sidecar(reading.raw or b"")


def _row(
    found: Found, outcome: str, reason: str | None, raw: bytes | None, facts: Facts
) -> dict[str, object]:
    """Give a row without text."""
    return {
        "page_id": found.page_id,
        "outcome": outcome,
        "reason": reason,
        "encoding": None,
        "replaced_chars": 0,
        "flags": list(found.flags),
        "text": None,
        "raw": raw,
        "media_type": found.media_type,
        "text_from": None,
        **vars(facts),
    }


def _double(target: int, closed: int, most: int) -> int:
    """
    Give what a batch is to weigh: twice as much each time half of the batches left are used up.

    What archives unpack to is not known before; the last batch takes all that is left.
    """
    left = most - closed
    return target << (most // left).bit_length() - 1 if left > 1 else 2**62


def _weigh(file: ReadyFile) -> int:
    return ROW_BYTES + file.size

"""
Read the new files of a listed inbox, as batches of decoded pages.

The ledger decides by content what is new, not by timestamp or name alone. A known archive is
skipped without being opened; of a changed one, each member is looked up by itself. One batch is in
memory at a time, in frames small enough that later steps never need to hold a whole batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from include.intake.archives.content import (  # fmt: skip
    IGNORED,
    PAGE,
    REJECTED,
    UNPACKED,
    Entry,
    find_container,
)
from include.intake.archives.limits import Limits
from include.intake.batch_builder import Batch, BatchBuilder, raise_target
from include.intake.decoding.metadata import (
    NO_FACTS,
    SIDECAR_BYTES,
    Facts,
    parse_facts,
    read_sidecar,
)
from include.intake.decoding.page import TextOptions
from include.intake.inbox.files import Listing, ReadyFile
from include.intake.inbox.read import Late, read_file
from include.intake.isolation import IsolatedParser
from include.intake.parser import Parser
from include.model import KnownFiles

ROW_BYTES = 512  # memory of a row without its page's bytes: ids, names, times


@dataclass(frozen=True)
class ReadOptions:
    """
    How pages are read.

    text: how text is extracted from HTML and JSON. outlet_folder: the level of the folder that
    names a file's outlet, from 1; 0: none does. outlet: the default where nothing else names one.
    """

    text: TextOptions = TextOptions()
    outlet_folder: int = 0
    outlet: str = ""


def read_batches(
    listing: Listing,
    ledger: KnownFiles,
    limits: Limits,
    options: ReadOptions = ReadOptions(),
    parser: Parser | IsolatedParser | None = None,
) -> Iterator[Batch]:
    """
    Read a listing's files and return the new pages in batches, in the listing's order.

    The page that fills a batch closes it, so a batch exceeds its target by at most one page. The
    last one may hold no page, only a tally. `listing.tally` and all batches' tallies balance.
    Args:
        parser: none to parse in this process, where a hostile file can end it.
    """
    parser = parser or Parser(limits, options.text)
    reader = _InboxReader(listing, ledger, limits, options, parser)
    files = reader.select_new_files()
    target = max(limits.batch_bytes, -(-sum(map(_estimate_bytes, files)) // limits.max_batches))
    closed = 0
    for file in files:
        for _ in reader.take(file):
            most = limits.max_batches
            raised = raise_target(target, closed, most) if reader.has_members else target
            if reader.builder.size_bytes >= raised:
                yield reader.close()
                closed += 1
    yield reader.close()


class _InboxReader:
    """Reads one listing; holds the batch being filled and the ids of the pages taken so far."""

    def __init__(
        self,
        listing: Listing,
        ledger: KnownFiles,
        limits: Limits,
        options: ReadOptions,
        parser: Parser | IsolatedParser,
    ) -> None:
        self.listing, self.ledger, self.limits, self.options = listing, ledger, limits, options
        self.inbox, self.parser = str(listing.inbox), parser
        self.builder = BatchBuilder()
        self.taken: set[str] = set()
        self.has_members = False

    def close(self) -> Batch:
        """Return the filled batch and start an empty one."""
        builder, self.builder = self.builder, BatchBuilder()
        return builder.close()

    def select_new_files(self) -> list[ReadyFile]:
        """
        Return the files that are new or changed, and count the others.

        Most files of an inbox that is never emptied are known. They are hashed first and not kept,
        so that the batch size follows from the new ones alone. Only a changed file is read twice.
        """
        files: list[ReadyFile] = []
        for file in self.listing.files:
            if not self.ledger.knows_name(self.inbox, file.name):
                files.append(file)
                continue
            reading = read_file(file, self.limits.max_page_bytes)
            if isinstance(reading, Late):
                self.builder.late.append(reading)
            elif self.ledger.knows_delivery(self.inbox, file.name, reading.page_id):
                self.builder.skipped += 1
            else:
                files.append(file)
        return files

    def take(self, file: ReadyFile) -> Iterator[None]:
        """Read a file; yields after each row, so that the caller may close the batch."""
        sidecar = self._read_sidecar(file)
        largest = self.limits.max_unpacked_bytes
        reading = read_file(
            file,
            self.limits.max_page_bytes,
            lambda head: file.size <= largest and find_container(head, is_whole=False) is not None,
        )
        if isinstance(reading, Late) or isinstance(sidecar, Late):
            late = reading if isinstance(reading, Late) else sidecar
            assert isinstance(late, Late)
            self.builder.late.append(Late(file.name, late.reason))
            return
        if self.ledger.knows_delivery(self.inbox, file.name, reading.page_id):
            self.builder.skipped += 1
            return
        facts, flags = sidecar
        entry = Entry(
            PAGE, file.name, reading.page_id, file.size, reading.raw, facts=facts, flags=flags
        )
        try:
            is_new = not self.ledger.knows_name(self.inbox, file.name)
            for member in self.parser.list_entries(reading, entry, is_new):
                self._add(member, file, is_member=member.name != file.name)
                yield
        finally:
            if reading.copy:
                reading.copy.close()

    def _add(self, entry: Entry, file: ReadyFile, is_member: bool) -> None:
        """Add an entry to the batch, as a row or in the counts."""
        self.builder.members += is_member
        self.has_members |= is_member
        if entry.kind == IGNORED:
            self.builder.ignored += 1
            return
        if is_member and self.ledger.knows_delivery(self.inbox, entry.name, entry.page_id):
            self.builder.skipped += 1
            return
        row = {
            **self._decode(entry),
            "name": entry.name,
            "inbox": self.inbox,
            "size_bytes": entry.size,
            "modified_at": file.modified_at,
        }
        if row["outcome"] == "taken":
            self.taken.add(entry.page_id)
        self.builder.add(row, ROW_BYTES + (entry.size if row["raw"] is not None else 0))

    def _decode(self, entry: Entry) -> dict[str, object]:
        """Decode an entry's page, if it is new, and return its columns."""
        folder = self._read_folder_facts(entry.name)
        if entry.kind in (UNPACKED, REJECTED):
            raw = entry.raw if entry.kind == REJECTED else None
            return _row(entry, entry.kind, entry.reason, raw, entry.facts.over(folder))
        if self.ledger.knows_page(entry.page_id) or entry.page_id in self.taken:
            return _row(entry, "redelivered", None, None, entry.facts.over(folder))
        raw, page = self.parser.decode(entry)
        outcome = "rejected" if page.decoded.reason else "taken"
        facts = entry.facts.over(page.facts).over(folder)
        return {
            **_row(entry, outcome, page.decoded.reason, raw, facts),
            "encoding": page.decoded.encoding,
            "replaced_chars": page.decoded.replaced_chars,
            "flags": [*page.decoded.flags, *entry.flags],
            "text": page.decoded.text,
            "media_type": page.media_type,
            "text_from": page.text_from,
        }

    def _read_folder_facts(self, name: str) -> Facts:
        """Return the outlet that a file's folder names, else the inbox's default."""
        folders = name.split("!")[0].split("/")[:-1]
        level = self.options.outlet_folder
        outlet = folders[level - 1] if 0 < level <= len(folders) else self.options.outlet
        return parse_facts(outlet=outlet) if outlet else NO_FACTS

    def _read_sidecar(self, file: ReadyFile) -> tuple[Facts, tuple[str, ...]] | Late:
        beside = self.listing.sidecars.get(file.name)
        if beside is None:
            return NO_FACTS, ()
        reading = read_file(beside, SIDECAR_BYTES)
        if isinstance(reading, Late):
            return reading
        return read_sidecar(reading.raw or b"")


def _row(
    entry: Entry, outcome: str, reason: str | None, raw: bytes | None, facts: Facts
) -> dict[str, object]:
    """Return the columns of an entry without text."""
    return {
        "page_id": entry.page_id,
        "outcome": outcome,
        "reason": reason,
        "encoding": None,
        "replaced_chars": 0,
        "flags": list(entry.flags),
        "text": None,
        "raw": raw,
        "media_type": entry.media_type,
        "text_from": None,
        **vars(facts),
    }


def _estimate_bytes(file: ReadyFile) -> int:
    return ROW_BYTES + file.size

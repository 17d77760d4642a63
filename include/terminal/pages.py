"""
Read a named file as intake would: a page, or the pages of an archive or a file of records.

A page in an archive is named `archive!page`, as in the ledger. Files are parsed in a separate
process with intake's budgets, so that a hostile file cannot end the command.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from include.config.settings import Settings
from include.errors import NotFound
from include.intake.archives.content import IGNORED, PAGE, UNPACKED, Entry
from include.intake.decoding.page import Page
from include.intake.inbox.read import Reading
from include.intake.isolation import IsolatedParser
from include.pipeline.intake_options import read_limits, read_text_options


@dataclass(frozen=True)
class Member:
    """
    A file, or a page of an archive.

    name: as `show` accepts it. page: None if it was rejected before it was decoded. reason: why
    there is no text.
    """

    name: str
    page: Page | None
    reason: str | None

    @property
    def text(self) -> str | None:
        """Return the page's text, if it has one."""
        return self.page.decoded.text if self.page else None


class PageReader:
    """Reads files one at a time, with one parser process."""

    def __init__(self, parser: IsolatedParser, max_page_bytes: int) -> None:
        self._parser, self._max_page_bytes = parser, max_page_bytes

    def read_members(self, file: Path) -> Iterator[Member]:
        """Yield the pages of a file in order: itself, its members, or a broken archive."""
        for entry in self._list(file):
            yield self._read(file, entry)

    def read_page(self, named: Path) -> Page:
        """
        Read a file, or a page of an archive.

        Raises:
            NotFound: no page has this name, or it is not text.
        """
        file = named if named.is_file() else _find_archive(named)
        for entry in self._list(file):
            if _name(file, entry) == str(named):
                return text_of(self._read(file, entry))
        raise NotFound("page", str(named), f"`show {file}` lists the pages in it.")

    def _list(self, file: Path) -> Iterator[Entry]:
        """Yield the pages of a file, nested archives unpacked; an archive itself only if broken."""
        size = file.stat().st_size
        with file.open("rb") as source:
            is_small = size <= self._max_page_bytes
            reading = Reading("", source.read(), None) if is_small else Reading("", None, source)
            whole = Entry(PAGE, file.name, "", size, reading.raw)
            for entry in self._parser.list_entries(reading, whole, is_new=False):
                if entry.kind != IGNORED and (entry.kind != UNPACKED or entry.reason):
                    yield entry

    def _read(self, file: Path, entry: Entry) -> Member:
        if entry.kind != PAGE:
            return Member(_name(file, entry), None, entry.reason)
        _, page = self._parser.decode(entry)
        return Member(_name(file, entry), page, page.decoded.reason)


@contextmanager
def open_reader(settings: Settings) -> Iterator[PageReader]:
    """Open a reader; its process ends with the block."""
    with IsolatedParser(read_limits(settings), read_text_options(settings)) as parser:
        yield PageReader(parser, settings.max_page_bytes)


def text_of(member: Member) -> Page:
    """Return a page that has a text; raises `NotFound` for one that was rejected."""
    if member.page is None or member.text is None:
        raise NotFound("text of page", member.name, f"The file was rejected: {member.reason}.")
    return member.page


def _name(file: Path, entry: Entry) -> str:
    return f"{file}{entry.name[len(file.name) :]}"


def _find_archive(named: Path) -> Path:
    """Find the archive in a member's name: the shortest part before a `!` that is a file."""
    parts = str(named).split("!")
    files = (Path("!".join(parts[:at])) for at in range(1, len(parts)))
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise NotFound("page", str(named), "Name a file, or a page of an archive as ARCHIVE!PAGE.")
    return file

"""
Read a named file as intake would: a page, or the pages of an archive or a file of records.

A page in an archive is named `archive!page`, as in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from include.config.settings import Settings
from include.errors import NotFound
from include.intake.archives.content import IGNORED, PAGE, UNPACKED, Entry, find_container
from include.intake.archives.unpack import Unpacker
from include.intake.decoding.page import Page
from include.intake.decoding.page import read_page as read_bytes
from include.pipeline.intake_options import read_limits, read_text_options


@dataclass(frozen=True)
class Member:
    """A page of an archive: its name as `show` takes it, and its text or why it has none."""

    name: str
    text: str | None
    reason: str | None


def is_container(settings: Settings, file: Path) -> bool:
    """Return whether a file is an archive or holds several records."""
    return file.is_file() and _tell_kind(settings, file) is not None


def read_members(settings: Settings, file: Path) -> Iterator[Member]:
    """Yield the pages of a file in order: itself, or its members; a broken archive is one too."""
    ways = read_text_options(settings)
    if not is_container(settings, file):
        page = read_bytes(file.read_bytes(), ways)
        yield Member(str(file), page.decoded.text, page.decoded.reason)
        return
    for found in _unpack(settings, file):
        name = f"{file}{found.name[len(file.name) :]}"
        if found.kind == PAGE:
            page = read_bytes(found.raw or b"", ways, found.media_type, found.charset)
            yield Member(name, page.decoded.text, page.decoded.reason)
        else:
            yield Member(name, None, found.reason)


def read_page(settings: Settings, named: Path) -> Page:
    """
    Read a file, or a page of an archive.

    Raises:
        NotFound: no page has this name, or it is not text.
    """
    ways = read_text_options(settings)
    if named.is_file():
        page = read_bytes(named.read_bytes(), ways)
    else:
        member = _find_member(settings, named)
        page = read_bytes(member.raw or b"", ways, member.media_type, member.charset)
    if page.decoded.text is None:
        raise NotFound("text of page", str(named), f"The file was rejected: {page.decoded.reason}.")
    return page


def _find_member(settings: Settings, named: Path) -> Entry:
    """Find a member by its ledger name; the archive's name is the shortest before a `!`."""
    parts = str(named).split("!")
    files = (Path("!".join(parts[:at])) for at in range(1, len(parts)))
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise NotFound("page", str(named), "Name a file, or a page of an archive as ARCHIVE!PAGE.")
    wanted = file.name + str(named)[len(str(file)) :]
    member = next((one for one in _unpack(settings, file) if one.name == wanted), None)
    if member is None:
        raise NotFound("page", str(named), f"`show {file}` lists the pages in it.")
    if member.kind != PAGE:
        raise NotFound("text of page", str(named), f"The file was rejected: {member.reason}.")
    return member


def _tell_kind(settings: Settings, file: Path) -> str | None:
    with file.open("rb") as source:
        raw = source.read(settings.max_page_bytes + 1)
    return find_container(raw, is_whole=len(raw) <= settings.max_page_bytes)


def _unpack(settings: Settings, file: Path) -> Iterator[Entry]:
    """Yield the members of a file, nested archives unpacked; an archive itself only if broken."""
    kind, size = _tell_kind(settings, file), file.stat().st_size
    if kind is None:
        return
    container = Entry(UNPACKED, file.name, "", size)
    with file.open("rb") as source:
        for found in Unpacker(read_limits(settings)).unpack(source, kind, container, size):
            if found.kind != IGNORED and (found.kind != UNPACKED or found.reason):
                yield found

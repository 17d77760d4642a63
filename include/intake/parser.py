"""
What untrusted bytes go through: from a file to its entries, and from an entry to its text.

`Parser` works in the calling process. `isolation.IsolatedParser` does the same in a process of its
own, which may be killed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

from include.intake.archives.content import (  # fmt: skip
    HEAD_BYTES,
    REJECTED,
    TOO_LARGE,
    UNPACKED,
    Entry,
    find_container,
)
from include.intake.archives.limits import Limits
from include.intake.archives.unpack import Unpacker
from include.intake.decoding.page import Page, TextOptions, read_page
from include.intake.failures import Stopped, stop_if_broken
from include.intake.inbox.read import Reading


class Parser:
    """Parses the files of an inbox, one at a time."""

    def __init__(self, limits: Limits, options: TextOptions) -> None:
        self.limits, self.options = limits, options

    def list_entries(self, reading: Reading, file: Entry, is_new: bool = True) -> Iterator[Entry]:
        """
        Iterate over the members of an archive and then the archive, or over the one page.

        Args:
            file: the file as a page. Its own entry is the last one, and has its name.
        """
        try:
            with stop_if_broken("page"):
                kind = _find_kind(reading)
        except Stopped as exc:
            yield replace(file, kind=REJECTED, reason=exc.reason)
            return
        source = io.BytesIO(reading.raw) if reading.raw is not None else reading.copy
        if kind and source:
            container = replace(file, kind=UNPACKED)
            yield from Unpacker(self.limits).unpack(source, kind, container, file.size)
        elif reading.raw is None:
            yield replace(file, kind=REJECTED, reason=TOO_LARGE)
        else:
            yield file

    def decode(self, entry: Entry) -> tuple[bytes | None, Page]:
        """Return the bytes and the text of the entry that was listed last; it must be a page."""
        raw = entry.raw or b""
        return raw, read_page(raw, self.options, entry.media_type, entry.charset)


def _find_kind(reading: Reading) -> str | None:
    """Return the kind of container that a file is; None for a page."""
    if reading.raw is not None:
        return find_container(reading.raw, is_whole=True)
    if reading.copy is None:
        return None
    kind = find_container(reading.copy.read(HEAD_BYTES), is_whole=False)
    reading.copy.seek(0)
    return kind

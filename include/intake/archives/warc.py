"""
The pages in a WARC or WET file, record by record, read by warcio.

Requests, metadata and revisits hold no page and are skipped. The page is the record's payload,
without HTTP's transfer and content encodings.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any, BinaryIO

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed

from include.intake.archives.compression import stop_if_broken
from include.intake.archives.limits import Stopped
from include.intake.archives.zip_tar import Member
from include.intake.decoding.metadata import parse_facts

PAGES = ("response", "resource", "conversion", "continuation")
TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain", "application/json", "")
UNKNOWN = ("application/octet-stream", "unknown/unknown", "application/http")


def warc_records(source: BinaryIO) -> Iterator[Member]:
    """
    Iterate over the records that may be pages, in order.

    Raises:
        Stopped: the file is damaged or cut off; records before that point were returned.
    """
    number = 0
    try:
        with stop_if_broken("warc"), redirect_stderr(io.StringIO()):
            records = iter(WARCIterator(source))
        while True:
            with stop_if_broken("warc"), redirect_stderr(io.StringIO()):
                record = next(records, None)
            if record is None:
                return
            number += 1
            if record.rec_type in PAGES:
                yield _describe(record, number)
    except (ArchiveLoadFailed, AttributeError, TypeError) as exc:
        raise Stopped("broken:warc") from exc


def _describe(record: Any, number: int) -> Member:
    head = record.rec_headers
    http = record.http_headers
    declared_size = head.get_header("Content-Length") or ""
    is_number = declared_size.isdecimal() and len(declared_size) < 16
    size = int(declared_size) if is_number else 0
    declared = (http or head).get_header("Content-Type") or ""
    media, _, rest = declared.partition(";")
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    name = (head.get_header("WARC-Record-ID") or f"record {number}").strip("<> ")
    return Member(
        name,
        size,
        lambda: _Content(record, size),
        _refuse(record, media.strip().lower()),
        parse_facts(
            url=head.get_header("WARC-Target-URI"), fetched_at=head.get_header("WARC-Date")
        ),
        charset or None,
        size=size,
        is_measured=True,
    )


def _refuse(record: Any, media: str) -> str | None:
    if record.rec_type == "continuation":
        return "unsupported"
    if record.http_headers:
        status = (record.http_headers.get_statuscode() or "")[:3]
        if not status.startswith("2"):
            return f"http:{status if status.isdecimal() else 'broken'}"
    if media in TEXTUAL or media in UNKNOWN or media.startswith("application/x-"):
        return None
    kind = media.split("/")[0]
    return f"media:{media[:60]}" if kind != "application" or "script" in media else None


class _Content:
    """A record's payload; one that ends too soon raises EOFError."""

    def __init__(self, record: Any, size: int) -> None:
        self._source = record.content_stream()
        self._raw, self._size = record.raw_stream, size

    def read(self, size: int) -> bytes:
        piece: bytes = self._source.read(size)
        if not piece and getattr(self._raw, "limit", 0) > 0:
            raise EOFError("the record is shorter than its header says")
        return piece

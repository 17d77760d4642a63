"""
The pages in a WARC, WET or ARC file, record by record, read by warcio.

Requests, metadata and revisits hold no page and are skipped. The page is the record's payload,
without HTTP's transfer and content encodings. HTTP headers are parsed here and not by warcio, so
that a record with broken headers is rejected by itself and the records after it are read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeadersParser

from include.intake.archives.buffers import PrefixedStream
from include.intake.archives.http_body import find_unsupported, list_codings, read_body
from include.intake.archives.zip_tar import Member
from include.intake.decoding.metadata import parse_facts
from include.intake.failures import Stopped, stop_if_broken

PAGES = ("response", "resource", "conversion", "continuation")
TEXTUAL = ("text/html", "application/xhtml+xml", "text/plain", "application/json", "")
UNKNOWN = ("application/octet-stream", "unknown/unknown", "application/http", "no-type")
STATUS_BYTES = 2**13
TRUNCATED = "truncated"
WHOLE = ("", "not-truncated")  # values of WARC-Truncated


def warc_records(source: BinaryIO, max_bytes: int) -> Iterator[Member]:
    """
    Iterate over the records that may be pages, in order.

    Args:
        max_bytes: of a payload; a larger one is read to one byte beyond.
    Raises:
        Stopped: the file is damaged or cut off; records before that point were returned.
    """
    number = 0
    with redirect_stderr(io.StringIO()):  # warcio prints its doubts
        records = ArchiveIterator(source, no_record_parse=True)
    while True:
        with stop_if_broken("warc"), redirect_stderr(io.StringIO()):
            record = next(records, None)
        if record is None:
            return
        number += 1
        if record.rec_type in PAGES:
            yield _describe_safely(record, number, max_bytes)


def _describe_safely(record: Any, number: int, max_bytes: int) -> Member:
    """Describe a record; one whose headers cannot be parsed is rejected by itself."""
    try:
        with stop_if_broken("member"):
            return _describe(record, number, max_bytes)
    except Stopped as exc:
        return Member(f"record {number}", 0, reason=exc.reason)


def _describe(record: Any, number: int, max_bytes: int) -> Member:
    head, raw = record.rec_headers, record.raw_stream
    http, payload = _read_http(record)
    size = max(record.length or 0, 0)
    declared = (http or head).get_header("Content-Type") or ""
    media, _, rest = declared.partition(";")
    media = media.strip().lower()
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip(" \"'")
    codings = list_codings(http.get_header("Content-Encoding") if http else None)
    chunked = (http.get_header("Transfer-Encoding") or "" if http else "").lower() == "chunked"
    is_partial = _is_partial(head, http, raw)
    name = (head.get_header("WARC-Record-ID") or f"record {number}").strip("<> ")
    reason = _refuse(record, http, media) or find_unsupported(codings)
    if not isinstance(raw, LimitReader):  # the file ends within the record's own header
        reason = "cut_off:member"
    return Member(
        name,
        size,
        lambda: io.BytesIO(_read(payload, raw, chunked, codings, max_bytes, is_partial)),
        reason,
        parse_facts(
            url=head.get_header("WARC-Target-URI") or head.get_header("uri"),
            fetched_at=head.get_header("WARC-Date") or head.get_header("archive-date"),
        ),
        charset or None,
        size=size,
        is_measured=True,
        flags=(TRUNCATED,) if is_partial else (),
    )


def _read_http(record: Any) -> tuple[Any, Any]:
    """Return the HTTP headers of a response, None if it has none, and the stream of its body."""
    raw = record.raw_stream
    if record.rec_type != "response" or not isinstance(raw, LimitReader):
        return None, raw
    status = raw.readline(STATUS_BYTES)
    if not status.startswith(b"HTTP/"):
        return None, PrefixedStream(status, raw)
    return StatusAndHeadersParser([], verify=False).parse(raw, status.decode("latin-1")), raw


def _is_partial(head: Any, http: Any, raw: Any) -> bool:
    """Tell whether the crawler stored less of a page than the server sent, or announced."""
    if (head.get_header("WARC-Truncated") or "").strip().lower() not in WHOLE:
        return True
    announced = http.get_header("Content-Length") or "" if http else ""
    is_number = announced.isdecimal() and len(announced) < 16
    return is_number and int(announced) > getattr(raw, "limit", 0)


def _refuse(record: Any, http: Any, media: str) -> str | None:
    if record.rec_type == "continuation":
        return "unsupported"
    if http:
        status = (http.get_statuscode() or "")[:3]
        if not status.startswith("2"):
            return f"http:{status if status.isdecimal() else 'broken'}"
    if media in TEXTUAL or media in UNKNOWN or media.startswith("application/x-"):
        return None
    kind = media.split("/")[0]
    return f"media:{media[:60]}" if kind != "application" or "script" in media else None


def _read(
    payload: Any, raw: Any, chunked: bool, codings: tuple[str, ...], max_bytes: int, partial: bool
) -> bytes:
    """Read a record's payload; one that is shorter than its header says is cut off."""
    with redirect_stderr(io.StringIO()):
        body = read_body(payload, chunked, codings, max_bytes, partial)
    if raw.limit > 0 and len(body) <= max_bytes and not raw.read(1):
        raise EOFError("the record is shorter than its header says")
    return body

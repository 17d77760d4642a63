"""
The text of mails: a message, a mailbox (mbox) or a page that a browser saved (MHTML).

Read by the standard library. Of each message the HTML part is the page, or else the plain one;
attachments are not read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any, BinaryIO

from include.intake.archives.zip_tar import Member
from include.intake.decoding.metadata import Facts, parse_facts
from include.intake.failures import Stopped, stop_if_broken

HEAD_BYTES = 2**16
HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t\r\n]|[!-9;-~]{1,76}:\S|[ \t]+\S")
NAME = re.compile(rb"^([!-9;-~]{1,76}):", re.M)
ADDRESS = re.compile(rb"^from:[^\r\n]{0,300}@", re.I | re.M)
# what a mail has and a press release that names sender and subject has not
TECHNICAL = {b"mime-version", b"message-id", b"content-transfer-encoding", b"received",
             b"return-path", b"delivered-to", b"snapshot-content-location"}  # fmt: skip
MBOX_LINE = re.compile(
    rb"From \S{1,300} +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [^\r\n]{10,50}\d{4}[^\r\n]{0,10}\r?\n"
)
QUOTED = re.compile(rb"^>(>*From )", re.M)
TRUNCATED = "truncated"
UNFINISHED = ("CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect")


def find_mail(raw: bytes) -> str | None:
    """Return `mbox` or `mail` for bytes that begin as such; None for any other."""
    if MBOX_LINE.match(raw):
        return "mbox" if find_mail(raw[raw.index(b"\n") + 1 :]) == "mail" else None
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD_BYTES].lstrip(b"\r\n"), maxsplit=1)[0]
    lines = head.splitlines()
    if len(lines) < 2 or not all(HEADER_LINE.match(line) for line in lines):
        return None
    names = {name.lower() for name in NAME.findall(head)}
    if not names & {b"from", b"subject", b"snapshot-content-location"}:
        return None
    is_plain_mail = {b"date", b"subject"} <= names and ADDRESS.search(head)
    return "mail" if names & TECHNICAL or is_plain_mail else None


def mail_members(source: BinaryIO, kind: str, max_bytes: int) -> Iterator[Member]:
    """
    Iterate over the messages of a mailbox, or the one message.

    Args:
        max_bytes: of a message; a larger one is rejected.
    """
    messages = _cut_mbox(source, max_bytes) if kind == "mbox" else [source.read(max_bytes + 1)]
    for number, raw in enumerate(messages, 1):
        name = str(number) if kind == "mbox" else "message"
        if len(raw) > max_bytes:
            yield Member(name, len(raw), reason="too_large", size=len(raw))
            continue
        try:
            with stop_if_broken("mail"):
                member = _describe(raw, name)
        except Stopped as exc:
            member = Member(name, len(raw), reason=exc.reason, size=len(raw), raw=raw)
        yield member


def _cut_mbox(source: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Iterate over a mailbox's messages, each without its `From ` line."""
    lines: list[bytes] = []
    size, is_blank = 0, True
    while line := source.readline(max_bytes + 2):
        if is_blank and MBOX_LINE.match(line):
            if lines:
                yield QUOTED.sub(rb"\1", b"".join(lines))
            lines, size = [], 0
            continue
        is_blank = not line.strip()
        if size <= max_bytes:
            lines.append(line)
            size += len(line)
    if lines:
        yield QUOTED.sub(rb"\1", b"".join(lines))


def _describe(raw: bytes, name: str) -> Member:
    message: Any = message_from_bytes(raw.lstrip(b"\r\n"), policy=policy.default)
    body = message.get_body(("html", "plain"))
    if body is None:
        return Member(name, len(raw), reason="no_text", size=len(raw), raw=raw)
    payload: bytes = body.get_payload(decode=True) or b""
    unfinished = [d for d in message.defects if type(d).__name__ in UNFINISHED]
    return Member(
        name,
        len(raw),
        lambda: io.BytesIO(payload),
        facts=_read_facts(message, body),
        charset=body.get_content_charset(),
        media_type="html" if body.get_content_type() == "text/html" else "text",
        size=len(payload),
        flags=(TRUNCATED,) if unfinished else (),
    )


def _read_facts(message: EmailMessage, body: Any) -> Facts:
    """Return what the headers say; the date of a saved page is when it was fetched."""
    date, saved_from = _header(message, "Date"), _header(message, "Snapshot-Content-Location")
    is_saved = saved_from is not None or message.get_content_type() == "multipart/related"
    name, address = parseaddr(_header(message, "From") or "")
    return parse_facts(
        outlet=None if is_saved else name or address.rpartition("@")[2],
        url=saved_from or _header(body, "Content-Location"),
        title=_header(message, "Subject"),
        fetched_at=date if is_saved else None,
        published_at=None if is_saved else date,
        title_source="subject",
    )


def _header(message: Any, name: str) -> str | None:
    """Return a header's text; None where it is missing or cannot be parsed."""
    try:
        value = message[name]
        return None if value is None else str(value)
    except Exception:  # the parser of headers raises many classes
        return None

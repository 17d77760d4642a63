"""
Whether a file is one page or a container of pages: its bytes decide, not its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.intake.archives.compression import STREAMS
from include.intake.archives.json_records import find_record_kind, find_wide_encoding
from include.intake.archives.mail import find_mail
from include.intake.decoding.metadata import NO_FACTS, Facts
from include.intake.decoding.page import JSON
from include.intake.decoding.signatures import find_format
from include.intake.decoding.sniff import find_markup

CONTAINERS = (*STREAMS, "zip", "tar", "warc", "arc")
MAILS = ("mail", "mbox")
HEAD_BYTES = 2**16
PAGE, UNPACKED, REJECTED, IGNORED = "page", "unpacked", "rejected", "ignored"
TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Entry:
    """
    A file, an archive's member or a record, and what it turned out to be.

    kind: PAGE; UNPACKED, an archive, which follows its members, with a reason if it was not read to
    its end; REJECTED, with a reason; IGNORED, a hidden file or a sidecar. raw: the bytes of a page,
    or of an entry rejected after it was read. page_id: sha256 of the bytes; of an entry that was
    not read, a hash of its name, size and reason.
    """

    kind: str
    name: str
    page_id: str
    size: int
    raw: bytes | None = None
    reason: str | None = None
    media_type: str | None = None
    charset: str | None = None
    facts: Facts = NO_FACTS
    flags: tuple[str, ...] = ()


def find_container(raw: bytes, is_whole: bool) -> str | None:
    """
    Name the kind of container that bytes are; None when they are one page.

    JSON counts as a container if it holds several records.
    Args:
        is_whole: `raw` is the whole file, not only its beginning.
    """
    kind = find_format(raw[:HEAD_BYTES])
    if kind:
        return kind if kind in CONTAINERS else None
    if mail := find_mail(raw[:HEAD_BYTES]):
        return mail
    encoding = find_wide_encoding(raw[:HEAD_BYTES]) or "utf-8"
    head = raw[:HEAD_BYTES].decode(encoding, "replace")
    if not head.removeprefix("\ufeff").lstrip(" \t\r\n\x1e").startswith(("{", "[")):
        return None
    if find_markup(raw.decode(encoding, "replace") if is_whole else head) != JSON:
        return None
    return JSON if not is_whole or find_record_kind(raw) == "records" else None

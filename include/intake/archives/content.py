"""
What lies in a file: one page, or a container of pages. Its bytes decide, not its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.intake.archives.compression import STREAMS
from include.intake.archives.json_records import tell_records
from include.intake.decoding.metadata import NO_FACTS, Facts
from include.intake.decoding.page import JSON
from include.intake.decoding.signatures import find_format
from include.intake.decoding.sniff import find_markup

CONTAINERS = (*STREAMS, "zip", "tar", "warc")
HEAD_BYTES = 2**16
PAGE, UNPACKED, REJECTED, IGNORED = "page", "unpacked", "rejected", "ignored"
TOO_LARGE = "too_large"


@dataclass(frozen=True)
class Found:
    """
    What lies in an archive, or is one.

    kind: a page; unpacked: an archive, after its members, with the reason why it was not read to
    its end; rejected, with a reason; ignored: hidden, or a sidecar. raw: of a page, or of what was
    rejected after it was read. page_id: of what was not read, a hash of its name, size and reason.
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


def tell_container(raw: bytes, is_whole: bool) -> str | None:
    """
    Say what kind of container bytes are: by their head, or whole; None when they are one page.

    JSON is one where it holds several records.
    """
    kind = find_format(raw[:HEAD_BYTES])
    if kind:
        return kind if kind in CONTAINERS else None
    head = raw[:HEAD_BYTES].decode("utf-8", "replace")
    if not head.removeprefix("\ufeff").lstrip().startswith(("{", "[")):
        return None
    if find_markup(raw.decode("utf-8", "replace") if is_whole else head) != JSON:
        return None
    return JSON if not is_whole or tell_records(raw) == "records" else None

"""
Unpack an archive: its members one after the other, archives in it too, within limits.

A compressed stream that holds an archive is that archive (`a.tar.gz!b.txt`); one that holds a page
has it as its only member (`b.txt.gz!b.txt`). One member is in memory at a time; an archive inside
an archive is copied aside first, since its end may have to be read before its beginning.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from include.intake.archives.buffers import Joined, copy_aside, read_up_to
from include.intake.archives.compression import (
    ENDINGS,
    STREAMS,
    open_stream,
    read_measured,
    stop_if_broken,
)
from include.intake.archives.content import (  # fmt: skip
    CONTAINERS,
    HEAD_BYTES,
    IGNORED,
    PAGE,
    REJECTED,
    TOO_LARGE,
    UNPACKED,
    Found,
    tell_container,
)
from include.intake.archives.json_records import cut_records
from include.intake.archives.limits import Budget, Limits, Stopped
from include.intake.archives.warc import warc_parts
from include.intake.archives.zip_tar import Part, tar_parts, tell_escape, zip_parts
from include.intake.decoding.metadata import NO_FACTS, SIDECAR, SIDECAR_BYTES, Facts, read_sidecar
from include.intake.decoding.page import JSON
from include.intake.decoding.signatures import find_format
from include.intake.inbox.listing import escape_name, unescape_name

NAME_CHARS = 1000  # of a member, in the ledger
HIDDEN = re.compile(r"(?:^|/)(?:\.(?![./])|\.\.\.|__MACOSX/)")  # as in an inbox; and what Macs add


class Unpacking:
    """One file of the inbox while it is unpacked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self._names: set[str] = set()
        self._sidecars: dict[str, tuple[Facts, tuple[str, ...]]] = {}

    def unpack(
        self, source: BinaryIO, kind: str, found: Found, origin: int, depth: int = 1
    ) -> Iterator[Found]:
        """
        Give the members of a container, then the container itself.

        Args:
            found: the container, of kind UNPACKED. origin: its bytes in the file of the inbox.
        """
        members, reason, media = 0, None, [kind]
        try:
            for part in self._open(source, kind, found, origin, depth, media):
                for member in self._meet(part, replace(found, size=origin), depth):
                    members += member.kind != IGNORED
                    yield member
        except Stopped as exc:
            reason = exc.reason
        rejected = reason is not None and not members
        yield replace(
            found,
            kind=REJECTED if rejected else UNPACKED,
            reason=reason,
            media_type="+".join(reversed(media)),
        )

    def _open(
        self, source: BinaryIO, kind: str, found: Found, origin: int, depth: int, media: list[str]
    ) -> Iterator[Part]:
        """Give a container's parts; `media` gets the kinds that lie in a compressed stream."""
        if kind == "zip":
            return zip_parts(source, found.size)
        if kind == "tar":
            return tar_parts(read_measured(source, kind, self.budget, max(found.size, 1)))
        if kind == "warc":
            return warc_parts(source)
        if kind == JSON:
            return self._records(source)
        inner = open_stream(kind, source, self.budget, origin)
        within = find_format(inner.peek(HEAD_BYTES)[:HEAD_BYTES])
        if within in STREAMS and depth + len(media) > self.limits.max_depth:
            raise Stopped("too_deep")
        if within == "zip" or within not in CONTAINERS:
            return self._content(inner, found, origin, media)
        media.append(str(within))
        if within == "tar":
            return tar_parts(inner)
        return self._open(inner, str(within), found, origin, depth, media)

    def _content(
        self, inner: io.BufferedReader, found: Found, origin: int, media: list[str]
    ) -> Iterator[Part]:
        """Give what a compressed stream holds: records, or itself as the only member."""
        raw = inner.read(self.limits.max_page_bytes + 1)
        is_whole = len(raw) <= self.limits.max_page_bytes
        rest: Any = io.BufferedReader(Joined(raw, inner))
        if tell_container(raw, is_whole) == JSON:
            media.append(JSON)
            yield from self._records(rest)
            return
        stem = found.name.rpartition("!")[2].rpartition("/")[2]
        ending = next((end for end in ENDINGS if stem.lower().endswith(end)), "")
        stem = stem[: -len(ending)] if ending else ""
        yield Part(unescape_name(stem) or "content", origin, lambda: rest)

    def _records(self, source: BinaryIO) -> Iterator[Part]:
        for record in cut_records(source, self.limits.max_page_bytes):
            raw = record.raw or b""
            yield Part(
                str(record.number),
                len(raw),
                partial(io.BytesIO, raw),
                record.reason,
                media_type=JSON,
                raw=record.raw,
                size=len(raw),
            )

    def _meet(self, part: Part, inside: Found, depth: int) -> Iterator[Found]:
        """Give what one part is: a page, a container with its members, or none of ours."""
        self.budget.count_member()
        name = self._name(part.name, inside.name)
        if part.name.endswith(SIDECAR) and part.media_type is None:
            self._keep_sidecar(part, name)
            yield Found(IGNORED, name, "", part.size)
            return
        if part.media_type is None and HIDDEN.search(part.name):
            yield Found(IGNORED, name, "", part.size)
            return
        told, flags = self._sidecars.pop(name, (NO_FACTS, ()))
        passed_on = Facts(outlet=inside.facts.outlet, fetched_at=inside.facts.fetched_at)
        found = Found(
            REJECTED,
            name,
            _hash_of(f"{name}\n{part.size}\n{part.reason}"),
            part.size,
            part.raw,
            part.reason or tell_escape(part.name),
            part.media_type,
            part.charset,
            told.over(passed_on).over(part.facts),
            flags,
        )
        if found.reason:
            yield found
            return
        try:
            yield from self._read(part, found, min(part.origin, inside.size), depth)
        except Stopped as exc:
            yield replace(found, reason=exc.reason)

    def _read(self, part: Part, found: Found, origin: int, depth: int) -> Iterator[Found]:
        """Read a part and give what it is."""
        most = self.limits.max_page_bytes
        with stop_if_broken("member"):
            opened = part.open()
            if part.is_measured:
                opened = read_measured(opened, "member", self.budget, self.budget.allow(origin))
            raw = read_up_to(opened, most + 1)
        is_whole = len(raw) <= most
        kind = None if part.media_type else tell_container(raw, is_whole)
        if is_whole:
            found = replace(found, page_id=hashlib.sha256(raw).hexdigest(), size=len(raw), raw=raw)
        if kind is None:
            yield replace(found, kind=PAGE) if is_whole else replace(found, reason=TOO_LARGE)
        elif depth >= self.limits.max_depth:
            yield replace(found, reason="too_deep")
        elif is_whole:
            yield from self.unpack(io.BytesIO(raw), kind, found, origin, depth + 1)
        else:
            with TemporaryFile() as aside:
                digest, size = copy_aside(Joined(raw, opened), aside)
                found = replace(found, page_id=digest, size=size)
                yield from self.unpack(aside, kind, found, origin, depth + 1)

    def _keep_sidecar(self, part: Part, name: str) -> None:
        """Read a sidecar, for the page that follows it; it may be no larger than a page's head."""
        try:
            with stop_if_broken("member"):
                raw = b"" if part.reason else read_up_to(part.open(), SIDECAR_BYTES + 1)
        except Stopped:
            raw = b""
        self._sidecars[name.removesuffix(SIDECAR)] = read_sidecar(raw)

    def _name(self, name: str, inside: str) -> str:
        """Give a member's name in the ledger; a second of the same name is told apart."""
        plain = escape_name(name).replace("\0", "\\x00").removeprefix("./")[:NAME_CHARS]
        full = base = f"{inside}!{plain}"
        number = 1
        while full in self._names:
            number += 1
            full = f"{base}#{number}"
        self._names.add(full)
        return full


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

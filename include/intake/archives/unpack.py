"""
Unpack an archive member by member, nested archives too, within limits.

A compressed archive counts as the archive itself (`a.tar.gz!b.txt`); a compressed page is the only
member of its file (`b.txt.gz!b.txt`). One member is in memory at a time; a large nested archive is
copied to a temporary file first, since a zip is read from its end.
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

from include.intake.archives.buffers import PrefixedStream, copy_to_file, read_up_to
from include.intake.archives.compression import (
    ENDINGS,
    STREAMS,
    failure_of,
    open_stream,
    raise_failure,
    read_measured,
)
from include.intake.archives.content import (  # fmt: skip
    CONTAINERS,
    HEAD_BYTES,
    IGNORED,
    MAILS,
    PAGE,
    REJECTED,
    TOO_LARGE,
    UNPACKED,
    Entry,
    find_container,
)
from include.intake.archives.json_records import cut_records
from include.intake.archives.limits import Budget, Limits
from include.intake.archives.mail import mail_members
from include.intake.archives.warc import warc_records
from include.intake.archives.zip_tar import Member, find_path_escape, tar_members, zip_members
from include.intake.decoding.metadata import NO_FACTS, SIDECAR, SIDECAR_BYTES, Facts, read_sidecar
from include.intake.decoding.page import JSON
from include.intake.decoding.signatures import find_format
from include.intake.failures import Stopped, stop_if_broken
from include.intake.inbox.listing import escape_name, unescape_name

MAX_SIZE = 2**63 - 1  # what the ledger can hold; headers may state any number
NAME_CHARS = 1000  # longest member name in the ledger
HIDDEN = re.compile(
    r"(?:^|/)(?:\.(?![./])|\.\.\.|__MACOSX/)"
)  # hidden as in an inbox, and what macOS adds to zips


class Unpacker:
    """Unpacks one inbox file; holds its budget, member names and pending sidecars."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self._names: set[str] = set()
        self._streams: list[io.BufferedReader] = []  # compressed ones that are being read
        self._sidecars: dict[str, tuple[Facts, tuple[str, ...]]] = {}

    def unpack(
        self, source: BinaryIO, kind: str, entry: Entry, origin: int, depth: int = 1
    ) -> Iterator[Entry]:
        """
        Iterate over a container's members, then the container itself.

        Args:
            entry: the container, of kind UNPACKED. origin: its size in the inbox file (bytes).
        """
        count, reason, media, outer = 0, None, [kind], len(self._streams)
        try:
            with stop_if_broken(kind):
                members = self._open(source, kind, entry, origin, depth, media)
            while True:
                with stop_if_broken(media[-1]):
                    member = next(members, None)
                if member is None:
                    break
                for inner in self._read_member(member, replace(entry, size=origin), depth):
                    count += inner.kind != IGNORED
                    yield inner
        except Stopped as exc:
            reason = exc.reason
        reason = self._find_failure(outer) or reason
        del self._streams[outer:]
        rejected = reason is not None and not count
        yield replace(
            entry,
            kind=REJECTED if rejected else UNPACKED,
            reason=reason,
            media_type="+".join(reversed(media)),
        )

    def _find_failure(self, outer: int = 0) -> str | None:
        """Return why a compressed stream ended before its end, beyond the first `outer` ones."""
        failures = (failure_of(stream) for stream in self._streams[outer:])
        return next((failure.reason for failure in failures if failure), None)

    def _open(
        self, source: BinaryIO, kind: str, entry: Entry, origin: int, depth: int, media: list[str]
    ) -> Iterator[Member]:
        """Iterate over a container's members; appends the kinds inside a stream to `media`."""
        if kind == "zip":
            return zip_members(source, entry.size)
        if kind == "tar":
            return tar_members(read_measured(source, kind, self.budget, max(entry.size, 1)))
        if kind in ("warc", "arc"):
            return warc_records(source, self.limits.max_page_bytes)
        if kind in MAILS:
            return mail_members(source, kind, self.limits.max_page_bytes)
        if kind == JSON:
            return self._records(source)
        inner = open_stream(kind, source, self.budget, origin)
        self._streams.append(inner)
        within = find_format(inner.peek(HEAD_BYTES)[:HEAD_BYTES])
        if within in STREAMS and depth + len(media) > self.limits.max_depth:
            raise Stopped("too_deep")
        if within == "zip" or within not in CONTAINERS:
            return self._content(inner, entry, origin, media)
        media.append(str(within))
        if within == "tar":
            return tar_members(inner)
        return self._open(inner, str(within), entry, origin, depth, media)

    def _content(
        self, inner: io.BufferedReader, entry: Entry, origin: int, media: list[str]
    ) -> Iterator[Member]:
        """Iterate over what a compressed stream holds: records, or one page."""
        raw = inner.read(self.limits.max_page_bytes + 1)
        is_whole = len(raw) <= self.limits.max_page_bytes
        kind = find_container(raw, is_whole)
        if kind == JSON or kind in MAILS:
            media.append(str(kind))
            rest: Any = io.BufferedReader(PrefixedStream(raw, inner))
            yield from self._open(rest, str(kind), entry, origin, 0, media)
            return
        raise_failure(inner)
        rest = io.BufferedReader(PrefixedStream(raw, inner, must_end=True))
        stem = entry.name.rpartition("!")[2].rpartition("/")[2]
        ending = next((end for end in ENDINGS if stem.lower().endswith(end)), "")
        stem = stem[: -len(ending)] if ending else ""
        yield Member(unescape_name(stem) or "content", origin, lambda: rest)

    def _records(self, source: BinaryIO) -> Iterator[Member]:
        for record in cut_records(source, self.limits.max_page_bytes):
            raw = record.raw or b""
            yield Member(
                str(record.number),
                len(raw),
                partial(io.BytesIO, raw),
                record.reason,
                media_type=JSON,
                raw=record.raw,
                size=len(raw),
            )

    def _read_member(self, member: Member, parent: Entry, depth: int) -> Iterator[Entry]:
        """Return one member: as a page, as a container after its members, or ignored."""
        self.budget.count_member()
        member = replace(member, size=min(max(member.size, 0), MAX_SIZE))
        name = self._name(member.name, parent.name)
        if member.name.endswith(SIDECAR) and member.media_type is None:
            self._keep_sidecar(member, name)
            yield Entry(IGNORED, name, "", member.size)
            return
        if member.media_type is None and HIDDEN.search(member.name):
            yield Entry(IGNORED, name, "", member.size)
            return
        sidecar_facts, flags = self._sidecars.pop(name, (NO_FACTS, ()))
        inherited = Facts(outlet=parent.facts.outlet, fetched_at=parent.facts.fetched_at)
        entry = Entry(
            REJECTED,
            name,
            _hash_of(f"{name}\n{member.size}\n{member.reason}"),
            member.size,
            member.raw,
            member.reason or find_path_escape(member.name),
            member.media_type,
            member.charset,
            sidecar_facts.over(inherited).over(member.facts),
            (*member.flags, *flags),
        )
        if entry.reason:
            yield entry
            return
        try:
            yield from self._read_content(member, entry, min(member.origin, parent.size), depth)
        except Stopped as exc:
            is_torn = exc.reason in ("cut_off:member", "broken:member")
            yield replace(entry, reason=(is_torn and self._find_failure()) or exc.reason)

    def _read_content(
        self, member: Member, entry: Entry, origin: int, depth: int
    ) -> Iterator[Entry]:
        """Read a member's bytes and unpack it if it is a container."""
        most = self.limits.max_page_bytes
        with stop_if_broken("member"):
            opened = member.open()
            if member.is_measured:
                allowed = self.budget.allow(origin)
                measured = read_measured(opened, "member", self.budget, allowed)
                opened = PrefixedStream(b"", measured, must_end=True)
            raw = read_up_to(opened, most + 1)
            is_whole = len(raw) <= most
            kind = None if member.media_type else find_container(raw, is_whole)
        if is_whole:
            entry = replace(entry, page_id=hashlib.sha256(raw).hexdigest(), size=len(raw), raw=raw)
        if kind is None:
            yield replace(entry, kind=PAGE) if is_whole else replace(entry, reason=TOO_LARGE)
        elif depth >= self.limits.max_depth:
            yield replace(entry, reason="too_deep")
        elif is_whole:
            yield from self.unpack(io.BytesIO(raw), kind, entry, origin, depth + 1)
        else:
            with TemporaryFile() as copy:
                digest, size = copy_to_file(PrefixedStream(raw, opened), copy)
                entry = replace(entry, page_id=digest, size=size)
                yield from self.unpack(copy, kind, entry, origin, depth + 1)

    def _keep_sidecar(self, member: Member, name: str) -> None:
        """Read a sidecar and keep it for the page it belongs to."""
        try:
            with stop_if_broken("member"):
                raw = b"" if member.reason else read_up_to(member.open(), SIDECAR_BYTES + 1)
        except Stopped:
            raw = b""
        self._sidecars[name.removesuffix(SIDECAR)] = read_sidecar(raw)

    def _name(self, name: str, parent: str) -> str:
        """Return a member's name in the ledger; a repeated name gets a number: `#2`."""
        plain = escape_name(name).replace("\0", "\\x00").removeprefix("./")[:NAME_CHARS]
        full = base = f"{parent}!{plain}"
        number = 1
        while full in self._names:
            number += 1
            full = f"{base}#{number}"
        self._names.add(full)
        return full


def _hash_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()

"""
The members of zip and tar archives, in order. A member's name is never used as a path on disk.

A member is opened only when it is read; one that must not be opened carries a reason instead.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from include.intake.decoding.metadata import NO_FACTS, SIDECAR, Facts
from include.intake.failures import Stopped, stop_if_broken

HEADER_BYTES = 2**20  # the largest single read of a tar header: no real name is longer
DIRECTORY_BYTES = 2**25  # of a zip's directory, held in memory as a whole: 200,000 members
ZIP_END, ZIP_END_BYTES = b"PK\x05\x06", 2**16 + 22
ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
LOCAL_HEADER = struct.Struct("<4xH2xH16xH2x")  # version needed, method, bytes of the name
ZIP_VERSION, ZIP_METHODS_END = 63, 100  # 6.3 is the newest; 99 the last method (APPNOTE 6.3.10)
UTF8_NAME, ENCRYPTED = 0x800, 0x41
PATH_ESCAPE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")


@dataclass(frozen=True)
class Member:
    """
    One member of a container.

    name: as the container spells it. origin: its size in the container (bytes). open: returns its
    stream; valid until the next member is requested. reason: why it must not be opened. charset: as
    declared. media_type: where the container fixes it. raw: the bytes of a refused member that was
    read anyway. is_measured: its bytes are compressed and count against the budget. flags: of
    the page.
    """

    name: str
    origin: int
    open: Callable[[], Any] = bytes
    reason: str | None = None
    facts: Facts = NO_FACTS
    charset: str | None = None
    media_type: str | None = None
    size: int = 0
    raw: bytes | None = None
    is_measured: bool = False
    flags: tuple[str, ...] = ()


def find_path_escape(name: str) -> str | None:
    """Return `path_escape` if a member's path leads out of its archive, else None."""
    return "path_escape" if PATH_ESCAPE.search(name) else None


def zip_members(source: BinaryIO, size: int) -> Iterator[Member]:
    """
    Iterate over a zip's members, sidecars first.

    Raises:
        Stopped: the zip is damaged, its members overlap, or its directory is too large.
    """
    _check_directory(source, size)
    with stop_if_broken("zip"):
        archive = zipfile.ZipFile(source)
    members = [member for member in archive.infolist() if not member.is_dir()]
    if sum(member.compress_size for member in members) > size:
        raise Stopped("overlapping:zip")
    for member in sorted(members, key=lambda member: not member.filename.endswith(SIDECAR)):
        yield Member(
            _name_in_zip(member),
            member.compress_size,
            partial(archive.open, member),
            _refuse_zipped(member),
            size=member.file_size,
            is_measured=True,
        )


def _refuse_zipped(member: zipfile.ZipInfo) -> str | None:
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return "link" if stat.S_ISLNK(mode) else "not_regular"
    if member.flag_bits & ENCRYPTED:
        return "encrypted"
    return None if member.compress_type in ZIP_METHODS else "unsupported"


def _name_in_zip(member: zipfile.ZipInfo) -> str:
    """Return a member's name; without the UTF-8 flag it is tried as UTF-8 first."""
    if member.flag_bits & UTF8_NAME:
        return member.filename
    return os.fsdecode(member.filename.encode("cp437", "replace"))


def _check_directory(source: BinaryIO, size: int) -> None:
    """Refuse a zip whose directory would not fit into memory, before reading it."""
    source.seek(max(0, size - ZIP_END_BYTES))
    tail = source.read(ZIP_END_BYTES)
    at = tail.rfind(ZIP_END)
    if at < 0 or len(tail) < at + 16:
        raise Stopped("cut_off:zip" if _begins_sound(source) else "broken:zip")
    held = struct.unpack_from("<I", tail, at + 12)[0]
    if held == 0xFFFFFFFF:  # zip64: the size is in its own end record, before this one
        at = tail.rfind(b"PK\x06\x06")
        held = struct.unpack_from("<Q", tail, at + 40)[0] if 0 <= at <= len(tail) - 48 else held
    if held > DIRECTORY_BYTES:
        raise Stopped("too_many_members")


def _begins_sound(source: BinaryIO) -> bool:
    """Tell whether the first member's header is plausible, not just the magic number."""
    source.seek(0)
    head = source.read(LOCAL_HEADER.size)
    if len(head) < LOCAL_HEADER.size:
        return True  # cut off within the header
    version, method, name_bytes = LOCAL_HEADER.unpack(head)
    known = (version & 0xFF) <= ZIP_VERSION and method < ZIP_METHODS_END
    return bool(known and name_bytes > 0)


class _Header(tarfile.TarInfo):
    """A member's header; notes in its archive that the end mark was reached."""

    @classmethod
    def fromtarfile(cls, archive: Any) -> Any:
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            archive.has_end = True
            raise


class _BoundedHeaders:
    """A tar's bytes; refuses to read a header that would not fit into memory."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.seek, self.tell = source.seek, source.tell

    def read(self, size: int) -> bytes:
        if size > HEADER_BYTES:
            raise Stopped("broken:tar")
        return self._source.read(size)


def tar_members(source: BinaryIO) -> Iterator[Member]:
    """
    Iterate over a tar's members in order; the source is read forward only.

    Raises:
        Stopped: the tar is damaged or cut off; members before that point were returned.
    """
    bounded: Any = _BoundedHeaders(source)
    with stop_if_broken("tar"):
        archive: Any = tarfile.TarFile(fileobj=bounded, tarinfo=_Header)
    while True:
        with stop_if_broken("tar"):
            member = archive.next()
        if member is None:
            break
        archive.members.clear()  # tarfile keeps every member otherwise
        if not member.isdir():
            yield Member(
                member.name,
                member.size,
                partial(archive.extractfile, member),
                _refuse_tarred(member),
                size=member.size,
            )
    if not getattr(archive, "has_end", False):
        raise Stopped("cut_off:tar")


def _refuse_tarred(member: tarfile.TarInfo) -> str | None:
    if member.issym() or member.islnk():
        return "link"
    if member.ischr() or member.isblk():
        return "device"
    if member.isfifo():
        return "pipe"
    if member.issparse():
        return "sparse"
    return None if member.isreg() else "not_regular"

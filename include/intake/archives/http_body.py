"""
Decode the body of an HTTP answer: its chunks, then its content encodings.

Crawlers often keep the header of an encoding that they have removed, so a body that does not decode
but is readable text is returned as it is.
"""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import brotli

from include.intake.archives.buffers import read_up_to
from include.intake.archives.compression import STARTS, Decompressed, Gzip, make_decoder
from include.intake.failures import Stopped

CHUNK_HEAD = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
CONTROLS = bytes({*range(9), *range(14, 32)})
PROBE_BYTES = 1000
NAMES = {"x-gzip": "gzip", "identity": "", "none": "", "utf-8": "", "aws-chunked": ""}
CODINGS = ("gzip", "zstd", "deflate", "br", "")


def list_codings(header: str | None) -> tuple[str, ...]:
    """Return the encodings that a `Content-Encoding` header names, in the order of encoding."""
    names = (name.strip().lower() for name in (header or "").split(","))
    return tuple(coding for name in names if (coding := NAMES.get(name, name)))


def find_unsupported(codings: tuple[str, ...]) -> str | None:
    """Return the reason to reject a body with these encodings; None if all can be decoded."""
    unknown = next((coding for coding in codings if coding not in CODINGS), None)
    if unknown is None:
        return None
    return "unsupported:" + "".join(char for char in unknown if char.isalnum() or char == "-")[:20]


def read_body(
    source: Any, is_chunked: bool, codings: tuple[str, ...], max_bytes: int, is_partial: bool
) -> bytes:
    """
    Read a body of up to `max_bytes`, and one byte more if it is larger.

    Args:
        is_partial: the crawler says that it is not whole, so what there is of it is returned.
    Raises:
        Stopped: an encoding is damaged or cut off. EOFError: the chunks have no end.
    """
    body = read_up_to(source, (2 * max_bytes if is_chunked else max_bytes) + 1)
    if is_chunked:
        body = _join_chunks(body, is_partial or len(body) > 2 * max_bytes)
    for coding in reversed(codings):
        body = _decode(body, coding, max_bytes, is_partial)
    return body


def _join_chunks(body: bytes, is_partial: bool) -> bytes:
    """Join the chunks of a body; one that does not begin with a chunk is returned as it is."""
    pieces: list[bytes] = []
    at = 0
    while head := CHUNK_HEAD.match(body, at):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if body.startswith(b"\r\n", at) else body.startswith(b"\n", at)
    if pieces and not is_partial:
        raise EOFError("the last chunk is missing")
    return b"".join(pieces) if pieces else body


def _decode(body: bytes, coding: str, max_bytes: int, is_partial: bool) -> bytes:
    decoder = _make_decoder(body, coding)
    if decoder is None:
        return body
    reader = Decompressed(coding, io.BytesIO(body), decoder)
    pieces, size = [], 0
    try:
        while size <= max_bytes and (piece := reader.read(max_bytes + 1 - size)):
            pieces.append(piece)
            size += len(piece)
    except Exception as exc:
        if isinstance(exc, Stopped) and exc.is_after_end:
            return b"".join(pieces)
        if body[:PROBE_BYTES].translate(None, CONTROLS) == body[:PROBE_BYTES]:
            return body
        if not (is_partial and pieces):
            what = "cut_off" if isinstance(exc, EOFError) else "broken"
            raise Stopped(f"{what}:{coding}") from exc
    return b"".join(pieces)


def _make_decoder(body: bytes, coding: str) -> Any:
    """Return the decoder of an encoding; None if the body evidently is not encoded."""
    if not body:
        return None
    if coding == "br":
        return _Brotli()
    if coding == "deflate":  # with zlib's header, as the standard says, or without, as some send it
        has_header = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return Gzip(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
    return make_decoder(coding) if STARTS[coding].match(body) else None


class _Brotli:
    """brotli's decoder with the interface of bz2, lzma and zstd."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return bool(self._decoder.can_accept_more_data())

    def decompress(self, packed: bytes, size: int) -> bytes:
        piece: bytes = self._decoder.process(packed, output_buffer_limit=max(size, 1))
        return piece

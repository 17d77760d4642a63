"""
Cut a file of JSON into records: the elements of an array, or the lines of JSON Lines.

Bytes in, bytes out, one record in memory at a time; `decoding.page` reads the records' fields.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from include.intake.archives.buffers import PrefixedStream

CHUNK_BYTES = 2**20
HEAD_BYTES = 2**12  # within which the first character after white space must be
SAMPLE = 20  # records looked at; at least one must be an object
FILLER = re.compile(r"[\s,]*")
BOM = "\ufeff"


@dataclass(frozen=True)
class Record:
    """One record and its number: line in the file, or place in the array, from 1."""

    number: int
    raw: bytes | None
    reason: str | None = None


def find_record_kind(raw: bytes) -> str:
    """Classify JSON: `record` (one object), `records`, `broken_json` or `no_record`."""
    text = raw.decode("utf-8", "replace").removeprefix(BOM)
    try:
        whole = json.loads(text, strict=False)
    except RecursionError:
        return "broken_json"
    except ValueError:
        if text.lstrip().startswith("["):
            return "records" if _begins_with_object(text.lstrip()[1:].lstrip()) else "broken_json"
        lines = [line for line in text.splitlines()[: 50 * SAMPLE] if line.strip()][:SAMPLE]
        return "records" if any(map(_is_object, lines)) else "broken_json"
    if isinstance(whole, dict):
        return "record"
    found = isinstance(whole, list) and any(isinstance(item, dict) for item in whole[:SAMPLE])
    return "records" if found else "no_record"


def cut_records(source: BinaryIO, max_bytes: int) -> Iterator[Record]:
    """Cut a file into records; overlong lines are rejected, a broken array ends at the break."""
    head = source.read(HEAD_BYTES)
    source = io.BufferedReader(PrefixedStream(head, source))
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    yield from (_cut_array if start == b"[" else _cut_lines)(source, max_bytes)


def _cut_lines(source: BinaryIO, max_bytes: int) -> Iterator[Record]:
    number = 0
    while line := source.readline(max_bytes + 2):
        number += 1
        raw = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        if len(raw) > max_bytes:
            while line and not line.endswith(b"\n"):
                line = source.readline(CHUNK_BYTES)
            yield Record(number, None, f"too_large:line {number}")
        elif raw and not _is_object(raw.decode("utf-8", "replace")):
            yield Record(number, raw, f"broken_json:line {number}")
        elif raw:
            yield Record(number, raw)


def _cut_array(source: BinaryIO, max_bytes: int) -> Iterator[Record]:
    decoder = json.JSONDecoder(strict=False)
    chunk, number = CHUNK_BYTES, 0
    held = source.read(chunk)
    text, at = _read_text(held).removeprefix(BOM).lstrip()[1:], 0
    is_whole = len(held) < chunk
    while True:
        at = FILLER.match(text, at).end()  # type: ignore[union-attr]
        if text[at : at + 1] == "]":
            return
        try:
            found, end = decoder.raw_decode(text, at)
            fits = is_whole or end < len(text)
        except ValueError:
            fits, end = False, at
        except RecursionError:
            yield Record(number + 1, None, f"broken_json:record {number + 1}")
            return
        if fits:
            number += 1
            raw = text[at:end].encode("utf-8", "surrogateescape")
            wrong = not isinstance(found, dict) and f"no_record:record {number}"
            too_large = len(raw) > max_bytes and f"too_large:record {number}"
            reason = too_large or wrong or None
            yield Record(number, None if too_large else raw, reason)
            at = end
        elif is_whole or len(text) - at > max_bytes:
            what = "broken_json" if is_whole else "too_large"
            yield Record(number + 1, None, f"{what}:record {number + 1}")
            return
        else:
            chunk = max(
                CHUNK_BYTES, len(text) - at
            )  # double the buffer, so that each byte is parsed about twice
            more = source.read(chunk)
            is_whole = len(more) < chunk
            held = text[at:].encode("utf-8", "surrogateescape") + more
            text, at = _read_text(held), 0


def _read_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _begins_with_object(text: str) -> bool:
    try:
        return isinstance(json.JSONDecoder(strict=False).raw_decode(text)[0], dict)
    except (ValueError, RecursionError):
        return False


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False

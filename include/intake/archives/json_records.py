"""
Cut a file of JSON into records: JSON Lines, an array, objects one after the other, or a list within
one object, as news APIs answer.

Bytes in, bytes out, one record in memory at a time; `decoding.page` reads the records' fields.
UTF-16 and UTF-32 are turned into UTF-8 first.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from include.intake.archives.buffers import PrefixedStream, TranscodedStream
from include.intake.archives.json_answers import (
    BOM,
    CHUNK_BYTES,
    FILLER,
    LIST_START,
    SAMPLE,
    find_envelope,
    find_list,
)
from include.intake.decoding.unicode import find_bom, find_unmarked_wide_utf

NEXT_OBJECT = re.compile(r"^\{", re.M)
WIDE = ("utf-16", "utf-32")


@dataclass(frozen=True)
class Record:
    """One record and its number: line in the file, or place in the array, from 1."""

    number: int
    raw: bytes | None
    reason: str | None = None


def find_wide_encoding(raw: bytes) -> str | None:
    """Return the codec of UTF-16 or UTF-32; None for any other encoding."""
    encoding = find_bom(raw)[0] or find_unmarked_wide_utf(raw)
    return encoding if encoding and encoding.startswith(WIDE) else None


def find_record_kind(raw: bytes) -> str:
    """Classify JSON: `record` (one object), `records`, `broken_json` or `no_record`."""
    text = raw.decode(find_wide_encoding(raw) or "utf-8", "replace").removeprefix(BOM)
    try:
        whole = json.loads(text, strict=False)
    except RecursionError:
        return "broken_json"
    except ValueError:
        text = text.lstrip()
        if text.startswith("["):
            return "records" if _begins_with_object(text[1:].lstrip()) else "broken_json"
        return "records" if _is_lines(text) or _begins_with_object(text) else "broken_json"
    if isinstance(whole, dict):
        return "record" if find_list(whole) is None else "records"
    has_object = isinstance(whole, list) and any(isinstance(item, dict) for item in whole[:SAMPLE])
    return "records" if has_object else "no_record"


def cut_records(source: Any, max_bytes: int) -> Iterator[Record]:
    """Cut a file into records; overlong ones are rejected, a broken array ends at the break."""
    head = source.read(CHUNK_BYTES)
    whole: Any = io.BufferedReader(PrefixedStream(head, source))
    if encoding := find_wide_encoding(head):
        whole = io.BufferedReader(TranscodedStream(whole, encoding))
        head = whole.peek(CHUNK_BYTES)
    text = head.decode("utf-8", "replace").removeprefix(BOM).lstrip()
    if text.startswith("["):
        yield from _cut_values(whole, max_bytes, is_array=True)
    elif _is_lines(text) or not text.startswith("{"):
        yield from _cut_lines(whole, max_bytes)
    else:
        raw = whole.read(max_bytes + 1)
        spans = _find_spans(_read_text(raw)) if len(raw) <= max_bytes else None
        rest = io.BufferedReader(PrefixedStream(raw, whole))
        envelope = find_envelope(_read_text(raw)) if len(raw) > max_bytes else None
        if spans is not None:
            yield from spans
        elif envelope is not None:
            yield from _cut_answer(rest, envelope, max_bytes)
        elif len(raw) > max_bytes or _begins_with_object(_read_text(raw).removeprefix(BOM)):
            yield from _cut_values(rest, max_bytes, is_array=False)
        else:
            yield from _cut_lines(rest, max_bytes)


def _cut_lines(source: BinaryIO, max_bytes: int) -> Iterator[Record]:
    number = 0
    while line := source.readline(max_bytes + 2):
        number += 1
        raw = (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip(b" \t\r\n\x1e")
        if len(raw) > max_bytes:
            while line and not line.endswith(b"\n"):
                line = source.readline(CHUNK_BYTES)
            yield Record(number, None, f"too_large:line {number}")
        elif raw and not _is_object(raw.decode("utf-8", "replace")):
            yield Record(number, raw, f"broken_json:line {number}")
        elif raw:
            yield Record(number, raw)


def _cut_answer(source: BinaryIO, envelope: str, max_bytes: int) -> Iterator[Record]:
    """Cut the list of an answer too large for memory; the rest of the answer must close it."""
    source.read(len(envelope.encode("utf-8", "surrogateescape")))
    number, rest = yield from _cut_values(source, max_bytes, is_array=True)
    if rest is None:
        return  # the last record has the reason
    try:
        closing = rest + _read_text(source.read(CHUNK_BYTES))
        json.loads(f"{envelope.removeprefix(BOM)}[{closing}", strict=False)
    except (ValueError, RecursionError):
        yield Record(number + 1, None, f"broken_json:record {number + 1}")


def _cut_values(
    source: BinaryIO, max_bytes: int, is_array: bool
) -> Generator[Record, None, tuple[int, str | None]]:
    """
    Cut an array, or objects that follow one another; of these a broken one is passed over.

    Returns:
        The number of records, and the text read from the array's end on; None if it has no end.
    """
    decoder = json.JSONDecoder(strict=False)
    chunk, number = CHUNK_BYTES, 0
    held = source.read(chunk)
    text, at = _read_text(held).removeprefix(BOM).lstrip()[is_array:], 0
    is_whole = len(held) < chunk
    while True:
        at = FILLER.match(text, at).end()  # type: ignore[union-attr]
        if (is_array and text[at : at + 1] == "]") or (
            not is_array and is_whole and at == len(text)
        ):
            return number, text[at:]
        try:
            value, end = decoder.raw_decode(text, at)
            fits = is_whole or end < len(text)
        except ValueError:
            fits, end = False, at
        except RecursionError:
            yield Record(number + 1, None, f"broken_json:record {number + 1}")
            return number + 1, None
        if fits:
            number += 1
            yield _make_record(number, text[at:end], value, max_bytes)
            at = end
        elif is_whole or len(text) - at > max_bytes:
            what = "broken_json" if is_whole else "too_large"
            number += 1
            yield Record(number, None, f"{what}:record {number}")
            follower = None if is_array else NEXT_OBJECT.search(text, at + 1)
            if follower is None:
                return number, None
            at = follower.start()
        else:
            chunk = max(CHUNK_BYTES, len(text) - at)  # double the buffer: each byte is parsed twice
            more = source.read(chunk)
            is_whole = len(more) < chunk
            held = text[at:].encode("utf-8", "surrogateescape") + more
            text, at = _read_text(held), 0


def _find_spans(text: str) -> list[Record] | None:
    """Cut the list within an object, each record as it is written there; None if there is none."""
    try:
        expected = find_list(json.loads(text.removeprefix(BOM), strict=False))
    except (ValueError, RecursionError):
        return None
    if expected is None:
        return None
    decoder, limit = json.JSONDecoder(strict=False), len(text)
    for start in LIST_START.finditer(text):
        at = start.end()
        records: list[Record] = []
        for value in expected:
            at = FILLER.match(text, at).end()  # type: ignore[union-attr]
            try:
                found, end = decoder.raw_decode(text, at)
            except ValueError:
                break
            if found != value:
                break
            records.append(_make_record(len(records) + 1, text[at:end], value, limit))
            at = end
        if len(records) == len(expected):
            return records
    # a key is written with escapes: the records are written anew
    return [
        _make_record(number, json.dumps(value, ensure_ascii=False), value, limit)
        for number, value in enumerate(expected, 1)
    ]


def _make_record(number: int, text: str, value: object, max_bytes: int) -> Record:
    raw = text.encode("utf-8", "surrogateescape")
    if len(raw) > max_bytes:
        return Record(number, None, f"too_large:record {number}")
    wrong = None if isinstance(value, dict) else f"no_record:record {number}"
    return Record(number, raw, wrong)


def _read_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _is_lines(text: str) -> bool:
    """Tell JSON Lines: of several lines, one of the first is an object of its own."""
    lines = [line for line in text.splitlines()[: 50 * SAMPLE] if line.strip()][:SAMPLE]
    return len(lines) > 1 and any(
        line.startswith(("{", "\x1e{")) and _is_object(line.strip("\x1e")) for line in lines
    )


def _begins_with_object(text: str) -> bool:
    try:
        return isinstance(json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0], dict)
    except (ValueError, RecursionError):
        return False


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False

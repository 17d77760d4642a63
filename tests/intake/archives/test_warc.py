"""WARC and ARC records: HTTP's encodings, truncation, and records that are broken by themselves."""

import gzip
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest

from tests.intake.archives.test_unpack import (
    OTHER,
    PAGE,
    outcomes,
    response,
    take,
    warc_record,
    zstd,
)

BODY = PAGE.encode()
LATER = OTHER


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def chunked(body: bytes, size: int = 50) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def outcome_of(inbox: Path, body: bytes, head: str) -> dict:
    """Return the row of a response, after which one more record must be taken."""
    records = [
        response(1, body, f"Content-Type: text/html\r\n{head}"),
        warc_record(2, "conversion", LATER),
    ]
    (inbox / "a.warc").write_bytes(b"".join(records))
    rows, _ = take(inbox)
    assert rows["a.warc!urn:uuid:2"]["outcome"] == "taken"
    return rows["a.warc!urn:uuid:1"]


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("br", brotli.compress), ("BR", brotli.compress), ("gzip", gzip.compress),
        ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate),
        ("zstd", zstd), ("identity", bytes),
        ("gzip, br", lambda b: brotli.compress(gzip.compress(b))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_chunked", [False, True])
def test_every_content_encoding_is_decoded(tmp_path: Path, coding, encode, is_chunked) -> None:
    body = chunked(encode(BODY)) if is_chunked else encode(BODY)
    head = f"Content-Encoding: {coding}" + "\r\nTransfer-Encoding: chunked" * is_chunked
    row = outcome_of(tmp_path, body, head)
    assert (row["outcome"], row["raw"], row["flags"]) == ("taken", BODY, [])


@pytest.mark.parametrize("coding", ["br", "gzip", "deflate", "zstd"])
def test_a_body_that_is_not_encoded_as_declared_is_taken_as_it_is(tmp_path: Path, coding) -> None:
    row = outcome_of(tmp_path, BODY, f"Content-Encoding: {coding}")
    assert (row["outcome"], row["raw"]) == ("taken", BODY)


def test_an_unsupported_encoding_is_named(tmp_path: Path) -> None:
    row = outcome_of(tmp_path, BODY, "Content-Encoding: compress")
    assert row["reason"] == "unsupported:compress"


@pytest.mark.parametrize(
    ("coding", "encode"),
    [("br", brotli.compress), ("gzip", gzip.compress), ("deflate", zlib.compress), ("zstd", zstd)],
)
def test_a_body_that_breaks_off_is_rejected(tmp_path: Path, coding, encode) -> None:
    row = outcome_of(tmp_path, encode(BODY)[:-20], f"Content-Encoding: {coding}")
    assert (row["outcome"], row["reason"]) == ("rejected", f"cut_off:{coding}")


def test_chunks_without_an_end_are_rejected(tmp_path: Path) -> None:
    row = outcome_of(tmp_path, chunked(BODY)[:-60], "Transfer-Encoding: chunked")
    assert row["reason"] == "cut_off:member"


def test_a_payload_shorter_than_announced_is_flagged(tmp_path: Path) -> None:
    row = outcome_of(tmp_path, BODY, f"Content-Length: {len(BODY) + 1}")
    assert (row["outcome"], row["flags"]) == ("taken", ["truncated"])
    assert outcome_of(tmp_path, BODY, f"Content-Length: {len(BODY)}")["flags"] == []


@pytest.mark.parametrize("encode", [bytes, gzip.compress])
def test_a_record_that_the_crawler_truncated_is_taken_and_flagged(tmp_path: Path, encode) -> None:
    head = "Content-Type: text/html" + "\r\nContent-Encoding: gzip" * (encode is gzip.compress)
    record = response(1, encode(BODY * 3)[: -1 - 30 * (encode is gzip.compress)], head)
    record = record.replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date")
    (tmp_path / "a.warc").write_bytes(record)
    row = take(tmp_path)[0]["a.warc!urn:uuid:1"]
    assert (row["outcome"], row["flags"]) == ("taken", ["truncated"])
    assert row["text"].startswith("Home")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"WARC-Target-URI: https://news.invalid/1\r\n", b""),
        (b"HTTP/1.1 200 OK", b"NOT HTTP AT ALL"),
        (b"HTTP/1.1 200 OK", b"HTTP/2 200"),
        (b"WARC-Date: 2026-01-02T03:04:05Z", b"WARC-Date: yesterday"),
        (b"WARC-Record-ID: <urn:uuid:1>\r\n", b""),
        (b"Content-Type: text/html", b"Content-Type text/html"),
    ],
)
def test_a_record_with_broken_headers_does_not_stop_the_next(tmp_path: Path, old, new) -> None:
    head, http = response(1, BODY).split(b"\r\n\r\n", 1)
    http = http[:-4].replace(old, new)
    head = head.replace(old, new).rpartition(b"Content-Length")[0]
    record = head + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"
    (tmp_path / "a.warc").write_bytes(record + warc_record(2, "conversion", LATER))
    rows, tally = take(tmp_path)
    assert rows["a.warc!urn:uuid:2"]["outcome"] == "taken"
    assert tally.seen == 3


def arc_record(url: str, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    return f"{url} 192.0.2.1 20040304050607 text/html {len(http)}\n".encode() + http + b"\n"


ARC_HEAD = (
    b"filedesc://a.arc 0.0.0.0 20040304050607 text/plain 76\n1 0 InternetArchive\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n"
)


@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz"])
@pytest.mark.parametrize("head", [ARC_HEAD, b""])
def test_arc_records_are_pages(tmp_path: Path, name: str, head: bytes) -> None:
    records = [
        head,
        arc_record("https://a.invalid/1", BODY),
        arc_record("http://a.invalid/2", LATER),
    ]
    packed = b"".join(gzip.compress(record) if "gz" in name else record for record in records)
    (tmp_path / name).write_bytes(packed)
    rows, tally = take(tmp_path)
    assert tally.taken == 2
    row = next(row for row in rows.values() if row["url"] == "https://a.invalid/1")
    assert (row["raw"], row["media_type"]) == (BODY, "html")
    assert row["fetched_at"] == datetime(2004, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert rows[name]["media_type"] == ("arc+gzip" if "gz" in name else "arc")


def test_a_text_that_begins_with_a_url_is_not_an_arc_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "https://a.invalid/1 was down on 20040304 for 14 hours.\nMore.\n"
    )
    assert outcomes(take(tmp_path)[0]) == {"a.txt": "taken"}


@pytest.mark.parametrize("size", ["99999999999999999999", "-5", "x", ""])
def test_a_record_of_an_impossible_size_is_rejected(tmp_path: Path, size: str) -> None:
    record = warc_record(1, "conversion", LATER).replace(
        b"Content-Length: %d" % len(LATER), f"Content-Length: {size}".encode()
    )
    (tmp_path / "a.warc").write_bytes(warc_record(2, "conversion", LATER) + record)
    rows, _ = take(tmp_path)
    assert rows["a.warc!urn:uuid:2"]["outcome"] == "taken"
    assert all(0 <= row["size_bytes"] < 2**63 for row in rows.values())

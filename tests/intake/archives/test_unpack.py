"""Archives, HTML, JSON and WARC in an inbox: formats, limits and hostile members."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import struct
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from include.intake.archives.limits import Limits
from include.intake.decoding.page import TextOptions, reread_text
from include.intake.inbox.listing import list_files
from include.intake.take import ReadOptions, read_batches
from include.model import FileTally
from tests.lake.ledgers import Ledger

LIMITS = Limits(100_000, 10**6, 8)
TEXT = b"The harbour council voted on Tuesday.\n"
OTHER = b"The night ferry was late again on Friday.\n"
LONG = b" " * 3_000_000 + TEXT
Rows = dict[str, dict]


def take(
    inbox: Path,
    ledger: Ledger = Ledger(),  # noqa: B008
    limits: Limits = LIMITS,
    rules: ReadOptions = ReadOptions(),  # noqa: B008
) -> tuple[Rows, FileTally]:
    listing = list_files(inbox, 0, datetime.now(UTC) + timedelta(days=1))
    batches = list(read_batches(listing, ledger, limits, rules))
    tally = sum((batch.tally for batch in batches), listing.tally)
    tally.check()
    rows = [row for batch in batches for row in batch.pages.to_pylist()]
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        if row["outcome"] == "taken":
            columns = (row["raw"], row["encoding"], row["media_type"], row["text_from"])
            assert reread_text(*columns) == row["text"]
            assert row["page_id"] == hashlib.sha256(row["raw"]).hexdigest()
    return {row["name"]: row for row in rows}, tally


def remember(inbox: Path, *runs: Rows) -> Ledger:
    newest = {(str(inbox), n): row["page_id"] for rows in runs for n, row in rows.items()}
    taken = {r["page_id"] for rows in runs for r in rows.values() if r["outcome"] == "taken"}
    return Ledger(frozenset((*key, page) for key, page in newest.items()), frozenset(taken), newest)


def outcomes(rows: Rows) -> dict[str, str]:
    return {name: row["reason"] or row["outcome"] for name, row in rows.items()}


def zstd(raw: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(raw, asbytes=True)
    return packed


def zipped(members: dict[str, bytes] | list[tuple[str, bytes]], deflate: bool = True) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED if deflate else 0) as archive:
        for name, raw in members.items() if isinstance(members, dict) else members:
            archive.writestr(zipfile.ZipInfo(name) if not deflate else name, raw)
    return held.getvalue()


def tarred(*members: tuple[str, bytes] | tarfile.TarInfo, errors: str = "strict") -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", errors="surrogateescape") as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return held.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def warc_record(number: int, kind: str, body: bytes, media: str = "text/plain") -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"WARC-Date: 2026-01-02T03:04:05Z\r\nWARC-Target-URI: https://news.invalid/{number}\r\n"
        f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(number: int, body: bytes, head: str = "Content-Type: text/html") -> bytes:
    http = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
    return warc_record(number, "response", http, "application/http; msgtype=response")


PAGE = """<!doctype html><html><head><title>Tab title</title>
<meta property="og:site_name" content="Sund Press"><link rel="canonical" href="https://x.invalid/a">
<meta property="article:published_time" content="2026-03-04T05:06:00+02:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry votes</h1><p>The council voted.</p>
<p>It was late, and the quay was dark when the members came out to speak to us.</p></article>
<script>var hidden = 1</script></body></html>"""


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.txt.gz", gzip.compress), ("a.txt.bz2", bz2.compress), ("a.txt.xz", lzma.compress),
        ("a.txt.zst", zstd),
    ],
)  # fmt: skip
def test_a_compressed_page_is_the_only_member(tmp_path: Path, name: str, pack: Callable) -> None:
    (tmp_path / name).write_bytes(pack(TEXT))
    rows, tally = take(tmp_path)
    assert outcomes(rows) == {name: "unpacked", f"{name}!a.txt": "taken"}
    assert rows[f"{name}!a.txt"]["raw"] == TEXT
    assert rows[name]["raw"] is None
    assert (tally.seen, tally.taken, tally.unpacked) == (2, 1, 1)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd])
@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_members_of_archives_are_pages(tmp_path: Path, pack: Callable, kind: str) -> None:
    members = {"one.txt": TEXT, "in/two": OTHER, "in/.hidden": TEXT, "in/again.txt": TEXT}
    raw = zipped(members) if kind == "zip" else tarred(*members.items())
    (tmp_path / "a").write_bytes(pack(raw))
    rows, tally = take(tmp_path)
    inside = "a!content!" if kind == "zip" and pack is not bytes else "a!"
    assert rows["a"]["outcome"] == "unpacked"
    assert rows[f"{inside}one.txt"]["text"] == TEXT.decode()
    assert rows[f"{inside}in/two"]["raw"] == OTHER
    assert rows[f"{inside}in/again.txt"]["outcome"] == "redelivered"
    assert tally.ignored == 1


def test_members_of_nested_archives_have_their_full_path_as_name(tmp_path: Path) -> None:
    inner = gzip.compress(tarred(("c.txt", TEXT)))
    (tmp_path / "a.zip").write_bytes(zipped({"b.tar.gz": inner, "d.txt.gz": gzip.compress(OTHER)}))
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {
        "a.zip!b.tar.gz!c.txt": "taken",
        "a.zip!b.tar.gz": "unpacked",
        "a.zip!d.txt.gz!d.txt": "taken",
        "a.zip!d.txt.gz": "unpacked",
        "a.zip": "unpacked",
    }
    assert rows["a.zip!b.tar.gz"]["media_type"] == "tar+gzip"


def test_html_yields_text_and_metadata(tmp_path: Path) -> None:
    (tmp_path / "odd.name").write_text(PAGE)
    rows, _ = take(tmp_path)
    row = rows["odd.name"]
    assert "Home" in row["text"]
    assert "The council voted." in row["text"]
    assert "hidden" not in row["text"]
    assert (row["media_type"], row["text_from"], row["title"]) == ("html", "whole", "Tab title")
    assert (row["outlet"], row["url"]) == ("Sund Press", "https://x.invalid/a")
    assert row["published_at"] == datetime(2026, 3, 4, 3, 6, tzinfo=UTC)
    assert row["published_precision"] == "minute"


def test_main_text_leaves_navigation_out(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    rows, _ = take(tmp_path, rules=ReadOptions(TextOptions("main")))
    assert "Home" not in rows["a.html"]["text"]
    assert rows["a.html"]["text_from"] == "main"


def test_a_declared_charset_is_used_if_it_decodes(tmp_path: Path) -> None:
    page = '<html><head><meta charset="koi8-r"></head><body><p>Да</p></body></html>'
    (tmp_path / "a.html").write_bytes(page.encode("koi8-r"))
    rows, _ = take(tmp_path)
    assert (rows["a.html"]["text"].strip(), rows["a.html"]["encoding"]) == ("Да", "koi8-r")


def test_html_nested_too_deep_for_a_main_text_gives_the_whole(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body>" + "<div>" * 10_000 + "<p>End of it</p>")
    rows, _ = take(tmp_path, rules=ReadOptions(TextOptions("main")))
    assert (rows["a.html"]["text"].strip(), rows["a.html"]["text_from"]) == ("End of it", "whole")


def test_html_without_text_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><head><title>x</title></head><body></body></html>")
    assert outcomes(take(tmp_path)[0]) == {"a.html": "no_text"}


LINES = (
    json.dumps({"content": TEXT.decode(), "source": "Sund Press", "date": "2026-03-04"}),
    '{"text": "cut of',
    "",
    json.dumps({"text": ["First.", "Second."], "url": "https://x.invalid/b", "title": "T"}),
    json.dumps({"nothing": 1}),
    json.dumps({"text": "\ud800 half"}),
)


def test_json_lines_are_pages_and_broken_ones_are_rejected_alone(tmp_path: Path) -> None:
    raw = "\n".join(LINES).encode()
    (tmp_path / "a.jsonl").write_bytes(raw)
    (tmp_path / "b.json.gz").write_bytes(gzip.compress(raw.replace(b"harbour", b"town")))
    rows, tally = take(tmp_path)
    assert outcomes(rows) | {"b.json.gz": "", "b.json.gz!1": ""} == {
        "a.jsonl!1": "taken",
        "a.jsonl!2": "broken_json:line 2",
        "a.jsonl!4": "taken",
        "a.jsonl!5": "no_text_field",
        "a.jsonl!6": "taken",
        "a.jsonl": "unpacked",
        "b.json.gz": "",
        "b.json.gz!1": "",
        "b.json.gz!2": "broken_json:line 2",
        "b.json.gz!4": "redelivered",
        "b.json.gz!5": "no_text_field",
        "b.json.gz!6": "redelivered",
    }
    one, four = rows["a.jsonl!1"], rows["a.jsonl!4"]
    assert (one["raw"], one["text"], one["outlet"]) == (
        LINES[0].encode(),
        TEXT.decode(),
        "Sund Press",
    )
    assert one["published_at"] == datetime(2026, 3, 4, tzinfo=UTC)
    assert (one["published_precision"], one["text_from"]) == ("day", "content")
    assert (four["text"], four["url"], four["title"]) == (
        "First.\n\nSecond.",
        "https://x.invalid/b",
        "T",
    )
    assert rows["a.jsonl!6"]["text"] == "\ufffd half"
    assert tally.seen == 12


def test_an_array_gives_one_page_a_record_and_keeps_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[ {"text": "One day."} ,\n{"text":"Two."}, 7, {"text": "T')
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {
        "a.json!1": "taken",
        "a.json!2": "taken",
        "a.json!3": "no_record:record 3",
        "a.json!4": "broken_json:record 4",
        "a.json": "unpacked",
    }
    (tmp_path / "a.json").write_text('[ {"text": "One day."} ,\n{"text":"Two."}, 7]')
    rows, _ = take(tmp_path)
    assert rows["a.json!1"]["raw"] == b'{"text": "One day."}'
    assert rows["a.json!2"]["raw"] == b'{"text":"Two."}'
    assert rows["a.json!3"]["reason"] == "no_record:record 3"


def test_one_object_is_a_page_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"text": "One day."}, indent=1))
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {"a.json": "taken"}


def test_html_in_a_field_is_read_as_html(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"body": PAGE, "url": "https://x.invalid/j"}))
    row = take(tmp_path)[0]["a.json"]
    assert "<p>" not in row["text"]
    assert "The council voted." in row["text"]
    assert (row["text_from"], row["url"], row["outlet"]) == (
        "body/whole", "https://x.invalid/j", "Sund Press",
    )  # fmt: skip


def test_json_larger_than_a_page_is_cut_as_it_is_read(tmp_path: Path) -> None:
    records = [{"text": f"{number} " * 500} for number in range(200)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n" + "x" * 200_000)
    (tmp_path / "b.json").write_text(json.dumps([*records, {"text": "y" * 200_000}]))
    rows, tally = take(tmp_path)
    assert (tally.taken, tally.redelivered) == (200, 200)
    assert rows["a.jsonl!201"]["reason"] == "too_large:line 201"
    assert rows["b.json!201"]["reason"] == "too_large:record 201"


def test_warc_and_wet_give_payloads(tmp_path: Path) -> None:
    packed = gzip.compress(PAGE.encode())
    chunked = b"%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n"
    coded = "Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"
    records = [
        warc_record(1, "warcinfo", b"software: x", "application/warc-fields"),
        response(2, chunked, coded),
        response(3, b"\x89PNG\r\n\x1a\n", "Content-Type: image/png"),
        warc_record(4, "response", b"HTTP/1.1 404 Gone\r\n\r\nno", "application/http"),
        warc_record(5, "conversion", OTHER),
        response(6, b"<html><p>\xc4\xe0</p></html>", "Content-Type: text/html; charset=cp1251"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records[-1:])))
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {
        "a.warc!urn:uuid:2": "taken",
        "a.warc!urn:uuid:3": "media:image/png",
        "a.warc!urn:uuid:4": "http:404",
        "a.warc!urn:uuid:5": "taken",
        "a.warc!urn:uuid:6": "taken",
        "a.warc": "unpacked",
        "b.warc.gz!urn:uuid:6": "redelivered",
        "b.warc.gz": "unpacked",
    }
    page, text = rows["a.warc!urn:uuid:2"], rows["a.warc!urn:uuid:5"]
    assert (page["raw"], page["media_type"]) == (PAGE.encode(), "html")
    assert page["url"] == "https://news.invalid/2"
    assert page["fetched_at"] == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert (text["text"], text["media_type"]) == (OTHER.decode(), "text")
    assert rows["a.warc!urn:uuid:6"]["text"].strip() == "Да"


def test_a_warc_that_is_cut_off_gives_what_stands_before(tmp_path: Path) -> None:
    raw = warc_record(1, "conversion", TEXT) + warc_record(2, "conversion", OTHER * 9)
    (tmp_path / "a.warc").write_bytes(raw[:-200])
    rows, _ = take(tmp_path)
    assert rows["a.warc!urn:uuid:1"]["outcome"] == "taken"
    assert rows["a.warc!urn:uuid:2"]["reason"] == "cut_off:member"


def test_members_with_escaping_paths_are_rejected_and_the_rest_lands(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(
        tarred(
            ("../up.txt", TEXT), ("/etc/abs.txt", TEXT), ("a/../../b.txt", TEXT),
            special("soft", tarfile.SYMTYPE, "/etc/passwd"), special("hard", tarfile.LNKTYPE, "x"),
            special("char", tarfile.CHRTYPE), special("block", tarfile.BLKTYPE),
            special("fifo", tarfile.FIFOTYPE), ("good.txt", OTHER),
        )
    )  # fmt: skip
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {
        "a.tar!../up.txt": "path_escape",
        "a.tar!/etc/abs.txt": "path_escape",
        "a.tar!a/../../b.txt": "path_escape",
        "a.tar!soft": "link",
        "a.tar!hard": "link",
        "a.tar!char": "device",
        "a.tar!block": "device",
        "a.tar!fifo": "pipe",
        "a.tar!good.txt": "taken",
        "a.tar": "unpacked",
    }


def test_a_zip_s_links_secrets_and_foreign_methods_are_rejected(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = 0o120777 << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("..\\up.txt", TEXT)
        archive.writestr("secret.txt", OTHER)
        archive.writestr("odd.txt", b"odd", zipfile.ZIP_LZMA)
        archive.writestr("good.txt", TEXT)
    raw = bytearray(held.getvalue())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(b"secret.txt", raw.find(mark))
        at = raw.rfind(mark, 0, at)
        raw[at + flags] |= 1
    (tmp_path / "a.zip").write_bytes(bytes(raw))
    assert outcomes(take(tmp_path)[0]) == {
        "a.zip!link": "link",
        "a.zip!..\\\\up.txt": "path_escape",
        "a.zip!secret.txt": "encrypted",
        "a.zip!odd.txt": "unsupported",
        "a.zip!good.txt": "taken",
        "a.zip": "unpacked",
    }


def test_a_bomb_is_rejected_and_the_rest_lands(tmp_path: Path) -> None:
    bomb = zipped({"bomb.txt": LONG, "good.txt": TEXT})
    inner = zipped({"bomb.gz": gzip.compress(LONG * 20), "good.txt": OTHER})
    (tmp_path / "a.zip").write_bytes(bomb)
    (tmp_path / "b.zip").write_bytes(zipped({"c.zip": inner}))
    limits = Limits(10**7, 10**8, 8, max_expansion=20)
    rows, _ = take(tmp_path, limits=limits)
    assert outcomes(rows) == {
        "a.zip!bomb.txt": "expansion:member",
        "a.zip!good.txt": "taken",
        "a.zip": "unpacked",
        "b.zip!c.zip!bomb.gz": "expansion:gzip",
        "b.zip!c.zip!good.txt": "taken",
        "b.zip!c.zip": "unpacked",
        "b.zip": "unpacked",
    }


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_a_stream_that_grows_too_much_stops(tmp_path: Path, pack: Callable) -> None:
    (tmp_path / "a.tar.x").write_bytes(pack(tarred(("good.txt", TEXT), ("zeros", LONG * 4))))
    rows, _ = take(tmp_path, limits=Limits(10**8, 10**8, 8, max_expansion=20))
    assert rows["a.tar.x!good.txt"]["outcome"] == "taken"
    assert rows["a.tar.x!zeros"]["reason"].startswith("expansion:")
    assert rows["a.tar.x"]["reason"].startswith("expansion:")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_a_stream_that_is_cut_off_gives_no_torn_page(tmp_path: Path, pack: Callable) -> None:
    (tmp_path / "a.x").write_bytes(pack(TEXT * 50)[:-9])
    rows, _ = take(tmp_path)
    assert list(rows) == ["a.x"]
    assert rows["a.x"]["outcome"] == "rejected"
    assert rows["a.x"]["reason"].startswith(("cut_off:", "broken:"))


def test_a_tar_that_is_cut_off_gives_the_members_before(tmp_path: Path) -> None:
    raw = tarred(("a.txt", TEXT), ("b.txt", OTHER * 99))
    (tmp_path / "a.tar").write_bytes(raw[:2560])
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {
        "a.tar!a.txt": "taken", "a.tar!b.txt": "cut_off:member", "a.tar": "cut_off:tar",
    }  # fmt: skip


def test_a_zip_without_its_end_is_rejected_whole_and_junk_that_begins_so_is_broken(
    tmp_path: Path,
) -> None:
    whole = zipped({"a.txt": TEXT, "b.txt": OTHER * 99})
    (tmp_path / "cut.zip").write_bytes(whole[: whole.rfind(b"PK\x03\x04") + 60])
    (tmp_path / "junk.zip").write_bytes(b"PK\x03\x04" + bytes(range(255, 0, -1)) * 3)
    rows, _ = take(tmp_path)
    assert outcomes(rows) == {"cut.zip": "cut_off:zip", "junk.zip": "broken:zip"}


def test_a_wrong_size_in_a_zip_directory_is_detected(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.txt": TEXT, "b.txt": OTHER}))
    at = raw.find(b"PK\x01\x02")
    struct.pack_into("<I", raw, at + 24, 5)  # its size, unpacked
    (tmp_path / "a.zip").write_bytes(bytes(raw))
    rows, _ = take(tmp_path)
    assert rows["a.zip!a.txt"]["reason"] == "broken:member"
    assert rows["a.zip!b.txt"]["outcome"] == "taken"


def test_members_that_share_bytes_are_refused(tmp_path: Path) -> None:
    raw = bytearray(zipped({"a.txt": OTHER * 900}, deflate=False))
    at, end = raw.find(b"PK\x01\x02"), raw.find(b"PK\x05\x06")
    entry = bytes(raw[at:end])
    tail = bytearray(raw[end:])
    struct.pack_into("<HHI", tail, 8, 3, 3, 3 * len(entry))
    (tmp_path / "a.zip").write_bytes(bytes(raw[:at]) + entry * 3 + bytes(tail))
    assert outcomes(take(tmp_path)[0]) == {"a.zip": "overlapping:zip"}


def test_members_with_the_same_name_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred(("x.txt", TEXT), ("x.txt", OTHER)))
    rows, _ = take(tmp_path)
    assert rows["a.tar!x.txt"]["raw"] == TEXT
    assert rows["a.tar!x.txt#2"]["raw"] == OTHER


def test_names_that_are_no_utf8_are_escaped(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred(("x\udce4!.txt", TEXT)))
    (tmp_path / "b!c.txt").write_bytes(OTHER)
    rows, _ = take(tmp_path)
    assert set(rows) == {r"a.tar!x\xe4\x21.txt", "a.tar", r"b\x21c.txt"}


@pytest.mark.parametrize(
    ("limits", "reasons"),
    [
        ({"max_members": 1}, {"a.tar": "too_many_members", "a.tar!1.txt": "taken"}),
        ({"max_depth": 1}, {"a.tar": "unpacked", "a.tar!1.txt": "taken", "a.tar!2.gz": "too_deep"}),
        (
            {"max_page_bytes": 20},
            {
                "a.tar": "unpacked", "a.tar!1.txt": "too_large", "a.tar!2.gz": "unpacked",
                "a.tar!2.gz!2": "too_large",
            },
        ),
    ],
)  # fmt: skip
def test_an_exceeded_limit_is_the_reason_and_the_rest_lands(
    tmp_path: Path, limits: dict, reasons: dict
) -> None:
    (tmp_path / "a.tar").write_bytes(tarred(("1.txt", TEXT), ("2.gz", gzip.compress(OTHER))))
    given = {"max_page_bytes": 10**6, "batch_bytes": 10**6, "max_batches": 8, **limits}
    assert outcomes(take(tmp_path, limits=Limits(**given))[0]) == reasons


def test_unpacked_bytes_per_archive_are_limited(tmp_path: Path) -> None:
    lines = b"".join(b"%d says the clerk.\n" % number for number in range(6000))
    members = {f"{number}.txt": lines + b"%d" % number for number in range(20)}
    (tmp_path / "a.zip").write_bytes(zipped(members))
    rows, tally = take(tmp_path, limits=Limits(10**6, 10**7, 8, max_unpacked_bytes=10**6))
    assert rows["a.zip!0.txt"]["outcome"] == "taken"
    assert rows["a.zip!19.txt"]["reason"] == "too_much_unpacked"
    assert 5 < tally.taken < 12


def test_an_archive_larger_than_a_page_is_read_member_by_member(tmp_path: Path) -> None:
    members = [(f"{number}.txt", b"%d harbour " % number * 4000) for number in range(9)]
    (tmp_path / "a.tar").write_bytes(tarred(*members))
    limits = Limits(100_000, 100_000, 99)
    listing = list_files(tmp_path, 0, datetime.now(UTC) + timedelta(days=1))
    batches = list(read_batches(listing, Ledger(), limits))
    assert sum(batch.tally.taken for batch in batches) == 9
    assert max(batch.pages.nbytes for batch in batches) < 400_000


def test_a_known_archive_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": TEXT, "b.txt": OTHER}))
    first, _ = take(tmp_path)
    again, tally = take(tmp_path, remember(tmp_path, first))
    assert again == {}
    assert (tally.seen, tally.skipped) == (1, 1)


def test_only_new_members_of_a_changed_archive_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"a.txt": TEXT, "b.txt": OTHER, "gone.txt": b"Gone."}))
    first, _ = take(tmp_path)
    (tmp_path / "a.zip").write_bytes(
        zipped({"a.txt": TEXT, "b.txt": b"Changed.", "c.txt": b"New."})
    )
    rows, tally = take(tmp_path, remember(tmp_path, first))
    assert outcomes(rows) == {"a.zip!b.txt": "taken", "a.zip!c.txt": "taken", "a.zip": "unpacked"}
    assert (tally.seen, tally.skipped) == (4, 1)


def test_sidecar_overrides_markup_and_markup_overrides_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Folder Times"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE)
    (folder / "b.txt").write_bytes(TEXT)
    (folder / "a.html.meta.json").write_text(
        json.dumps(
            {"outlet": "Side Post", "fetched_at": "2026-05-06T07:08:09Z", "url": "javascript:x"}
        )
    )
    (folder / "b.txt.meta.json").write_text("{broken")
    (tmp_path / "c.zip").write_bytes(
        zipped({"d.txt": OTHER, "d.txt.meta.json": b'{"url": "https://x.invalid/d"}'})
    )
    (tmp_path / "c.zip.meta.json").write_text('{"outlet": "Zip Herald"}')
    rows, tally = take(tmp_path, rules=ReadOptions(outlet_folder=1))
    page, plain = rows["Folder Times/a.html"], rows["Folder Times/b.txt"]
    assert (page["outlet"], page["url"]) == ("Side Post", "https://x.invalid/a")
    assert page["fetched_at"] == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (plain["outlet"], plain["flags"]) == ("Folder Times", ["sidecar_unreadable"])
    member = rows["c.zip!d.txt"]
    assert (member["outlet"], member["url"]) == ("Zip Herald", "https://x.invalid/d")
    assert tally.ignored == 4


def test_a_page_waits_for_a_sidecar_that_still_grows(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    os.utime(tmp_path / "a.txt", (0, 0))
    (tmp_path / "a.txt.meta.json").write_text("{")
    listing = list_files(tmp_path, 60, datetime.now(UTC))
    assert (listing.files, listing.waiting) == ((), (("a.txt", "unsettled"),))


def test_a_sidecar_added_later_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    first, _ = take(tmp_path)
    (tmp_path / "a.txt.meta.json").write_text('{"outlet": "Late Post"}')
    again, tally = take(tmp_path, remember(tmp_path, first))
    assert (again, tally.skipped) == ({}, 1)


def test_a_member_whose_header_states_an_impossible_size_is_rejected(tmp_path: Path) -> None:
    huge = tarfile.TarInfo("huge.txt")
    raw = bytearray(tarred(("good.txt", TEXT), huge))
    at = raw.index(b"huge.txt")
    raw[at + 124 : at + 136] = b"\x80" + (2**64).to_bytes(11, "big")
    head = bytes(raw[at : at + 148]) + b" " * 8 + bytes(raw[at + 156 : at + 512])
    raw[at + 148 : at + 156] = b"%06o\0 " % sum(head)
    (tmp_path / "a.tar").write_bytes(raw)
    rows, _ = take(tmp_path)
    assert rows["a.tar!good.txt"]["outcome"] == "taken"
    assert all(0 <= row["size_bytes"] < 2**63 for row in rows.values())

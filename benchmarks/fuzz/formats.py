"""
Well-formed files of every format that intake reads, made of invented pages.

Each builder takes a page's text and returns the bytes of one file. `mutations` damages them.
"""

from __future__ import annotations

import bz2
import gzip
import html
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from functools import cache
from random import Random

import pyarrow as pa

from benchmarks.pages import make_pages

Build = Callable[[str, Random], bytes]
POOL_BYTES = 200_000
CODECS = (
    "cp1252", "cp1251", "koi8-r", "cp932", "gb18030", "big5", "euc-kr", "iso2022_jp", "utf-16",
    "utf-16-le", "utf-32", "utf-32-be", "utf-8-sig", "cp437", "utf-7",
)  # fmt: skip
FOREIGN = (
    "Совет гавани во вторник решил оставить старый кран на месте. ",
    "港の評議会は火曜日、古いクレーンをそのまま残すことを決めた。",
    "港务委员会星期二决定保留这台旧起重机，讨论持续了一整夜。",
    "항만 위원회는 화요일에 낡은 기중기를 그대로 두기로 결정했다. ",
    "Το συμβούλιο του λιμανιού αποφάσισε την Τρίτη. ",
    "قرر مجلس الميناء يوم الثلاثاء الإبقاء على الرافعة القديمة. ",
)
MEMBERS = (
    "a.txt", "b/c.txt", "../up.txt", "/etc/page.txt", "C:\\x.txt", "a\nb.txt", "\u202etxt.exe",
    "x" * 300, ".hidden", "a!b.txt", "%2e%2e/x", "nul\x01.txt", "a.txt.meta.json", "",
)  # fmt: skip


@cache
def list_texts() -> tuple[str, ...]:
    """Return the texts that inputs are made of: five layouts in three languages."""
    return tuple(text for _, text in make_pages(POOL_BYTES))


def make_text(dice: Random) -> str:
    """Draw a page's text; one in six is in another script."""
    text = dice.choice(list_texts())[: dice.choice((400, 3_000, 30_000))]
    if dice.random() < 1 / 6:
        line = dice.choice(FOREIGN)
        text = f"{line[:20]}\n\n" + "\n\n".join([line * dice.randint(2, 9)] * dice.randint(1, 5))
    return text


def plain(text: str, _: Random) -> bytes:
    """Write UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def encoded(text: str, dice: Random) -> bytes:
    """Write one of the other encodings; characters it lacks become question marks."""
    return text.encode(dice.choice(CODECS), "replace")


def markdown(text: str, dice: Random) -> bytes:
    """Write Markdown with front matter, a heading, a link and an image."""
    front = f"---\ntitle: {text[:40]!r}\ndate: 2026-03-04\n---\n" if dice.random() < 0.5 else ""
    body = text.replace("\n\n", "\n\n* [more](https://a.invalid/x) ![alt](y.png)\n\n", 2)
    return plain(f"{front}# {text[:50]}\n\n## Second\n\n{body}", dice)


def markup(text: str, dice: Random) -> bytes:
    """Write HTML with metadata, JSON-LD, hidden elements and a script."""
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    linked = json.dumps({"@type": "NewsArticle", "headline": text[:40], "datePublished": "2026"})
    charset = dice.choice(("utf-8", "windows-1251", "shift_jis", "nonsense", "utf-16"))
    return plain(
        f'<!doctype html><html lang="en"><head><meta charset="{charset}"><title>{text[:30]}</title>'
        f'<meta property="og:site_name" content="Sund Press"><script>var a = "<p>";</script>'
        f'<script type="application/ld+json">{linked}</script></head><body><nav>Home</nav>'
        f'<div style="display:none">hidden</div><article><h1>Head</h1>{paragraphs}</article>'
        "<footer>Leave a reply</footer></body></html>",
        dice,
    )


def record(text: str, dice: Random) -> bytes:
    """Write one record, its text as a string or as a list of paragraphs."""
    content: object = text.split("\n\n") if dice.random() < 0.2 else text
    facts = {"title": text[:30], "url": "https://a.invalid/1", "date": "2026-03-04", "id": 7}
    return json.dumps({"text": content, **facts}, ensure_ascii=dice.random() < 0.5).encode(
        "utf-8", "replace"
    )


def lines(text: str, dice: Random) -> bytes:
    """Write JSON Lines."""
    return b"\n".join(record(part, dice) for part in _pieces(text, dice)) + b"\n"


def array(text: str, dice: Random) -> bytes:
    """Write an array of records, or the answer of a news API."""
    inside = b"[" + b", ".join(record(part, dice) for part in _pieces(text, dice)) + b"]"
    return inside if dice.random() < 0.5 else b'{"status": "ok", "articles": ' + inside + b"}"


def warc(text: str, dice: Random) -> bytes:
    """Write a WARC of responses, conversions and other records; some bodies are compressed."""
    records = []
    for number, part in enumerate(_pieces(text, dice)):
        kind = dice.choice(("response", "conversion", "resource", "warcinfo", "request"))
        body, coding = _encode_body(markup(part, dice), dice)
        if kind == "response":
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{coding}"
            body = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        elif kind == "conversion":
            body = plain(part, dice)
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Target-URI: https://a.invalid/{number}\r\nWARC-Date: 2026-03-04T10:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n"
        )
        whole = f"{head}\r\n".encode() + body + b"\r\n\r\n"
        records.append(_gzip(whole) if dice.random() < 0.3 else whole)
    return b"".join(records)


def arc(text: str, dice: Random) -> bytes:
    """Write an ARC file."""
    version = b"1 0 x\nURL IP-address Archive-date Content-type Archive-length\n\n"
    head = f"filedesc://x.arc 0.0.0.0 20260304100000 text/plain {len(version)}\n".encode()
    parts = [head + version + b"\n"]
    for part in _pieces(text, dice):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + markup(part, dice)
        facts = f"https://a.invalid/ 10.0.0.1 20260304100000 text/html {len(body)}\n"
        parts.append(facts.encode() + body + b"\n")
    return b"".join(parts)


def mail(text: str, dice: Random) -> bytes:
    """Write a mail with a plain and an HTML part and an attachment."""
    text = text.encode("utf-8", "replace").decode()
    message = EmailMessage()
    message["From"], message["To"] = "Desk <desk@a.invalid>", "all@b.invalid"
    message["Subject"], message["Date"] = "A page", "Wed, 04 Mar 2026 10:00:00 +0000"
    message.set_content(text, cte=dice.choice(("base64", "quoted-printable", "8bit")))
    if dice.random() < 0.6:
        markup_part = markup(text, dice).decode("utf-8", "replace")
        message.add_alternative(markup_part, subtype="html", cte="base64")
    if dice.random() < 0.3:
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    multiparts = (part for part in message.walk() if part.is_multipart())
    for number, part in enumerate(multiparts):  # otherwise drawn without the seed
        part.set_boundary(f"=={number}==")
    return message.as_bytes()


def mailbox(text: str, dice: Random) -> bytes:
    """Write an mbox."""
    mails = (mail(part, dice) for part in _pieces(text, dice))
    return b"".join(b"From desk@a.invalid Wed Mar  4 10:00:00 2026\n" + m + b"\n" for m in mails)


def saved_page(text: str, dice: Random) -> bytes:
    """Write a page saved as MHTML."""
    body = markup(text, dice)
    return (
        b"From: <Saved by Browser>\r\nSnapshot-Content-Location: https://a.invalid/1\r\n"
        b"Subject: A page\r\nDate: Wed, 04 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n'
        b"------B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-Location: https://a.invalid/1\r\n\r\n" + body + b"\r\n------B--\r\n"
    )


def zipped(text: str, dice: Random) -> bytes:
    """Write a zip, some members stored, some deflated, under hostile names too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, raw in _members(text, dice):
            how = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
            info = zipfile.ZipInfo(name or "x")
            archive.writestr(info, raw, compress_type=how)
    return buffer.getvalue()


def tarred(text: str, dice: Random) -> bytes:
    """Write a tar in one of three dialects, with links and folders between its members."""
    buffer = io.BytesIO()
    kind = dice.choice((tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT))
    with tarfile.open(fileobj=buffer, mode="w", format=kind, errors="replace") as archive:
        for name, raw in _members(text, dice):
            info = tarfile.TarInfo(name[:90] if kind == tarfile.USTAR_FORMAT else name)
            info.size = len(raw)
            if dice.random() < 0.1:
                info.type, info.linkname, info.size = tarfile.SYMTYPE, "/etc/passwd", 0
            archive.addfile(info, io.BytesIO(raw))
    return buffer.getvalue()


def compressed(text: str, dice: Random) -> bytes:
    """Write a page, records or an archive as one compressed stream."""
    inside = dice.choice((plain, markup, lines, tarred, warc, zipped))(text, dice)
    return compress(inside, dice)


def nested(text: str, dice: Random) -> bytes:
    """Write archives in archives, some deeper than is allowed."""
    raw = dice.choice((plain, lines, mail))(text, dice)
    for _ in range(dice.randint(2, 6)):
        buffer = io.BytesIO()
        if dice.random() < 0.4:
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr(zipfile.ZipInfo("inner"), raw, zipfile.ZIP_DEFLATED)
            raw = buffer.getvalue()
        elif dice.random() < 0.5:
            with tarfile.open(fileobj=buffer, mode="w") as tar:
                info = tarfile.TarInfo("inner")
                info.size = len(raw)
                tar.addfile(info, io.BytesIO(raw))
            raw = buffer.getvalue()
        else:
            raw = compress(raw, dice)
    return raw


def compress(raw: bytes, dice: Random) -> bytes:
    """Compress bytes in one of the four ways that intake reads; some streams have two parts."""
    ways: tuple[Callable[[bytes], bytes], ...] = (
        _gzip, bz2.compress, lzma.compress, _zstd,
    )  # fmt: skip
    way, half = dice.choice(ways), len(raw) // 2
    return way(raw[:half]) + way(raw[half:]) if dice.random() < 0.2 else way(raw)


FORMATS: dict[str, Build] = {
    "text": plain,
    "encoding": encoded,
    "markdown": markdown,
    "html": markup,
    "json": record,
    "jsonl": lines,
    "array": array,
    "warc": warc,
    "arc": arc,
    "mail": mail,
    "mbox": mailbox,
    "mhtml": saved_page,
    "zip": zipped,
    "tar": tarred,
    "stream": compressed,
    "nested": nested,
}


def _pieces(text: str, dice: Random) -> list[str]:
    count = dice.randint(1, 4)
    return [text[at::count] if dice.random() < 0.1 else text for at in range(count)]


def _members(text: str, dice: Random) -> list[tuple[str, bytes]]:
    inner = (plain, encoded, markup, record, lines, mail)
    names = dice.sample(MEMBERS, dice.randint(1, 5))
    return [(name, dice.choice(inner)(text, dice)) for name in names]


def _encode_body(body: bytes, dice: Random) -> tuple[bytes, str]:
    """Return an HTTP body and its Content-Encoding; in one of four the two disagree."""
    coding = dice.choice(("", "gzip", "zstd", "br"))
    header = f"Content-Encoding: {coding}\r\n" if coding else ""
    if dice.random() < 0.25:
        return body, header
    return _gzip(body) if coding == "gzip" else _zstd(body) if coding == "zstd" else body, header


def _gzip(raw: bytes) -> bytes:
    return gzip.compress(raw, mtime=0)


def _zstd(raw: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(raw, asbytes=True)
    return packed

"""
Recognise binary formats by their first bytes, before anything is decoded.

Only signatures that no text begins with. Formats whose signature is plain letters ("BM", "ID3")
need a second sign, or are left to the decoder, which counts control bytes.
"""

from __future__ import annotations

import re

# From each format's specification, as listed by libmagic and the WHATWG MIME sniffing standard.
MARKS = (
    (b"\x1f\x8b", "gzip"),
    (b"\x1f\x9d", "compress"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90\x00", "exe"),
    (b"\xca\xfe\xba\xbe", "java"),
    (b"\xcf\xfa\xed\xfe", "macho"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"ARROW1\x00\x00", "arrow"),
    (b"Obj\x01", "avro"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"OggS\x00", "ogg"),
    (b"fLaC\x00", "flac"),
    (b"wOFF\x00", "font"),
    (b"wOF2\x00", "font"),
    (b"\x00asm", "wasm"),
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"{\\rtf1", "rtf"),
    (b"WARC/1.", "warc"),
)
ANY_MARK = tuple(mark for mark, _ in MARKS)
RIFF = re.compile(rb"RIFF.{4}(WEBP|WAVE|AVI )", re.DOTALL)
GIF = re.compile(rb"GIF8[79]a.{4}[\x00-\xff]\x00?", re.DOTALL)
# an ARC file's header, or the record of a page in one that lost it: URL, address, date, type, size
ARC = re.compile(
    rb"(?:filedesc|https?)://[^ \n]{1,2000} [0-9a-fA-F.:]{2,45} \d{14} \S{1,100} \d+\r?\n"
)
BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")
ISO_MEDIA = re.compile(rb"\x00\x00\x00.ftyp", re.DOTALL)
ID3 = re.compile(rb"ID3[\x02-\x04]\x00")
TAR_MARK = slice(257, 262)
PARQUET = b"PAR1"


def find_format(raw: bytes) -> str | None:
    """Return the binary format that the bytes begin with; None if they may be text."""
    if raw.startswith(ANY_MARK):
        return next(name for mark, name in MARKS if raw.startswith(mark))
    riff = RIFF.match(raw)
    if riff:
        return riff.group(1).decode().strip().lower()
    for pattern, name in ((BZIP2, "bzip2"), (ISO_MEDIA, "mp4"), (ID3, "mp3"), (ARC, "arc")):
        if pattern.match(raw):
            return name
    if GIF.match(raw) and any(byte < 9 or byte > 126 for byte in raw[6:13]):
        return "gif"
    if raw[TAR_MARK] == b"ustar":
        return "tar"
    if raw.startswith(PARQUET) and (raw.endswith(PARQUET) or b"\x00" in raw[:64]):
        return "parquet"
    return None

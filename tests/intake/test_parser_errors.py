"""An error of any class at any call of a parser costs its file, member or record, nothing else."""

import bz2
import gzip
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pyarrow as pa
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParser

from include.errors import DiskFull, StoreSilent
from include.intake.archives import buffers, compression, content, http_body, mail, unpack
from include.intake.archives.limits import Limits
from include.intake.decoding import html, markdown, page
from include.intake.inbox.listing import list_files
from include.intake.take import read_batches
from tests.intake.archives.test_unpack import (
    OTHER,
    PAGE,
    TEXT,
    response,
    tarred,
    warc_record,
    zipped,
    zstd,
)
from tests.lake.ledgers import Ledger


class Unheard(Exception):
    """An error that no list of errors names."""


ERRORS: tuple[Callable[[], Exception], ...] = (
    Unheard, Exception, RuntimeError, ValueError, KeyError, IndexError, AttributeError, TypeError,
    RecursionError, MemoryError, OSError, EOFError, AssertionError, NotImplementedError,
    ZeroDivisionError, BufferError, SystemError, StopIteration, UnicodeError, zlib.error,
    lzma.LZMAError, brotli.error, pa.ArrowInvalid, pa.ArrowException, zipfile.BadZipFile,
    tarfile.TarError, struct.error, ArchiveLoadFailed,
    lambda: UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    lambda: json.JSONDecodeError("bad", "{", 0),
)  # fmt: skip
# Where intake enters a library, and its own ways into one.
CALLS: tuple[tuple[Any, str], ...] = (
    (compression, "make_decoder"), (compression.Gzip, "decompress"), (http_body, "make_decoder"),
    (http_body._Brotli, "decompress"), (zipfile, "ZipFile"), (zipfile.ZipFile, "infolist"),
    (zipfile.ZipFile, "open"), (zipfile.ZipExtFile, "read"), (tarfile.TarFile, "next"),
    (tarfile.TarFile, "extractfile"), (ArchiveIterator, "__init__"),
    (ArchiveIterator, "_next_record"), (StatusAndHeadersParser, "parse"), (json, "loads"),
    (json.JSONDecoder, "raw_decode"), (content, "find_record_kind"), (content, "find_format"),
    (content, "find_markup"), (unpack, "find_format"), (unpack, "find_container"),
    (unpack, "cut_records"), (buffers, "raise_failure"), (page, "decode_text"),
    (page, "find_markup"), (page, "extract_text"), (page, "read_facts"),
    (page, "read_record_facts"), (mail, "message_from_bytes"), (page, "render"),
    (page, "is_markdown"), (markdown, "read_record_facts"), (html, "find_article"),
    (html, "extract_plain_text"), (html.HTMLTree, "parse"),
)  # fmt: skip
MAIL = b"From: A <a@b.invalid>\nSubject: S\nMIME-Version: 1.0\n\nA mail about the harbour.\n"
MBOX_LINE = b"From a@b.invalid Wed Mar  4 10:00:00 2026\n"
GOOD = b"A plain page that no parser of another format touches.\n"


def fill(inbox: Path) -> None:
    coded = brotli.compress(PAGE.encode())
    records = [
        response(1, PAGE.encode()),
        response(2, coded, "Content-Type: text/html\r\nContent-Encoding: br"),
        warc_record(3, "conversion", OTHER),
        response(4, gzip.compress(OTHER), "Content-Type: text/plain\r\nContent-Encoding: gzip"),
    ]
    lines = b'{"text": "One."}\n{"text": "Two.", "title": "T"}\n'
    files = {
        "a.html": PAGE.encode(), "b.json": json.dumps({"text": PAGE}).encode(), "c.jsonl": lines,
        "d.json": b'[{"text": "Three."}, {"text": "Four."}]', "e.warc": b"".join(records),
        "f.warc.gz": b"".join(map(gzip.compress, records)), "g.tar.bz2": bz2.compress(
            tarred(("1.txt", TEXT), ("2.html", PAGE.encode()))),
        "h.zip": zipped({"1.txt": TEXT + b"!", "2.jsonl.xz": lzma.compress(lines)}),
        "i.txt.zst": zstd(TEXT * 2), "j.eml": MAIL, "k.mbox": MBOX_LINE + MAIL + MBOX_LINE + MAIL,
        "l.md": b"---\ntitle: T\n---\n# Head\n\nText [a](https://x.invalid).\n", "z.txt": GOOD,
    }  # fmt: skip
    for name, raw in files.items():
        (inbox / name).write_bytes(raw)


def take(inbox: Path) -> dict[str, dict]:
    listing = list_files(inbox, 0, datetime.now(UTC) + timedelta(days=1))
    batches = list(read_batches(listing, Ledger(), Limits(10**6, 10**7, 8)))
    sum((batch.tally for batch in batches), listing.tally).check()
    return {row["name"]: row for batch in batches for row in batch.pages.to_pylist()}


class FailingAt:
    """A call that raises at one of its turns and else does what it should."""

    def __init__(self, real: Any, turn: int, error: Callable[[], Exception]) -> None:
        self.real, self.turn, self.error, self.turns = real, turn, error, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.turns += 1
        if self.turns == self.turn:
            raise self.error()
        return self.real(*args, **kwargs)


def patch(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, turn: int, error) -> FailingAt:
    real = getattr(owner, name)
    failing = FailingAt(real, turn, error)
    is_method = isinstance(owner, type) and not isinstance(owner.__dict__.get(name), staticmethod)
    if is_method and owner.__name__ != "HTMLTree":
        monkeypatch.setattr(owner, name, lambda self, *rest, **more: failing(self, *rest, **more))
    elif owner.__class__ is type and owner.__name__ == "HTMLTree":
        monkeypatch.setattr(html, "HTMLTree", type("Tree", (), {"parse": staticmethod(failing)}))
    else:
        monkeypatch.setattr(owner, name, failing)
    return failing


@pytest.mark.runs
@pytest.mark.parametrize(("owner", "name"), CALLS, ids=lambda v: getattr(v, "__name__", v))
def test_any_error_at_any_call_leaves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    fill(tmp_path)
    whole = take(tmp_path)
    assert all(row["outcome"] in ("taken", "unpacked", "redelivered") for row in whole.values())
    turn, calls = 0, 1
    while turn < calls:
        turn += 1
        for error in ERRORS if turn == 1 else ERRORS[turn % 3 :: 3]:
            with monkeypatch.context() as patched:
                failing = patch(patched, owner, name, turn, error)
                rows = take(tmp_path)
            calls = failing.turns if turn == 1 and error is ERRORS[0] else calls
            touched = [key for key in whole if rows.get(key, {}).get("outcome") != "taken"
                       and whole[key]["outcome"] == "taken"]  # fmt: skip
            files = {key.split("!")[0] for key in touched}
            assert len(files) <= 2, (turn, error, files)  # its own, and one that redelivers it
            assert all(rows[file]["outcome"] in ("rejected", "unpacked", "redelivered", "taken")
                       for file in {key.split("!")[0] for key in whole})  # fmt: skip
    assert calls > 0


def test_the_calls_that_fail_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    for owner, name in CALLS:
        with monkeypatch.context() as patched:
            failing = patch(patched, owner, name, 0, Unheard)
            take(tmp_path)
        assert failing.turns, (owner, name)


@pytest.mark.parametrize("error", [DiskFull("lake", "x", "y"), StoreSilent("store", "x", "y")])
def test_an_error_of_the_run_is_not_taken_for_one_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fill(tmp_path)
    monkeypatch.setattr(unpack, "copy_to_file", FailingAt(None, 1, lambda: error))
    monkeypatch.setattr(zipfile, "ZipFile", FailingAt(None, 1, lambda: error))
    with pytest.raises(type(error)):
        take(tmp_path)


def test_a_full_temporary_folder_stops_the_run(tmp_path: Path, monkeypatch) -> None:
    fill(tmp_path)
    monkeypatch.setattr(
        zipfile, "ZipFile", FailingAt(None, 1, lambda: OSError(28, "No space left"))
    )
    with pytest.raises(DiskFull):
        take(tmp_path)

"""
Poison of every format in one inbox: a run rejects it and lands the rest, and leaves no process.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.driver import Place, ingest, start
from tests.intake.archives.test_unpack import response, tarred, warc_record, zipped

pytestmark = pytest.mark.faults
SENTENCE = "The harbour council of Port {0} voted on Tuesday to allow a ferry across the bay. "
STORY = "Night ferry for Port {0}\n\n" + "\n\n".join([SENTENCE * 3] * 4) + "\n"
ATTRIBUTES = " ".join(f"a{number}=1" for number in range(200_000))
SLOW = f"<!doctype html><html><body><p {ATTRIBUTES}>x</p></body></html>".encode()
PILLS = {
    "attributes.html": SLOW,
    "attributes.zip": zipped({"1.txt": STORY.format("Ada").encode(), "2.html": SLOW}),
    "brackets.json": b'{"text":' * 100_000,
    "divs.html": b"<html><body>" + b"<div>" * 100_000,
    "line.txt": b"word " * 300_000,
    "brotli.warc": response(1, b"\x8b\x03\x80junk" * 99, "Content-Encoding: br")
    + warc_record(2, "conversion", STORY.format("Bea").encode()),
    "cut.tar.gz": gzip.compress(tarred(("1.txt", STORY.format("Cora").encode())))[:-9],
    "bomb.gz": gzip.compress(bytes(10**8)),
    "nested.zip": zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": b"PK"})})})}),
    "lists.json": json.dumps([[]] * 200_000).encode(),
    "quotes.md": b"# Head\n\n" + b"> " * 200_000,
    "mail.eml": b"From: a@b.invalid\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=B\n\n"
    + b"--B\nContent-Type: multipart/mixed; boundary=B\n\n"
    * 5_000,
    "dots.warc": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999999999999\r\n\r\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, raw in PILLS.items():
        (inbox / name).write_bytes(raw)
    (inbox / "a.txt").write_text(STORY.format("Dora"))
    (inbox / "z.txt").write_text(STORY.format("Emma"))
    return Place(inbox, tmp_path / "home", tmp_path / "log.txt")


def test_a_run_lands_all_that_is_not_poison(place: Place) -> None:
    code, said = ingest(place)
    assert code == 0, said
    assert "Traceback" not in said
    figures = json.loads(said.splitlines()[-1])
    assert figures["stories_landed"] + figures["stories_quarantined"] >= 4
    code, said = ingest(place)
    assert code == 0, said
    assert json.loads(said.splitlines()[-1])["files_taken"] == 0, "what was rejected stays so"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_parsing_process_ends_with_the_run(place: Place, how: signal.Signals) -> None:
    process = start(place)
    assert process.pid is not None
    deadline = time.monotonic() + 120
    parsers: list[psutil.Process] = []
    while not parsers and time.monotonic() < deadline:
        children = psutil.Process(process.pid).children(recursive=True)
        parsers = [child for child in children if "parser_process" in " ".join(child.cmdline())]
        time.sleep(0.05)
    assert parsers
    os.kill(process.pid, how)
    process.join()
    gone, alive = psutil.wait_procs(parsers, timeout=20)
    assert (len(gone), alive) == (len(parsers), [])

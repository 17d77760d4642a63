"""Files that never end, take all memory or crash their parser cost a page, not the run."""

import gzip
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from include.intake import isolation
from include.intake.archives.limits import Limits
from include.intake.decoding.page import TextOptions
from include.intake.inbox.listing import list_files
from include.intake.isolation import IsolatedParser
from include.intake.parser import Parser
from include.intake.take import ReadOptions, read_batches
from tests.intake.archives.test_unpack import OTHER, TEXT, outcomes, tarred, zipped
from tests.lake.ledgers import Ledger

LIMITS = Limits(2**23, 10**8, 8)
ATTRIBUTES = " ".join(f"a{number}=1" for number in range(70_000))
SLOW = f"<!doctype html><html><body><p {ATTRIBUTES}>Slow.</p></body></html>".encode()
POISON = b"This page crashes its parser."
# The other process with a parser that fails on some pages as C code does.
CRASHING = """
import os
from include.intake import parser
def read(raw, *rest, real=parser.read_page):
    if b"crashes" in raw:
        os.abort()
    if b"panics" in raw:
        raise BaseException("panic")
    if b"hungry" in raw:
        return bytearray(2**34)
    return real(raw, *rest)
parser.read_page = read
from include.intake.parser_process import serve
serve(int(sys.argv[2]))
"""


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> None:
    start = isolation.START.split("from ")[0].replace("; ", "\n")
    monkeypatch.setattr(isolation, "START", start + CRASHING)


@pytest.fixture
def parser() -> Iterator[IsolatedParser]:
    with IsolatedParser(LIMITS, TextOptions(), base_s=1.0) as parser:
        yield parser


def take(inbox: Path, parser: IsolatedParser | Parser, ledger: Ledger | None = None) -> dict:
    listing = list_files(inbox, 0, datetime.now(UTC) + timedelta(days=1))
    batches = list(read_batches(listing, ledger or Ledger(), LIMITS, ReadOptions(), parser))
    sum((batch.tally for batch in batches), listing.tally).check()
    return {row["name"]: row for batch in batches for row in batch.pages.to_pylist()}


def test_both_parsers_give_the_same_rows(tmp_path: Path, parser: IsolatedParser) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.tar").write_bytes(tarred(("1.txt", OTHER), ("2.gz", gzip.compress(b"In gz."))))
    (tmp_path / "c.jsonl").write_text('{"text": "One."}\n{"text": 7}\n{"broken\n')
    (tmp_path / "d.zip").write_bytes(zipped({"x.txt": b"x" * 2**23 + b"x", ".hidden": b""}))
    (tmp_path / "e.html").write_text("<html><head><title>T</title></head><p>Text</p></html>")
    members = ((f"{number}.txt", b"%d " % number * 300_000) for number in range(9))
    (tmp_path / "f.tar").write_bytes(tarred(*members))
    (tmp_path / "g.bin").write_bytes(bytes(range(256)) * 9)
    assert take(tmp_path, parser) == take(tmp_path, Parser(LIMITS, TextOptions()))
    again = Ledger(newest={(str(tmp_path), name): "before" for name in ("b.tar", "f.tar")})
    assert take(tmp_path, parser, again) == take(tmp_path, Parser(LIMITS, TextOptions()), again)


def test_a_page_that_takes_too_long_is_rejected(tmp_path: Path, parser: IsolatedParser) -> None:
    (tmp_path / "a.html").write_bytes(SLOW)
    (tmp_path / "b.txt").write_bytes(TEXT)
    rows = take(tmp_path, parser)
    assert outcomes(rows) == {"a.html": "too_slow", "b.txt": "taken"}
    assert rows["a.html"]["raw"] == SLOW


@pytest.mark.runs
@pytest.mark.parametrize("is_known", [False, True])
def test_a_slow_member_is_rejected_and_the_rest_of_its_archive_lands(
    tmp_path: Path, parser: IsolatedParser, is_known: bool
) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({"1.txt": TEXT, "2.html": SLOW, "3.txt": OTHER}))
    ledger = Ledger(newest={(str(tmp_path), "a.zip"): "before"} if is_known else {})
    assert outcomes(take(tmp_path, parser, ledger)) == {
        "a.zip!1.txt": "taken", "a.zip!2.html": "too_slow", "a.zip!3.txt": "taken",
        "a.zip": "unpacked",
    }  # fmt: skip


@pytest.mark.parametrize("page", [POISON, b"This page panics its parser."])
def test_a_page_that_ends_its_process_twice_is_rejected(
    tmp_path: Path, crashing: None, parser: IsolatedParser, page: bytes
) -> None:
    (tmp_path / "a.txt").write_bytes(page)
    (tmp_path / "b.tar").write_bytes(
        tarred(("1.txt", TEXT), ("2.txt", page + b"!"), ("3.txt", OTHER))
    )
    rows = take(tmp_path, parser)
    assert outcomes(rows) == {
        "a.txt": "crashed", "b.tar!1.txt": "taken", "b.tar!2.txt": "crashed",
        "b.tar!3.txt": "taken", "b.tar": "unpacked",
    }  # fmt: skip


def test_a_page_that_wants_all_memory_is_rejected(
    tmp_path: Path, crashing: None, parser: IsolatedParser
) -> None:
    (tmp_path / "a.txt").write_bytes(b"A hungry page.")
    (tmp_path / "b.txt").write_bytes(TEXT)
    assert outcomes(take(tmp_path, parser)) == {"a.txt": "crashed", "b.txt": "taken"}


@pytest.mark.runs
def test_an_archive_of_poison_ends_after_a_few(
    tmp_path: Path, crashing: None, parser: IsolatedParser
) -> None:
    members = ((f"{number:02}.txt", POISON + b"%d" % number) for number in range(40))
    (tmp_path / "a.tar").write_bytes(tarred(*members))
    (tmp_path / "b.txt").write_bytes(TEXT)
    found = outcomes(take(tmp_path, parser))
    assert found["a.tar"] == "too_slow"
    assert list(found.values()).count("crashed") == isolation.MAX_LOSSES + 1
    assert found["b.txt"] == "taken"


def test_a_process_that_is_killed_by_chance_costs_no_page(
    tmp_path: Path, parser: IsolatedParser
) -> None:
    (tmp_path / "a.zip").write_bytes(
        zipped({f"{number}.txt": b"Page %d." % number for number in range(9)})
    )
    listing = list_files(tmp_path, 0, datetime.now(UTC) + timedelta(days=1))
    small = Limits(2**23, 1, 99)
    rows = []
    for batch in read_batches(listing, Ledger(), small, ReadOptions(), parser):
        rows += batch.pages.to_pylist()
        if parser._process and len(rows) % 3 == 1:
            parser._process.kill()
    assert [row["outcome"] for row in rows] == ["taken"] * 9 + ["unpacked"]


@pytest.mark.runs
def test_archives_whose_members_are_all_slow_have_a_budget_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "MEMBER_S", 0.0)
    page = SLOW[:60_000] + b">Slow.</p></body></html>"
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"{number:03}.html", page + b"%d" % number)
    (tmp_path / "a.zip").write_bytes(held.getvalue())
    with IsolatedParser(LIMITS, TextOptions(), base_s=0.1) as parser:
        monkeypatch.setattr(isolation, "budget_s", lambda size: 0.0)
        found = outcomes(take(tmp_path, parser))
    assert found["a.zip"] == "too_slow"
    assert 0 < len(found) < 60


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text":' * 100_000 + b"1" + b"}" * 100_000,
        b"[" * 1_000_000,
        b"<html><body>" + b"<div>" * 100_000 + b"x",
        b"<html><body>" + b"<table><tr><td>" * 20_000 + b"x",
        b"word " * 1_500_000,
        json.dumps([[]] * 500_000).encode(),
    ],
)
def test_deep_and_long_inputs_end_with_a_row(
    tmp_path: Path, parser: IsolatedParser, raw: bytes
) -> None:
    (tmp_path / "a").write_bytes(raw)
    (tmp_path / "b.txt").write_bytes(TEXT)
    rows = take(tmp_path, parser)
    assert rows["a"]["outcome"] in ("taken", "rejected")
    assert rows["b.txt"]["outcome"] == "taken"


def test_the_process_ends_with_the_parser_and_starts_with_the_first_file(tmp_path: Path) -> None:
    with IsolatedParser(LIMITS, TextOptions()) as parser:
        take(tmp_path, parser)
        assert parser._process is None
        (tmp_path / "a.txt").write_bytes(TEXT)
        take(tmp_path, parser)
        process = parser._process
        assert process is not None
        assert process.poll() is None
    assert process.poll() is not None

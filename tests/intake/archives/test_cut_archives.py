"""Archives that are cut off, damaged or followed by junk give every record before that point."""

import bz2
import gzip
import io
import json
import lzma
import random
import string
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake.archives.test_unpack import outcomes, take, tarred, warc_record, zstd

PACKERS = [gzip.compress, bz2.compress, lzma.compress, zstd]


def words(number: int) -> str:
    """Return text that hardly compresses, so that cuts fall anywhere."""
    letters = random.Random(number).choices(string.ascii_lowercase + " ", k=2000)
    return f"Record {number}. " + "".join(letters)


def decoded_before_the_cut(pack: Callable, packed: bytes, whole: bytes) -> int:
    """Return how many bytes of `whole` its packed form gives when it is cut off."""
    if pack is gzip.compress:
        return len(zlib.decompressobj(31).decompress(packed))
    if pack is bz2.compress:
        return len(bz2.BZ2Decompressor().decompress(packed))
    return len(lzma.LZMADecompressor().decompress(packed))


@pytest.mark.parametrize("pack", PACKERS[:3])
def test_all_json_lines_before_the_cut_are_taken(tmp_path: Path, pack: Callable) -> None:
    lines = [json.dumps({"text": words(number)}).encode() for number in range(1000)]
    whole = b"\n".join(lines)
    packed = pack(whole)[: len(pack(whole)) * 2 // 3]
    (tmp_path / "a.x").write_bytes(packed)
    complete = whole[: decoded_before_the_cut(pack, packed, whole)].count(b"\n")
    rows, tally = take(tmp_path)
    assert complete > 100
    assert tally.taken == complete
    assert rows["a.x"]["reason"].startswith("cut_off:")


@pytest.mark.parametrize("pack", PACKERS)
def test_members_of_a_cut_tar_are_taken_but_not_the_torn_one(
    tmp_path: Path, pack: Callable
) -> None:
    packed = pack(tarred(*((f"{number}.txt", words(number).encode()) for number in range(900))))
    (tmp_path / "a.tar.x").write_bytes(packed[: len(packed) * 2 // 3])
    rows, tally = take(tmp_path)
    assert tally.taken > (300 if pack is not zstd else 200)
    assert all(row["text"] == words(int(name[8:-4])) for name, row in rows.items() if row["text"])
    assert rows["a.tar.x"]["reason"].startswith("cut_off:")


@pytest.mark.parametrize("cut", [1, 9, 200, 2500])
def test_records_of_a_cut_warc_are_taken_whatever_their_number(tmp_path: Path, cut: int) -> None:
    records = [warc_record(number, "conversion", words(number).encode()) for number in range(3)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(map(gzip.compress, records))[:-cut])
    rows, _ = take(tmp_path)
    taken = [name for name, row in rows.items() if row["outcome"] == "taken"]
    assert len(taken) == (3 if cut < 10 else 1 if cut == 2500 else 2)
    assert rows["a.warc.gz"]["reason"] == "cut_off:gzip"
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(records))[:-cut])
    assert len([row for row in take(tmp_path)[0].values() if row["outcome"] == "taken"]) > 0


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize(
    ("junk", "reason"),
    [(bytes(900), None), (b"junk", "broken"), (bytes(70_000) + b"junk", "broken")],
)
def test_what_follows_the_last_member_costs_no_record(
    tmp_path: Path, pack: Callable, junk: bytes, reason: str | None
) -> None:
    lines = b"".join(json.dumps({"text": words(number)}).encode() + b"\n" for number in range(9))
    (tmp_path / "a.jsonl.x").write_bytes(pack(lines) + pack(lines.replace(b"Re", b"re")) + junk)
    (tmp_path / "b.txt.x").write_bytes(pack(words(77).encode()) + junk)
    rows, tally = take(tmp_path)
    assert tally.taken == 19
    reasons = {name: row["reason"] for name, row in rows.items() if row["outcome"] == "unpacked"}
    assert {value and value.split(":")[0] for value in reasons.values()} == {reason}


@pytest.mark.parametrize("pack", PACKERS[:3])  # Arrow's zstd writes no checksum
def test_a_page_in_a_damaged_stream_is_rejected(tmp_path: Path, pack: Callable) -> None:
    packed = bytearray(pack(words(1).encode() * 20))
    for at in range(len(packed) // 2, len(packed) // 2 + 9):
        packed[at] ^= 0xFF
    (tmp_path / "a.txt.x").write_bytes(packed)
    rows, tally = take(tmp_path)
    assert (tally.taken, rows["a.txt.x"]["outcome"]) == (0, "rejected")


def test_a_torn_member_names_the_stream_that_was_cut(tmp_path: Path) -> None:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        info = tarfile.TarInfo("long.txt")
        info.size = 200_000
        archive.addfile(info, io.BytesIO(words(3).encode() * 99 + bytes(200_000)))
    packed = gzip.compress(held.getvalue())
    (tmp_path / "a.tgz").write_bytes(packed[: len(packed) // 2])
    assert set(outcomes(take(tmp_path)[0]).values()) == {"cut_off:gzip"}

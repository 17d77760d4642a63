import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.intake import batch_builder as batch_builder_module
from include.intake import take as take_module
from include.intake.archives.limits import Limits
from include.intake.batch_builder import Batch
from include.intake.inbox import read as read_module
from include.intake.inbox.files import Listing
from include.intake.inbox.listing import list_files
from include.intake.take import ROW_BYTES, read_batches
from include.model import FileTally
from include.schema.lake import BATCH_PAGES, schema_of
from tests.lake.ledgers import Ledger

LIMITS = Limits(10_000, 10**6, 8)
PAGE = "The harbour council voted on Tuesday.\n"


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def fill(inbox: Path, pages: dict[str, bytes]) -> Listing:
    for name, raw in pages.items():
        (inbox / name).write_bytes(raw)
    return list_files(inbox, 0, datetime.now(UTC) + timedelta(days=1))


def take(listing: Listing, ledger: Ledger = Ledger(), limits: Limits = LIMITS) -> list[Batch]:  # noqa: B008
    return list(read_batches(listing, ledger, limits))


def rows_of(batches: list[Batch]) -> dict[str, dict]:
    return {row["name"]: row for batch in batches for row in batch.pages.to_pylist()}


def balance(listing: Listing, batches: list[Batch]) -> FileTally:
    tally = sum((batch.tally for batch in batches), listing.tally)
    tally.check()
    return tally


def remember(listing: Listing, batches: list[Batch]) -> Ledger:
    rows, inbox = rows_of(batches).values(), str(listing.inbox)
    return Ledger(
        frozenset((inbox, row["name"], row["page_id"]) for row in rows),
        frozenset(row["page_id"] for row in rows if row["outcome"] == "taken"),
        {(inbox, row["name"]): row["page_id"] for row in rows},
    )


def test_a_taken_page_carries_its_bytes_and_its_text(tmp_path: Path) -> None:
    listing = fill(tmp_path, {"a.txt": b"\xef\xbb\xbf" + PAGE.encode()})
    (batch,) = take(listing)
    assert batch.pages.schema == schema_of(BATCH_PAGES)
    (row,) = batch.pages.to_pylist()
    assert row["page_id"] == sha(b"\xef\xbb\xbf" + PAGE.encode())
    assert (row["text"], row["encoding"], row["outcome"]) == (PAGE, "utf-8-sig", "taken")
    assert (row["inbox"], row["size_bytes"]) == (str(tmp_path), len(row["raw"]))
    assert row["modified_at"] == listing.files[0].modified_at


def test_a_second_run_skips_everything(tmp_path: Path) -> None:
    listing = fill(tmp_path, {"a.txt": PAGE.encode(), "b.txt": PAGE.encode(), "c.txt": b""})
    first = take(listing)
    second = take(listing, remember(listing, first))
    assert [batch.pages.num_rows for batch in second] == [0]
    assert balance(listing, second).skipped == 3


def test_the_same_bytes_under_another_name_are_redelivered_without_bytes(tmp_path: Path) -> None:
    listing = fill(tmp_path, {"a.txt": PAGE.encode(), "b.txt": PAGE.encode()})
    batches = take(listing)
    row = rows_of(batches)["b.txt"]
    assert (row["outcome"], row["text"], row["raw"], row["reason"]) == ("redelivered",) + (
        None,
    ) * 3
    assert balance(listing, batches) == FileTally(2, taken=1, redelivered=1)


def test_a_page_of_an_earlier_run_is_redelivered_under_a_new_name(tmp_path: Path) -> None:
    listing = fill(tmp_path, {"new.txt": PAGE.encode()})
    batches = take(listing, Ledger(page_ids=frozenset({sha(PAGE.encode())})))
    assert rows_of(batches)["new.txt"]["outcome"] == "redelivered"


def test_new_content_under_a_known_name_is_taken(tmp_path: Path) -> None:
    first = fill(tmp_path, {"a.txt": PAGE.encode()})
    ledger = remember(first, take(first))
    changed = fill(tmp_path, {"a.txt": PAGE.upper().encode()})
    batches = take(changed, ledger)
    assert rows_of(batches)["a.txt"]["text"] == PAGE.upper()
    assert balance(changed, batches).taken == 1


def test_rejected_bytes_are_rejected_again_under_another_name(tmp_path: Path) -> None:
    raw = b"\x1f\x8b\x08 not a page"
    listing = fill(tmp_path, {"a.txt": raw, "b.txt": raw})
    rows = rows_of(take(listing))
    assert [rows[name]["reason"] for name in ("a.txt", "b.txt")] == ["broken:gzip"] * 2
    assert rows["b.txt"]["raw"] == raw


def test_a_file_too_large_is_hashed_but_not_kept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("include.intake.inbox.read.CHUNK_BYTES", 1000)
    raw = b"ferry " * 2000
    listing = fill(tmp_path, {"a.txt": raw})
    (row,) = rows_of(take(listing)).values()
    assert (row["outcome"], row["reason"], row["page_id"]) == ("rejected", "too_large", sha(raw))
    assert (row["raw"], row["text"], row["size_bytes"]) == (None, None, len(raw))


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"more")


def touch(path: Path) -> None:
    os.utime(path, (1, 1))


def replace_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def replace_by_link(path: Path) -> None:
    path.rename(path.with_suffix(".old"))
    path.symlink_to(path.with_suffix(".old"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (grow, "changed"),
        (touch, "changed"),
        (lambda path: path.write_bytes(b""), "changed"),
        (Path.unlink, "vanished"),
        (replace_by_pipe, "changed"),
        (replace_by_link, "unreadable"),
    ],
)
@pytest.mark.parametrize("size", [30, 20_000])
@pytest.mark.parametrize("is_known", [False, True])
def test_a_file_that_changes_after_the_listing_waits(
    tmp_path: Path, change, reason: str, size: int, is_known: bool
) -> None:
    listing = fill(tmp_path, {"a.txt": b"x" * size, "b.txt": PAGE.encode()})
    ledger = Ledger(newest={(str(tmp_path), "a.txt"): "before"} if is_known else {})
    change(tmp_path / "a.txt")
    batches = take(listing, ledger)
    assert [(late.name, late.reason) for batch in batches for late in batch.late] == [
        ("a.txt", reason)
    ]
    assert balance(listing, batches) == FileTally(2, taken=1, waiting=1)


@pytest.mark.parametrize("size", [30, 20_000])
def test_a_file_rewritten_with_equal_size_while_it_is_read_waits(
    tmp_path: Path, monkeypatch, size: int
) -> None:
    monkeypatch.setattr("include.intake.inbox.read.CHUNK_BYTES", 1000)
    listing = fill(tmp_path, {"a.txt": b"x" * size, "b.txt": PAGE.encode()})
    hash_ = read_module._hash

    def hash_and_write(source, file, *most):
        reading = hash_(source, file, *most)
        if file.name == "a.txt":
            (tmp_path / "a.txt").write_bytes(b"y" * size)
            later = file.modified_ns + 1  # the smallest step a file system records
            os.utime(tmp_path / "a.txt", ns=(later, later))
        return reading

    monkeypatch.setattr(read_module, "_hash", hash_and_write)
    batches = take(listing)
    late = [(late.name, late.reason) for batch in batches for late in batch.late]
    assert late == [("a.txt", "changed")]
    assert balance(listing, batches) == FileTally(2, taken=1, waiting=1)


def test_an_empty_inbox_gives_one_empty_batch(tmp_path: Path) -> None:
    (batch,) = take(fill(tmp_path, {}))
    assert batch.pages.num_rows == 0
    assert batch.tally == FileTally()


def test_one_batch_is_read_at_a_time(tmp_path: Path, monkeypatch) -> None:
    listing = fill(tmp_path, {f"{no}.txt": f"page {no} ".encode() * 99 for no in range(9)})
    read: list[str] = []
    real = take_module.read_file
    monkeypatch.setattr(
        take_module, "read_file", lambda file, *most: (read.append(file.name), real(file, *most))[1]
    )
    batches = read_batches(listing, Ledger(), Limits(10_000, 2000, 99))
    next(batches)
    assert len(read) == 2


def test_a_batch_lies_in_frames_of_bounded_bytes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(batch_builder_module, "FRAME_BYTES", 3000)
    listing = fill(tmp_path, {f"{no}.txt": f"page {no} ".encode() * 99 for no in range(9)})
    (batch,) = take(listing)
    frames = [frame["name"].to_pylist() for frame in batch.pages.to_batches()]
    assert frames == [["0.txt", "1.txt"], ["2.txt", "3.txt"], ["4.txt", "5.txt"],
                      ["6.txt", "7.txt"], ["8.txt"]]  # fmt: skip


@given(
    sizes=st.lists(st.integers(0, 3000), max_size=25),
    known=st.sets(st.integers(0, 24)),
    batch_bytes=st.integers(1, 5000),
    max_batches=st.integers(1, 6),
)
@settings(deadline=None, max_examples=60)
def test_tallies_balance_and_batches_keep_their_bounds(
    sizes, known, batch_bytes, max_batches
) -> None:
    with TemporaryDirectory() as folder:
        inbox = Path(folder)
        pages = {f"{no:02}.txt": (b"%d word " % no * 500)[:size] for no, size in enumerate(sizes)}
        listing = fill(inbox, pages)
        deliveries = frozenset(
            (folder, name, sha(raw)) for name, raw in pages.items() if int(name[:2]) in known
        )
        ledger = Ledger(deliveries, newest={(folder, name): page for _, name, page in deliveries})
        limits = Limits(2500, batch_bytes, max_batches)
        batches = take(listing, ledger, limits)
    tally = balance(listing, batches)
    assert tally.skipped == len(deliveries)
    assert sum(batch.pages.num_rows > 0 for batch in batches) <= max_batches
    new_bytes = sum(
        ROW_BYTES + len(raw) for name, raw in pages.items() if int(name[:2]) not in known
    )
    target = max(batch_bytes, -(-new_bytes // max_batches))
    for batch in batches:
        weights = [ROW_BYTES + len(row["raw"] or b"") for row in batch.pages.to_pylist()]
        assert sum(weights[:-1]) < target

import asyncio
import importlib
import json
import os
import time
from pathlib import Path

import fsspec
import pytest

from include.model import RESPLIT, FileTally
from include.orchestration.inbox_deliveries import list_settled, read_record
from include.orchestration.inbox_trigger import (
    MAX_NAGS,
    Bell,
    InboxTrigger,
    has_been_listed,
)
from include.pipeline.receipt_types import InboxOutcome
from tests.listings import leave_receipt

A, B = ("a.txt", 1, 1), ("b.txt", 1, 1)
NAG_S = 30.0


def listen(trigger: InboxTrigger, seconds: float = 5.0) -> dict[str, object]:
    """Give the payload of the first ring."""

    async def first() -> dict[str, object]:
        async with asyncio.timeout(seconds):
            async for event in trigger.run():
                return event.payload
        raise AssertionError("the trigger ended")

    return asyncio.run(first())


def trigger_on(tmp_path: Path, **changed: float) -> InboxTrigger:
    (tmp_path / "in box").mkdir(exist_ok=True)
    times = {"settle_s": 0.0, "poll_s": 0.01, "nag_s": 60.0, **changed}
    return InboxTrigger(str(tmp_path / "in box"), str(tmp_path / "receipts"), **times)


def test_the_bell_rings_for_the_first_file_and_not_again_for_the_same() -> None:
    bell, rings = Bell().hear(frozenset([A]), 0.0, NAG_S)
    assert rings
    assert not bell.answered().hear(frozenset([A]), 1000.0, NAG_S)[1]


def test_an_empty_inbox_never_rings() -> None:
    bell, rings = Bell().hear(frozenset(), 0.0, NAG_S)
    assert (bell, rings) == (Bell(), False)


def test_a_file_that_comes_while_a_ring_is_unanswered_waits_for_the_run_to_come() -> None:
    bell, _ = Bell().hear(frozenset([A]), 0.0, NAG_S)
    bell, rings = bell.hear(frozenset([A, B]), 1.0, NAG_S)
    assert not rings
    assert bell.answered().hear(frozenset([A, B]), 2.0, NAG_S)[1]


def test_an_unanswered_ring_is_repeated_but_not_for_ever() -> None:
    bell, _ = Bell().hear(frozenset([A]), 0.0, NAG_S)
    rings = 0
    for now in range(1, 1000):
        bell, rang = bell.hear(frozenset([A]), float(now), NAG_S)
        rings += rang
    assert rings == MAX_NAGS


def test_a_new_file_ends_the_silence_after_the_last_nag() -> None:
    bell = Bell(frozenset([A]), rung_at=0.0, nags=MAX_NAGS)
    assert bell.hear(frozenset([A, B]), NAG_S, NAG_S)[1]


def test_a_file_that_left_rings_when_it_comes_back() -> None:
    bell, rings = Bell(frozenset([A])).hear(frozenset(), 0.0, NAG_S)
    assert not rings
    assert bell.hear(frozenset([A]), 1.0, NAG_S)[1]


def test_a_file_written_anew_rings() -> None:
    assert Bell(frozenset([A])).hear(frozenset([("a.txt", 2, 9)]), 0.0, NAG_S)[1]


def test_a_listing_that_began_before_the_ring_is_no_answer(tmp_path: Path) -> None:
    leave_receipt(tmp_path, "/inbox", at=100.0)
    assert has_been_listed(tmp_path, "/inbox", 100.0)
    assert not has_been_listed(tmp_path, "/inbox", 100.5)


def test_a_listing_of_another_inbox_is_no_answer(tmp_path: Path) -> None:
    leave_receipt(tmp_path, "/another", at=100.0)
    assert not has_been_listed(tmp_path, "/inbox", 1.0)


def test_without_receipts_nothing_is_answered(tmp_path: Path) -> None:
    assert not has_been_listed(tmp_path / "none", "/inbox", 1.0)


def test_the_trigger_rings_with_what_lies_there(tmp_path: Path) -> None:
    trigger = trigger_on(tmp_path)
    (Path(trigger.inbox) / "one.txt").write_text("12345")
    payload = listen(trigger)
    assert payload == {"inbox": trigger.inbox, "files": 1, "bytes": 5, "sample": ["one.txt"]}


def test_a_file_that_is_still_written_does_not_ring(tmp_path: Path) -> None:
    trigger = trigger_on(tmp_path, settle_s=3600.0)
    (Path(trigger.inbox) / "one.txt").write_text("half")
    with pytest.raises(TimeoutError):
        listen(trigger, seconds=0.2)
    hour_ago = time.time() - 4000
    os.utime(Path(trigger.inbox) / "one.txt", (hour_ago, hour_ago))
    assert listen(trigger)["files"] == 1


def test_the_trigger_rings_again_while_nobody_answers_and_stops_once_a_run_did(
    tmp_path: Path,
) -> None:
    trigger = trigger_on(tmp_path, nag_s=0.05)
    (Path(trigger.inbox) / "one.txt").write_text("x")

    rings = 0

    async def answer_the_second_ring() -> None:
        nonlocal rings
        async for _ in trigger.run():
            rings += 1
            if rings == 2:
                leave_receipt(Path(trigger.receipts), trigger.inbox, time.time())

    with pytest.raises(TimeoutError):  # six times the nagging interval
        asyncio.run(asyncio.wait_for(answer_the_second_ring(), timeout=0.3))
    assert rings == 2


def test_a_missing_inbox_is_waited_for(tmp_path: Path) -> None:
    assert list_settled(tmp_path / "none", 0.0) == frozenset()


def test_the_triggerer_can_make_the_trigger_anew(tmp_path: Path) -> None:
    path, arguments = trigger_on(tmp_path).serialize()
    module, _, name = path.rpartition(".")
    again = getattr(importlib.import_module(module), name)(**arguments)
    assert again.serialize() == (path, json.loads(json.dumps(arguments)))


def test_an_inbox_in_a_store_rings_too(tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    files.pipe_file("/rings/a.txt", b"words")
    trigger = InboxTrigger("memory://rings", str(tmp_path), 0.0, 0.01, 60.0)
    told = listen(trigger)
    files.rm_file("/rings/a.txt")
    assert (told["inbox"], told["sample"]) == ("memory://rings", ["a.txt"])


def test_a_store_that_cannot_be_reached_does_not_end_the_trigger() -> None:
    trigger = InboxTrigger("memory://nowhere", "", 0.0, 0.01, 60.0)
    seen = asyncio.run(trigger._read_inbox())
    assert seen.settled == frozenset()
    assert "memory://nowhere" in str(seen.problem)


def test_a_run_of_several_inboxes_answers_each_of_them(tmp_path: Path) -> None:
    inboxes = (InboxOutcome("a", "s3://a", FileTally()), InboxOutcome("b", "/b", FileTally()))
    leave_receipt(tmp_path, "s3://a, /b", 100.0, inboxes=inboxes)
    assert has_been_listed(tmp_path, "/b", 99.0)
    assert not has_been_listed(tmp_path, "/c", 99.0)


def test_a_run_on_pages_of_the_lake_answers_no_ring(tmp_path: Path) -> None:
    leave_receipt(tmp_path, "/a", 100.0, kind=RESPLIT)
    assert not has_been_listed(tmp_path, "/a", 99.0)


def test_a_receipt_of_another_version_answers_no_ring(tmp_path: Path) -> None:
    leave_receipt(tmp_path, "/a", 100.0).write_text('{"step": "intake", "inbox": "/a"}')
    assert not has_been_listed(tmp_path, "/a", 99.0)


def watch(trigger: InboxTrigger) -> None:
    """Let the trigger run until it has left its first record."""

    async def hear() -> None:
        async for _ in trigger.run():
            pass

    async def wait_for_record() -> None:
        task = asyncio.create_task(hear())
        async with asyncio.timeout(60):
            while read_record(Path(trigger.receipts), trigger.inbox) is None:
                await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(wait_for_record())


def test_the_trigger_of_a_store_records_what_no_run_has_taken(tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    files.pipe_file("/records/a.txt", b"words")
    trigger = InboxTrigger("memory://records", str(tmp_path / "receipts"), 0.0, 0.01, 60.0)
    began = time.time()
    watch(trigger)
    files.rm_file("/records/a.txt")
    record = read_record(tmp_path / "receipts", trigger.inbox)
    assert record is not None
    assert (record.inbox, record.pending, record.problem) == (trigger.inbox, ("a.txt",), None)
    assert began <= (record.pending_since or 0.0) <= record.looked_at < record.next_at


def test_the_trigger_of_a_store_that_cannot_be_listed_records_why(tmp_path: Path) -> None:
    trigger = InboxTrigger("memory://nowhere", str(tmp_path / "receipts"), 0.0, 0.01, 60.0)
    watch(trigger)
    record = read_record(tmp_path / "receipts", trigger.inbox)
    assert record is not None
    assert "memory://nowhere" in str(record.problem)


def test_what_a_run_has_listed_is_no_longer_pending() -> None:
    bell, _ = Bell().hear(frozenset([A]), 5.0, NAG_S)
    assert (bell.pending, bell.pending_since) == (frozenset([A]), 5.0)
    nagged, _ = bell.hear(frozenset([A]), 50.0, NAG_S)
    assert (nagged.pending, nagged.pending_since, nagged.rung_at) == (frozenset([A]), 5.0, 50.0)
    later, _ = nagged.answered().hear(frozenset([A, B]), 60.0, NAG_S)
    assert (later.pending, later.pending_since) == (frozenset([B]), 60.0)


def test_a_record_of_another_version_is_none(tmp_path: Path) -> None:
    (tmp_path / "inbox_records").mkdir()
    trigger = InboxTrigger("memory://nowhere", str(tmp_path / "receipts"), 0.0, 0.01, 60.0)
    watch(trigger)
    (path,) = (tmp_path / "inbox_records").iterdir()
    path.write_text('{"inbox": "memory://nowhere"}')
    assert read_record(tmp_path / "receipts", trigger.inbox) is None

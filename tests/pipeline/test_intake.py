"""What is taken from an inbox that changes meanwhile, and what an idle run leaves."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.config.inboxes import list_inboxes
from include.config.settings import ROOT, Settings
from include.errors import InboxesMissed, ReceiptMissing
from include.intake import take
from include.orchestration.inbox_trigger import has_been_listed
from include.pipeline import steps
from include.pipeline.intake import LATE_NAMED, check_missed, take_inboxes
from include.pipeline.receipt_types import BatchReceipt, IntakeReceipt, LateFiles
from include.pipeline.receipts import find_intake, read_receipt
from include.storage.frames import map_frame

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAGE = "The ferry left two hours late on Monday.\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    inbox = tmp_path / "inbox"
    return replace(Settings(), home=tmp_path / "home", inbox=inbox, settle_s=5.0)


def put(settings: Settings, name: str, text: str, age_s: float = 60) -> Path:
    path = settings.inbox / name
    path.write_text(text)
    os.utime(path, (NOW.timestamp() - age_s,) * 2)
    return path


def when_read(monkeypatch, name: str, change: Callable[[Path], None]) -> None:
    """Change a file just before it is read for the first time."""
    plain, waiting = take.read_file, [name]

    def read(file, *how):
        if file.name in waiting:
            waiting.remove(file.name)
            change(file.path)
        return plain(file, *how)

    monkeypatch.setattr(take, "read_file", read)


def intake(settings: Settings, later_s: float = 60) -> IntakeReceipt:
    path = take_inboxes(
        settings, "run", NOW, list_inboxes(settings), lambda: NOW + timedelta(seconds=later_s)
    )
    return read_receipt(path, IntakeReceipt)


def rows(receipt: IntakeReceipt) -> dict[str, tuple[str, int, str]]:
    taken = {}
    for batch in receipt.batches:
        for row in map_frame(read_receipt(batch, BatchReceipt).pages).to_pylist():
            taken[row["name"]] = (row["outcome"], row["size_bytes"], row["text"])
    return taken


def shrink(path: Path) -> None:
    path.write_text(PAGE[:10])
    os.utime(path, (NOW.timestamp(),) * 2)


def grow(path: Path) -> None:
    path.write_text(PAGE * 2)
    os.utime(path, (NOW.timestamp(),) * 2)


def test_a_file_that_shrank_is_tried_again_and_taken_as_it_is(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", shrink)
    receipt = intake(settings)
    assert rows(receipt) == {"a.txt": ("taken", 10, PAGE[:10])}
    assert receipt.tally.taken == 1
    assert receipt.late == LateFiles(0, ())


def test_a_file_that_was_missing_for_a_moment_is_taken(settings, monkeypatch) -> None:
    path = put(settings, "a.txt", PAGE)
    put(settings, "b.txt", PAGE.upper())
    away = path.with_suffix(".away")
    when_read(monkeypatch, "a.txt", lambda path: path.rename(away))
    when_read(monkeypatch, "b.txt", lambda _: away.rename(path))
    assert set(rows(intake(settings))) == {"a.txt", "b.txt"}


def test_a_file_that_is_gone_for_good_is_reported(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", Path.unlink)
    receipt = intake(settings)
    assert receipt.tally.waiting == 1
    assert receipt.late == LateFiles(1, (("a.txt", "vanished"),))


def shut(settings: Settings, monkeypatch, *names: str) -> None:
    """Refuse to list folders; tests may run as root, who may read everything."""
    scan = os.scandir

    def refuse(folder):
        if Path(folder).name in names:
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    for name in names:
        (settings.inbox / name).mkdir()
    monkeypatch.setattr(os, "scandir", refuse)


def test_what_the_listing_cannot_reach_is_named_and_all_else_is_taken(
    settings, monkeypatch
) -> None:
    put(settings, "a.txt", PAGE)
    put(settings, "b.txt", PAGE, age_s=1)
    shut(settings, monkeypatch, "locked")
    receipt = intake(settings)
    assert set(rows(receipt)) == {"a.txt"}
    assert receipt.tally.waiting == 2
    assert receipt.late == LateFiles(1, (("locked/", "unreadable"),))


def test_what_cannot_be_reached_is_named_before_what_only_waits(settings, monkeypatch) -> None:
    for number in range(LATE_NAMED):
        put(settings, f"{number:02}.txt", f"{PAGE}{number}\n")
    for number in range(LATE_NAMED):
        when_read(monkeypatch, f"{number:02}.txt", grow)
    shut(settings, monkeypatch, "locked")
    late = intake(settings).late
    assert late.files == LATE_NAMED + 1
    assert late.sample[0] == ("locked/", "unreadable")


def test_the_run_fails_for_what_cannot_be_reached_and_not_for_what_waits(
    settings, monkeypatch
) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", grow)
    path = take_inboxes(settings, "run", NOW, list_inboxes(settings), lambda: NOW)
    check_missed(path)
    shut(settings, monkeypatch, "locked")
    path = take_inboxes(settings, "run", NOW, list_inboxes(settings), lambda: NOW)
    with pytest.raises(InboxesMissed, match=r"locked/ \(unreadable\)") as caught:
        check_missed(path)
    assert "Let this user read them" in str(caught.value)


def test_a_file_that_grows_while_it_is_read_waits(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", grow)
    receipt = intake(settings)
    assert receipt.late == LateFiles(1, (("a.txt", "changed"),))
    assert rows(receipt) == {}


def test_a_file_that_shrank_just_now_waits(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", shrink)
    assert intake(settings, later_s=1).late.files == 1


def test_a_pipe_that_took_a_files_place_waits(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    when_read(monkeypatch, "a.txt", lambda path: (path.unlink(), os.mkfifo(path)))
    assert intake(settings).late.files == 1


def test_bytes_taken_before_the_second_try_are_not_taken_twice(settings, monkeypatch) -> None:
    put(settings, "a.txt", PAGE)
    put(settings, "b.txt", PAGE[:10])
    when_read(monkeypatch, "a.txt", shrink)
    receipt = intake(settings)
    assert {name: row[0] for name, row in rows(receipt).items()} == {
        "a.txt": "redelivered",
        "b.txt": "taken",
    }
    assert (receipt.tally.taken, receipt.tally.redelivered) == (1, 1)


def test_a_file_older_than_the_newest_known_one_is_taken(settings) -> None:
    put(settings, "new.txt", PAGE)
    receipt = intake(settings)
    assert set(rows(receipt)) == {"new.txt"}
    put(settings, "old.txt", PAGE.upper(), age_s=10**9)
    assert rows(intake(settings))["old.txt"][0] == "taken"


def test_idle_runs_share_one_receipt_which_answers_the_trigger(settings) -> None:
    for minute in range(3):
        steps.intake(settings, f"run {minute}", NOW + timedelta(minutes=minute))
    (path,) = (path for path in settings.receipts.rglob("*") if path.is_file())
    began = (NOW + timedelta(minutes=2)).timestamp()
    assert json.loads(path.read_text())["run_id"] == "run 2"
    assert has_been_listed(settings.receipts, str(settings.inbox), began)
    assert not has_been_listed(settings.receipts, str(settings.inbox), began + 1)
    assert not has_been_listed(settings.receipts, "/another", began)


def test_the_receipt_of_an_idle_run_can_be_read_until_the_next_one(settings) -> None:
    steps.intake(settings, "run 1", NOW)
    assert find_intake(settings.receipts, "run 1").tally.seen == 0
    steps.intake(settings, "run 2", NOW)
    with pytest.raises(ReceiptMissing, match="run 1"):
        find_intake(settings.receipts, "run 1")


SAMPLE = ROOT / "include" / "sample_inbox" / "05_aggregator.txt"


def land(settings: Settings, run_id: str, now: datetime) -> None:
    taken = steps.intake(settings, run_id, now)
    batches = read_receipt(taken, IntakeReceipt).batches
    if batches:
        judged = [steps.judge(steps.split(batch)) for batch in batches]
        steps.land(settings, steps.gate(settings, taken, judged), now)
    steps.publish(settings)


def everything(settings: Settings) -> dict[str, tuple[int, int]]:
    """Give each file of the home with its time and size."""
    facts = {path: path.stat() for path in settings.home.rglob("*") if path.is_file()}
    return {str(path): (fact.st_mtime_ns, fact.st_size) for path, fact in facts.items()}


def test_an_idle_run_writes_no_version_and_leaves_the_warehouse_untouched(settings) -> None:
    settings = replace(settings, settle_s=0.0)
    shutil.copy(SAMPLE, settings.inbox / "a.txt")
    land(settings, "run 1", NOW)
    before = everything(settings)

    land(settings, "run 2", NOW + timedelta(minutes=1))
    shutil.rmtree(settings.inbox)
    settings.inbox.mkdir()
    land(settings, "run 3", NOW + timedelta(minutes=2))

    after = everything(settings)
    moved = {path for path in after if after[path] != before.get(path)}
    lock = str(settings.home / ".warehouse.duckdb.lock")
    assert {path for path in moved if path != lock and "/receipts/idle-" not in path} == set()
    assert before.keys() <= after.keys()

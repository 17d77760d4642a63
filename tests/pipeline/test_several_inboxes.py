"""Several inboxes in one run: equal bytes are split once, and a failed inbox holds up no other."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.config.inboxes import Inbox
from include.config.settings import ROOT, Settings
from include.errors import InboxesMissed, InboxMissing, StoreSilent
from include.pipeline import steps
from include.pipeline.intake import check_missed, take_inboxes
from include.pipeline.receipt_types import BatchReceipt, IntakeReceipt, LandReceipt
from include.pipeline.receipts import read_receipt
from include.storage.frames import read_frame

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
SETTINGS = replace(Settings(), settle_s=0.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings(), home=tmp_path / "home")


def inbox_of(tmp_path: Path, name: str, **files: str) -> Inbox:
    folder = tmp_path / name
    folder.mkdir()
    for file, text in files.items():
        (folder / f"{file}.txt").write_text(text)
    return Inbox(name, folder, SETTINGS)


def rows_of(receipt: Path) -> list[tuple[str, str, str]]:
    taken = read_receipt(receipt, IntakeReceipt)
    return [
        (Path(row["inbox"]).name, row["name"], row["outcome"])
        for batch in taken.batches
        for frame in read_frame(read_receipt(batch, BatchReceipt).pages)
        for row in frame.to_pylist()
    ]


def test_the_same_bytes_in_two_inboxes_are_split_once(settings: Settings, tmp_path: Path) -> None:
    inboxes = [
        inbox_of(tmp_path, "first", a="Some words.\n"),
        inbox_of(tmp_path, "second", a="Some words.\n", b="Other words.\n"),
    ]
    receipt = take_inboxes(settings, "run", NOW, inboxes, lambda: NOW)
    assert rows_of(receipt) == [
        ("first", "a.txt", "taken"),
        ("second", "a.txt", "redelivered"),
        ("second", "b.txt", "taken"),
    ]
    assert read_receipt(receipt, IntakeReceipt).tally.seen == 3
    check_missed(receipt)


def test_each_inbox_has_its_own_limit(settings: Settings, tmp_path: Path) -> None:
    small = replace(
        inbox_of(tmp_path, "small", a="Some words.\n"), settings=replace(SETTINGS, max_page_bytes=3)
    )
    inboxes = [small, inbox_of(tmp_path, "large", b="Other words.\n")]
    outcomes = [
        outcome for *_, outcome in rows_of(take_inboxes(settings, "run", NOW, inboxes, lambda: NOW))
    ]
    assert outcomes == ["rejected", "taken"]


def test_a_missing_inbox_is_named_once_the_others_were_taken(
    settings: Settings, tmp_path: Path
) -> None:
    inboxes = [Inbox("gone", tmp_path / "gone", SETTINGS), inbox_of(tmp_path, "here", a="Words.\n")]
    receipt = take_inboxes(settings, "run", NOW, inboxes, lambda: NOW)
    assert rows_of(receipt) == [("here", "a.txt", "taken")]
    with pytest.raises(InboxesMissed, match="gone: InboxMissing"):
        check_missed(receipt)


def test_an_inbox_that_stops_answering_half_way_is_left_out_whole(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.intake import take

    def read(file, *how):
        if file.name == "z.txt":
            raise StoreSilent("store", "s3://bucket", "Try again later.")
        return reading(file, *how)

    reading = take.read_file
    monkeypatch.setattr(take, "read_file", read)
    inboxes = [
        inbox_of(tmp_path, "half", a="Some words.\n", z="More words.\n"),
        inbox_of(tmp_path, "whole", a="Some words.\n"),
    ]
    settings = replace(settings, batch_bytes=1)
    receipt = take_inboxes(settings, "run", NOW, inboxes, lambda: NOW)
    assert rows_of(receipt) == [("whole", "a.txt", "taken")]
    with pytest.raises(InboxesMissed, match="half: StoreSilent"):
        check_missed(receipt)


def test_a_run_without_any_inbox_fails_at_once(settings: Settings, tmp_path: Path) -> None:
    inboxes = [Inbox(name, tmp_path / name, SETTINGS) for name in ("gone", "lost")]
    with pytest.raises(InboxMissing, match="gone"):
        take_inboxes(settings, "run", NOW, inboxes, lambda: NOW)


def test_all_inboxes_together_give_at_most_the_batches_of_one_run(
    settings: Settings, tmp_path: Path
) -> None:
    names = ("one", "two", "three")
    inboxes = [inbox_of(tmp_path, n, a=f"{n} a\n", b=f"{n} b\n", c=f"{n} c\n") for n in names]
    receipt = steps.intake(replace(settings, batch_bytes=1, max_batches=3), "run", NOW, inboxes)
    assert len(read_receipt(receipt, IntakeReceipt).batches) == 3


def test_a_page_of_two_inboxes_lands_once_under_both_names(
    settings: Settings, tmp_path: Path
) -> None:
    sample = (ROOT / "include" / "sample_inbox" / "01_three_stories_joined.txt").read_text()
    inboxes = [inbox_of(tmp_path, name, page=sample) for name in ("first", "second")]
    inboxes = [replace(i, settings=replace(SETTINGS, max_page_bytes=10**6)) for i in inboxes]
    receipt = take_inboxes(settings, "run", NOW, inboxes, lambda: NOW)
    judged = [steps.judge(steps.split(b)) for b in read_receipt(receipt, IntakeReceipt).batches]
    landed = steps.land(settings, steps.gate(settings, receipt, judged), NOW)
    row = read_receipt(landed, LandReceipt).run
    assert (row["files_taken"], row["files_redelivered"], row["stories_landed"]) == (1, 1, 3)
    again = read_receipt(take_inboxes(settings, "again", NOW, inboxes, lambda: NOW), IntakeReceipt)
    assert again.tally.skipped == 2

import io
import shutil
import tarfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from include.config.settings import ROOT, Settings, read_settings
from include.pipeline import steps
from include.pipeline.receipts import read_receipt
from include.terminal.report import count_files, print_run
from include.text import sanitize

SAMPLES = ROOT / "include" / "sample_inbox"


def ingest(settings: Settings, run_id: str) -> str:
    """Do one run, and give what the report says of it."""
    now = datetime.now(UTC)
    intake = steps.intake(settings, run_id, now)
    batches = read_receipt(intake, "intake")["batches"]
    if batches:
        judged = [steps.judge(steps.split(batch)) for batch in batches]
        steps.land(settings, steps.gate(settings, intake, judged), now)
    steps.publish(settings)
    out = StringIO()
    print_run(settings, run_id, Console(file=out))
    return out.getvalue()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("a home")
    inbox = home / "inbox"
    inbox.mkdir()
    for name in ("05_aggregator.txt", "09_hostile.txt", "10_picture_named_txt.txt"):
        shutil.copy(SAMPLES / name, inbox)
    return read_settings({"COPYDESK_SETTLE_S": "0"}, home=home)


@pytest.fixture(scope="module")
def first(settings: Settings) -> str:
    return ingest(settings, "run 1")


def test_the_report_counts_files_stories_and_chrome(first: str) -> None:
    assert "3 files: 2 taken, 1 rejected" in first
    assert "landed, 0 quarantined" in first
    assert "non-blank characters set aside" in first


def test_the_report_lists_stories_and_what_was_rejected(first: str) -> None:
    assert "Man who sued the wind receives partial settlement" in first
    assert "Quillhaven Post" in first
    assert "10_picture_named_txt.txt" in first
    assert "binary" in first


def test_the_report_names_the_lake_the_warehouse_and_queries_to_try(
    first: str, settings: Settings
) -> None:
    assert str(settings.lake) in first
    assert str(settings.warehouse) in first
    assert first.count("-m include query") == 2
    assert f'--home "{settings.home}"' in first


def test_text_of_a_page_reaches_the_terminal_without_control_sequences(first: str) -> None:
    assert "\x1b" not in first
    assert sanitize("a\x1b[31m\u202eb\n") == "a\ufffd[31m\ufffdb "


def test_a_run_with_nothing_new_says_so(first: str, settings: Settings) -> None:
    again = ingest(settings, "run 2")
    assert "Nothing new landed. 3 files: 3 known already." in again
    assert "Stories landed" not in again


def test_outcomes_that_did_not_occur_are_left_out() -> None:
    none = dict.fromkeys(("seen", "taken", "rejected", "redelivered", "skipped"), 0)
    empty = {**none, "waiting": 0, "ignored": 0}
    assert count_files(empty) == "0 files: the inbox is empty"
    assert count_files({**empty, "seen": 2, "waiting": 2}) == "2 files: 2 waiting"


def test_an_archive_that_is_cut_off_is_named_whatever_else_landed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in ("05_aggregator.txt", "09_hostile.txt"):
            archive.add(SAMPLES / name, arcname=name)
    size = (SAMPLES / "05_aggregator.txt").stat().st_size
    second = 512 + (size + 511) // 512 * 512  # where the second member's header begins
    (inbox / "cut.tar").write_bytes(whole.getvalue()[: second + 100])
    settings = read_settings({"COPYDESK_SETTLE_S": "0"}, home=tmp_path / "home", inbox=inbox)
    said = " ".join(ingest(settings, "run 1").split())
    assert "Stories landed" in said
    assert "cut.tar unpacked cut_off:tar" in said


def test_an_unreadable_sidecar_is_reported(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.copy(SAMPLES / "05_aggregator.txt", inbox)
    (inbox / "05_aggregator.txt.meta.json").write_text("{not", encoding="utf-8")
    settings = read_settings({"COPYDESK_SETTLE_S": "0"}, home=tmp_path / "home", inbox=inbox)
    said = " ".join(ingest(settings, "run 1").split())
    assert "05_aggregator.txt landed sidecar_unreadable" in said

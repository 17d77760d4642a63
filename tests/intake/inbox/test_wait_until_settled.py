"""A run by hand waits for files that were just copied."""

import os
import time
from pathlib import Path

import pytest

from include.intake.inbox import listing
from include.intake.inbox.listing import wait_until_settled


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    naps: list[float] = []
    monkeypatch.setattr(listing.time, "sleep", naps.append)
    return naps


def test_no_wait_for_settled_files(tmp_path: Path, slept: list[float]) -> None:
    (tmp_path / "old.txt").write_text("old")
    os.utime(tmp_path / "old.txt", (time.time() - 60, time.time() - 60))
    wait_until_settled(tmp_path, settle_s=2)
    assert slept == []


def test_the_wait_for_a_growing_file_ends_after_two_settle_times(
    tmp_path: Path, slept: list[float]
) -> None:
    (tmp_path / "new.txt").write_text("new")
    wait_until_settled(tmp_path, settle_s=60)
    assert sum(slept) == pytest.approx(120)

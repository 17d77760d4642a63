"""The doctor says what of an inbox cannot be read, and what no run takes."""

import math
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from include.config.settings import Settings, read_settings
from include.orchestration.inbox_deliveries import Record, write_record
from include.standalone.findings import Finding
from include.standalone.inbox_checks import check_inboxes
from include.storage.locations import Store
from tests.listings import leave_receipt

STORE = "s3://agency/outgoing"
AIRFLOW_S = 3600.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    return replace(read_settings({}, home=tmp_path), settle_s=0.0)


@pytest.fixture
def remote(settings: Settings) -> Settings:
    return replace(settings, inbox=Store(STORE), settle_s=1.0)


def check(settings: Settings, **given) -> list[Finding]:
    return list(check_inboxes(settings, **{"is_watched": True, **given}))


def record(remote: Settings, age_s: float = 10.0, **seen) -> None:
    now = time.time()
    write_record(remote.receipts, Record(STORE, now - age_s, now - age_s + 60.0, **seen))


def pending(for_s: float) -> dict:
    since = time.time() - for_s
    return {"pending": ("a.txt", "b.txt"), "pending_since": since, "rung_at": since}


def check_store(remote: Settings, **given) -> list[Finding]:
    return check(remote, **{"watched_for_s": AIRFLOW_S, **given})


def test_an_inbox_that_is_watched_must_be_there(settings: Settings) -> None:
    (finding,) = check(settings)
    assert (finding.is_well, finding.state) == (True, f"{settings.inbox} is watched")
    settings.inbox.rmdir()
    (finding,) = check(settings)
    assert (finding.is_well, finding.state) == (False, f"{settings.inbox} is not a folder")


@pytest.mark.parametrize("is_watched", [True, False])
@pytest.mark.parametrize("name", ["a.txt", "sub/a.txt", "b.txt.meta.json"])
def test_a_file_that_cannot_be_read_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str, is_watched: bool
) -> None:
    path = settings.inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("words")
    (settings.inbox / "b.txt").write_text("words")
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda place, mode: str(place) != str(path) and real(place, mode)
    )
    finding = check(settings, is_watched=is_watched)[-1]
    assert not finding.is_well
    assert finding.state == f"1 name in {settings.inbox} cannot be read"
    assert finding.details == (f"{name} (unreadable)",)
    assert "Let this user read them" in finding.way_out


def test_a_folder_that_cannot_be_listed_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.inbox / "closed").mkdir()
    real = os.scandir

    def scandir(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    finding = check(settings)[-1]
    assert (finding.is_well, finding.details) == (False, ("closed/ (unreadable)",))


def test_many_names_are_counted_and_some_are_shown(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(9):
        (settings.inbox / f"{number}.txt").write_text("words")
    monkeypatch.setattr(os, "access", lambda *_: False)
    finding = check(settings)[-1]
    assert finding.state.startswith("9 names in ")
    assert len(finding.details) == 6
    assert finding.details[-1] == "… and 4 more"


def test_a_store_whose_files_are_taken_is_well(remote: Settings) -> None:
    record(remote)
    (finding,) = check_store(remote)
    assert (finding.is_well, finding.state) == (True, f"{STORE} is watched")


def test_files_of_a_store_that_no_run_takes_are_named(remote: Settings) -> None:
    record(remote, **pending(300.0))
    (finding,) = check_store(remote)
    assert not finding.is_well
    assert finding.state.startswith(f"no run has taken files of {STORE} for 300 s")
    assert finding.details == ("a.txt", "b.txt")
    assert "ingest_pages" in finding.way_out


def test_files_of_a_store_may_wait_for_a_while(remote: Settings) -> None:
    record(remote, **pending(60.0))
    assert all(finding.is_well for finding in check_store(remote))


def test_a_run_on_its_way_or_one_that_listed_the_store_is_an_answer(remote: Settings) -> None:
    record(remote, **pending(300.0))
    assert all(finding.is_well for finding in check_store(remote, newest_run=lambda: math.inf))
    leave_receipt(remote.receipts, STORE, time.time() - 200.0)
    assert all(finding.is_well for finding in check_store(remote))


def test_a_store_that_cannot_be_listed_is_sick_and_says_why(remote: Settings) -> None:
    record(remote, problem="StoreRefused: inbox: no such bucket")
    (finding,) = check_store(remote)
    assert (finding.is_well, finding.details) == (False, ("StoreRefused: inbox: no such bucket",))


def test_unreadable_names_of_a_store_are_given(remote: Settings) -> None:
    record(remote, unreached=(("x.txt", "unreadable"),))
    sick, well = check_store(remote)
    assert (sick.is_well, sick.details, well.is_well) == (False, ("x.txt (unreadable)",), True)


def test_a_trigger_that_looks_no_more_is_sick(remote: Settings) -> None:
    record(remote, age_s=500.0)
    (finding,) = check_store(remote)
    assert not finding.is_well
    assert "has not been listed for 500 s" in finding.state


def test_a_store_that_was_never_listed_is_sick_once_there_was_time(remote: Settings) -> None:
    assert check_store(remote, watched_for_s=10.0)[0].is_well
    assert not check_store(remote)[0].is_well
    record(remote, age_s=AIRFLOW_S + 60.0)
    assert "since Airflow started" in check_store(remote)[0].state

"""What holds of an inbox in every store but S3, which has more tests: the same laws for each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from include.config.inboxes import Inbox
from include.config.settings import Settings
from include.errors import StoreRefused, StoreSilent
from include.intake.inbox import read
from include.intake.inbox.files import VANISHED
from include.intake.inbox.listing import list_files
from include.intake.inbox.read import CHANGED, Late, Reading, read_file
from include.model import FileTally
from include.pipeline import steps
from include.pipeline.intake import take_inboxes
from include.pipeline.receipt_types import IntakeReceipt
from include.pipeline.receipts import read_receipt
from include.storage.locations import BUCKETS, Store
from include.warehouse.read import run_query
from tests.remote.stores import SAMPLE, Shop, later, open_store

pytestmark = pytest.mark.remote

NAME = "deep er/ü#1 100%.txt"
SETTINGS = replace(Settings(), settle_s=0.0)


def run_all(settings: Settings, run_id: str, shop: Shop, now: datetime) -> FileTally:
    inboxes = [Inbox("in", shop.place, SETTINGS, "wire")]
    receipt = steps.intake(settings, run_id, now, inboxes)
    judged = [steps.judge(steps.split(b)) for b in read_receipt(receipt, IntakeReceipt).batches]
    if judged:
        steps.land(settings, steps.gate(settings, receipt, judged), now)
    steps.publish(settings)
    return read_receipt(receipt, IntakeReceipt).tally


def everything_written(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


def test_pages_land_once_and_a_changed_one_is_a_revision(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(Settings(), home=tmp_path)
    for page in SAMPLE[:4]:
        shop.put(f"2026/{page.name}", page.read_bytes())
    first = run_all(settings, "first", shop, later())
    assert (first.seen, first.taken) == (4, 4)
    pages = run_query(settings.warehouse, "select * from pages")
    stories = run_query(settings.warehouse, "select story_id from stories")
    assert stories.num_rows > 4

    fetched = []

    def fetch_and_tell(found: Any, out: Any) -> None:
        fetched.append(found.key)
        read_fetch(found, out)

    read_fetch = read.fetch
    monkeypatch.setattr(read, "fetch", fetch_and_tell)
    again = run_all(settings, "again", shop, later(2))
    assert (again.seen, again.taken, again.skipped) == (4, 0, 4)
    assert len(fetched) == (0 if shop.place.protocol in BUCKETS else 4)
    assert run_query(settings.warehouse, "select * from pages").num_rows == pages.num_rows

    shop.put(f"2026/{SAMPLE[0].name}", SAMPLE[0].read_bytes() + b"\nOne more line of words.\n")
    third = run_all(settings, "third", shop, later(3))
    assert (third.taken, third.skipped) == (1, 3)
    asked = "select revises_page_id from pages"
    assert run_query(settings.warehouse, asked)["revises_page_id"].null_count == 3

    written = everything_written(tmp_path)
    assert shop.url.encode() in written
    assert not [secret for secret in shop.secrets if secret.encode() in written]


def test_an_object_that_changes_or_vanishes_after_the_listing_waits(shop: Shop) -> None:
    for name in ("changed", "kept", "vanished"):
        shop.put(f"deep er/{name}#1.txt", b"Words.\n")
    changed, kept, vanished = list_files(shop.place, 0.0, later()).files
    shop.put("deep er/changed#1.txt", b"Other words.\n")
    shop.delete("deep er/vanished#1.txt")
    assert read_file(changed, 100) == Late("deep er/changed#1.txt", CHANGED)
    assert read_file(vanished, 100) == Late("deep er/vanished#1.txt", VANISHED)
    found = read_file(kept, 100)
    assert isinstance(found, Reading)
    assert found.raw == b"Words.\n"


def test_names_are_those_the_writer_gave(shop: Shop) -> None:
    shop.put(NAME, b"Words.\n")
    (file,) = list_files(shop.place, 0.0, later()).files
    assert file.name == NAME
    assert file.size == 7
    assert abs((file.modified_at - datetime.now(UTC)).total_seconds()) < 3600
    found = read_file(file, 100)
    assert isinstance(found, Reading)
    assert found.raw == b"Words.\n"


def test_a_large_object_is_read_to_its_last_byte(shop: Shop) -> None:
    body = bytes(range(256)) * 50_000
    shop.put("large.bin", body)
    (file,) = list_files(shop.place, 0.0, later()).files
    found = read_file(file, len(body))
    assert isinstance(found, Reading)
    assert found.raw == body


def test_a_wrong_password_is_refused_and_shown_nowhere(shop: Shop, tmp_path: Path) -> None:
    shop.put("a.txt", b"Words.\n")
    settings = replace(Settings(), home=tmp_path)
    inboxes = [
        Inbox("shut", open_store(shop.url + "/shut", shop.wrong), SETTINGS, "wire"),
        Inbox("open", shop.place, SETTINGS, "wire"),
    ]
    taken = read_receipt(take_inboxes(settings, "run", later(), inboxes, later), IntakeReceipt)
    assert taken.tally.taken == 1
    (told,) = [inbox.problem for inbox in taken.inboxes if inbox.problem]
    assert told.startswith("StoreRefused")
    assert "It denied access" in told
    written = everything_written(tmp_path) + told.encode()
    assert not [secret for secret in shop.secrets if secret.encode() in written]


def test_what_is_not_there_is_refused(shop: Shop) -> None:
    with pytest.raises(StoreRefused, match="check the URL") as told:
        list_files(open_store(shop.absent, shop.connection), 0.0, later())
    assert told.value.value == shop.absent


def test_a_server_that_is_not_there_is_silent(shop: Shop) -> None:
    with pytest.raises(StoreSilent, match="Try again later") as told:
        list_files(open_store(*shop.deaf), 0.0, later())
    assert not [secret for secret in shop.secrets if secret in str(told.value)]


def test_gcs_uses_googles_environment_variables(
    gcs: Shop, gcs_server: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gcs.put("a.txt", b"Words.\n")
    server = f"http://127.0.0.1:{gcs_server['port']}"
    who = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    file = tmp_path / "credentials.json"
    file.write_text(json.dumps({**who, "token_uri": f"{server}/token"}))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    monkeypatch.setenv("CLOUD_STORAGE_EMULATOR_ENDPOINT", server)
    assert len(list_files(Store(gcs.url), 0.0, later()).files) == 1


def test_azure_without_a_connection_says_what_is_missing() -> None:
    with pytest.raises(StoreRefused, match="the account as login"):
        list_files(Store("abfs://desk/in"), 0.0, later())

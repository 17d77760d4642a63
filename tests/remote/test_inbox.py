"""An inbox in a real S3, at a terminal and step by step; the lake lies there too."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyarrow import fs

from include.config.inboxes import Inbox
from include.config.settings import Settings
from include.errors import StoreRefused, StoreSilent
from include.intake.inbox import read
from include.intake.inbox.files import VANISHED
from include.intake.inbox.listing import list_files
from include.intake.inbox.read import CHANGED, Late, Reading, read_file
from include.pipeline import steps
from include.pipeline.intake import take_inboxes
from include.pipeline.receipts import read_receipt
from include.storage.locations import Store
from tests.remote import stores
from tests.remote.stores import SAMPLE, later

pytestmark = pytest.mark.remote

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
SETTINGS = replace(Settings(), settle_s=0.0)


def options_of(s3) -> dict[str, str]:
    return {
        "aws_endpoint": s3.url,
        "aws_access_key_id": s3.key,
        "aws_secret_access_key": s3.secret,
        "aws_region": "us-east-1",
        "allow_http": "true",
    }


def ask(s3, home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    told = {"COPYDESK_LAKE": s3.at("lake"), **s3.environment, **environment}
    return stores.ask(home, *words, environment=told)


def ingest(s3, home: Path) -> dict[str, int]:
    done = ask(s3, home, "ingest", s3.at("in"), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def everything_written(s3, home: Path) -> bytes:
    parts = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    below = fs.FileSelector(f"{s3.folder}/lake", recursive=True)
    for entry in s3.files.get_file_info(below):
        if entry.is_file:
            parts.append(s3.files.open_input_file(entry.path).read())
    return b"".join(parts)


def test_at_a_terminal_pages_of_s3_land_in_s3_once(s3, tmp_path: Path) -> None:
    for page in SAMPLE:
        s3.put(f"in/{page.name}", page.read_bytes())
    first = ingest(s3, tmp_path)
    assert (first["files_taken"], first["files_rejected"], first["stories_landed"]) == (9, 1, 22)

    s3.put(f"in/{SAMPLE[0].name}", SAMPLE[0].read_bytes() + b"\nOne more line of words.\n")
    again = ingest(s3, tmp_path)
    assert (again["files_taken"], again["files_skipped"]) == (1, 9)

    asked = ask(s3, tmp_path, "query", "select count(*) n, any_value(inbox) inbox from pages")
    assert s3.at("in") in asked.stdout
    asked = ask(s3, tmp_path, "query", "--json", "select count(*) n from stories where body <> ''")
    assert json.loads(asked.stdout)["n"] == 22

    written = everything_written(s3, tmp_path)
    assert s3.at("in").encode() in written
    assert s3.secret.encode() not in written
    assert s3.key.encode() not in written


def test_wrong_credentials_are_one_clear_line(s3, tmp_path: Path) -> None:
    done = ask(s3, tmp_path, "ingest", s3.at("in"), AWS_SECRET_ACCESS_KEY="not-the-secret")
    assert done.returncode == 1
    told = done.stdout + done.stderr
    assert "(SignatureDoesNotMatch)" in " ".join(told.split())
    assert "credentials" in told
    assert "Traceback" not in told
    assert "not-the-secret" not in told


def test_an_object_that_changes_or_vanishes_after_the_listing_waits(s3) -> None:
    inbox = Store(s3.at("in"), options_of(s3))
    for name in ("changed", "kept", "vanished"):
        s3.put(f"in/deep er/{name}#1.txt", b"Words.\n")
    changed, kept, vanished = list_files(inbox, 0.0, later()).files
    s3.put("in/deep er/changed#1.txt", b"Other words.\n")
    s3.delete("in/deep er/vanished#1.txt")
    assert read_file(changed, 100) == Late("deep er/changed#1.txt", CHANGED)
    assert read_file(vanished, 100) == Late("deep er/vanished#1.txt", VANISHED)
    found = read_file(kept, 100)
    assert isinstance(found, Reading)
    assert found.raw == b"Words.\n"


def test_a_bucket_without_objects_is_empty_and_a_missing_one_is_refused(s3) -> None:
    assert not list_files(Store(s3.at("in"), options_of(s3)), 0.0, NOW).files
    with pytest.raises(StoreRefused, match="s3://no-such-bucket"):
        list_files(Store("s3://no-such-bucket/in", options_of(s3)), 0.0, NOW)


def test_a_server_that_is_not_there_is_silent(s3) -> None:
    options = {**options_of(s3), "aws_endpoint": "http://127.0.0.1:9"}
    with pytest.raises(StoreSilent, match="NETWORK_CONNECTION"):
        list_files(Store(s3.at("in"), options), 0.0, NOW)


def test_a_refused_inbox_leaves_the_others_their_turn_and_no_secret(s3, tmp_path: Path) -> None:
    s3.put("in/a.txt", b"Words.\n")
    bad = {**options_of(s3), "aws_secret_access_key": "not-the-secret"}
    settings = replace(Settings(), home=tmp_path)
    inboxes = [
        Inbox("shut", Store(s3.at("shut"), bad), SETTINGS, "wire"),
        Inbox("open", Store(s3.at("in"), options_of(s3)), SETTINGS, "wire"),
    ]
    receipt = take_inboxes(settings, "run", later(), inboxes, later)
    taken = read_receipt(receipt, "intake")
    assert taken["tally"]["taken"] == 1
    assert [told["name"] for told in taken["inboxes"] if "problem" in told] == ["shut"]
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not [word for word in (s3.secret, s3.key, "not-the-secret") if word.encode() in written]


def test_an_object_that_was_delivered_is_not_fetched_again(
    s3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for page in SAMPLE[:3]:
        s3.put(f"in/{page.name}", page.read_bytes())
    settings = replace(Settings(), home=tmp_path)
    inboxes = [Inbox("in", Store(s3.at("in"), options_of(s3)), SETTINGS, "wire")]
    receipt = steps.intake(settings, "first", later(), inboxes)
    judged = [steps.judge(steps.split(b)) for b in read_receipt(receipt, "intake")["batches"]]
    steps.land(settings, steps.gate(settings, receipt, judged), later())

    fetched = []
    monkeypatch.setattr(read, "fetch", lambda found, out: fetched.append(found.key))
    again = read_receipt(steps.intake(settings, "second", later(), inboxes), "intake")
    assert (again["tally"]["seen"], again["tally"]["skipped"]) == (3, 3)
    assert fetched == []

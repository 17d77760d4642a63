"""An inbox in a store (fsspec memory) follows the rules of a folder."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import fsspec
import pytest

from include.errors import StoreRefused, StoreSilent
from include.intake.inbox import remote
from include.intake.inbox.files import HIDDEN, IS_PARTIAL, UNSETTLED, VANISHED, ReadyFile
from include.intake.inbox.listing import list_files
from include.intake.inbox.read import CHANGED, Late, Reading, open_listed, read_file
from include.storage.locations import Store

LATER = timedelta(hours=1)


@pytest.fixture
def memory() -> Iterator[Any]:
    files = fsspec.filesystem("memory")
    files.pipe_file("/inbox/a.txt", b"words\n")
    yield files
    files.store.clear()


INBOX = Store("memory://inbox")


def now() -> datetime:
    return datetime.now(UTC)


def only_file() -> ReadyFile:
    (file,) = list_files(INBOX, 0.0, now() + LATER).files
    return file


def test_names_and_reasons_are_those_of_a_folder(memory) -> None:
    for name in ("b.TXT", "deep/er/c.txt", ".hidden.txt", ".git/d.txt", ".git/e.txt", "g.part"):
        memory.pipe_file(f"/inbox/{name}", b"x")
    memory.pipe_file("/inbox/back\\slash.txt", b"x")
    listing = list_files(INBOX, 0.0, now() + LATER)
    names = [file.name for file in listing.files]
    assert names == ["a.txt", "b.TXT", "back\\\\slash.txt", "deep/er/c.txt"]
    assert listing.ignored == ((".git/", HIDDEN), (".hidden.txt", HIDDEN), ("g.part", IS_PARTIAL))
    assert str(listing.inbox) == "memory://inbox"


def test_an_object_waits_until_it_has_settled(memory) -> None:
    assert list_files(INBOX, 60.0, now()).waiting == (("a.txt", UNSETTLED),)
    assert not list_files(INBOX, 60.0, now() + LATER).waiting


def test_an_object_is_read_whole_and_is_seekable(memory) -> None:
    page_id = hashlib.sha256(b"words\n").hexdigest()
    assert read_file(only_file(), 100) == Reading(page_id, b"words\n")
    with open_listed(only_file()) as source:
        assert source.read(2) == b"wo"
        source.seek(0)
        assert source.read() == b"words\n"


def test_an_object_too_large_is_hashed_and_not_kept(memory) -> None:
    found = read_file(only_file(), 3)
    assert isinstance(found, Reading)
    assert found.raw is None


def test_an_object_that_changed_since_it_was_listed_waits(memory) -> None:
    file = only_file()
    memory.pipe_file("/inbox/a.txt", b"other\n")
    assert read_file(file, 100) == Late("a.txt", CHANGED)


def test_an_object_that_changes_while_it_is_read_waits(
    memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = only_file()

    def fetch_and_change(found: remote.RemoteObject, out: Any) -> None:
        remote.fetch(found, out)
        memory.pipe_file("/inbox/a.txt", b"other\n")

    monkeypatch.setattr("include.intake.inbox.read.fetch", fetch_and_change)
    assert read_file(file, 100) == Late("a.txt", CHANGED)


def test_an_object_that_vanished_since_it_was_listed_waits(memory) -> None:
    file = only_file()
    memory.rm_file("/inbox/a.txt")
    assert read_file(file, 100) == Late("a.txt", VANISHED)


def test_a_missing_store_folder_is_refused(memory) -> None:
    with pytest.raises(StoreRefused, match="memory://nowhere"):
        list_files(Store("memory://nowhere"), 0.0, now())


def test_a_store_that_stops_responding_raises_store_silent(
    memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = only_file()

    def time_out(path: str, mode: str) -> None:
        raise TimeoutError

    monkeypatch.setattr(memory, "open", time_out)
    with pytest.raises(StoreSilent):
        read_file(file, 100)


@pytest.mark.parametrize(
    "attributes",
    [
        {"size": 3, "mtime": 1700000000.0},
        {"Size": 3, "LastModified": datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)},
        {"size": 3, "Last-Modified": "Tue, 14 Nov 2023 22:13:20 GMT"},
        {"size": 3, "updated": "2023-11-14T22:13:20Z"},
    ],
)
def test_object_attributes_are_read_under_every_library_s_names(attributes: dict[str, Any]) -> None:
    assert remote._facts_of(attributes) == remote.Facts(3, 1_700_000_000_000_000_000, None)

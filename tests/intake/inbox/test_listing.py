import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from include.errors import InboxMissing
from include.intake.inbox.files import EPOCH, date_ns
from include.intake.inbox.listing import escape_name, is_settled, list_files, unescape_name

LATER = datetime.now(UTC) + timedelta(days=1)
NOON_NS = 1_700_000_000 * 10**9
NOON = datetime.fromtimestamp(1_700_000_000, UTC)


def lay(inbox: Path, *names: str) -> None:
    for name in names:
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_text("words")


def test_files_of_all_folders_come_sorted_by_name(tmp_path: Path) -> None:
    lay(tmp_path, "b.txt", "z/a.txt", "a/c.txt", "a.txt")
    listing = list_files(tmp_path, 2, LATER)
    assert [file.name for file in listing.files] == ["a.txt", "a/c.txt", "b.txt", "z/a.txt"]
    assert {file.size for file in listing.files} == {5}


def test_upper_case_extensions_are_listed(tmp_path: Path) -> None:
    lay(tmp_path, "A.TXT", "b.Txt")
    assert [file.name for file in list_files(tmp_path, 2, LATER).files] == ["A.TXT", "b.Txt"]


def test_ignored_files_are_counted_with_their_reason(tmp_path: Path) -> None:
    lay(tmp_path, ".x.txt", ".git/a.txt", ".git/b.txt", "up.txt.part", "real.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    listing = list_files(tmp_path, 2, LATER)
    assert listing.ignored == (
        (".git/", "hidden"),
        (".x.txt", "hidden"),
        ("link.txt", "not_regular"),
        ("loop", "not_regular"),
        ("pipe.txt", "not_regular"),
        ("up.txt.part", "partial"),
    )
    assert (listing.tally.seen, listing.tally.ignored) == (7, 6)


def test_a_file_that_was_just_written_waits(tmp_path: Path) -> None:
    lay(tmp_path, "a.txt")
    listing = list_files(tmp_path, 5, datetime.now(UTC))
    assert listing.files == ()
    assert listing.waiting == (("a.txt", "unsettled"),)
    assert (listing.tally.seen, listing.tally.waiting) == (1, 1)


def test_a_modification_time_in_the_future_does_not_make_a_file_wait(tmp_path: Path) -> None:
    lay(tmp_path, "a.txt")
    os.utime(tmp_path / "a.txt", (4e9, 4e9))
    assert len(list_files(tmp_path, 2, LATER).files) == 1


@pytest.mark.parametrize(
    ("modified_s", "changed_s", "settled"),
    [
        (-3, -3, True),
        (-1, -1, False),
        (+1, -9, False),  # slightly in the future: it will settle soon
        (-9, -1, True),  # renamed into place a moment ago, complete
        (+99, -9, True),  # fast clock on the writer; no change on ours for long
        (+99, -1, False),
        (+99, +99, True),  # fast clock on the server too: reading compares with the listing
    ],
)
def test_a_file_is_settled_once_it_is_unmodified_for_the_settle_time(
    modified_s: int, changed_s: int, settled: bool
) -> None:
    stamps = (NOON_NS + modified_s * 10**9, NOON_NS + changed_s * 10**9)
    assert is_settled(*stamps, NOON, 2.0) is settled


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text("no folder")])
def test_a_missing_inbox_is_named_with_the_way_out(tmp_path: Path, make) -> None:
    make(tmp_path / "inbox")
    with pytest.raises(InboxMissing, match="COPYDESK_INBOX") as caught:
        list_files(tmp_path / "inbox", 2, LATER)
    assert caught.value.value == str(tmp_path / "inbox")


def test_an_unreadable_folder_is_listed_as_waiting(tmp_path: Path, monkeypatch) -> None:
    lay(tmp_path, "a.txt", "shut/b.txt")
    scan = os.scandir

    def refuse(folder):
        if str(folder).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = list_files(tmp_path, 2, LATER)
    assert listing.waiting == (("shut/", "unreadable"),)
    assert [file.name for file in listing.files] == ["a.txt"]


def test_a_path_longer_than_the_system_allows_waits_with_its_name(
    tmp_path: Path, monkeypatch
) -> None:
    inbox = tmp_path / "inbox"
    lay(inbox, "a.txt")
    monkeypatch.chdir(inbox)
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    listing = list_files(inbox, 2, LATER)
    ((name, reason),) = listing.waiting
    assert name.startswith("ddd")
    assert name.endswith("/")
    assert reason == "path_too_long"
    assert [file.name for file in listing.files] == ["a.txt"]


@pytest.mark.parametrize("look", ["is_dir", "is_file", "stat"])
def test_an_entry_that_cannot_be_looked_at_waits_with_its_name(
    tmp_path: Path, monkeypatch, look: str
) -> None:
    lay(tmp_path, "a.txt", "b.txt")
    scan = os.scandir

    class Entry:
        def __init__(self, entry: os.DirEntry) -> None:
            self.name, self.path, self._entry = entry.name, entry.path, entry

        def __getattr__(self, asked: str):
            if (asked, self.name) == (look, "b.txt"):
                return refuse
            return getattr(self._entry, asked)

    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    class Scan:
        def __init__(self, folder: str) -> None:
            with scan(folder) as entries:
                self._entries = [Entry(entry) for entry in entries]

        def __enter__(self):
            return self._entries

        def __exit__(self, *_) -> None: ...

    monkeypatch.setattr(os, "scandir", Scan)
    listing = list_files(tmp_path, 2, LATER)
    names = [file.name for file in listing.files]
    if look == "is_dir":  # only asked where the system does not say what an entry is
        assert names == ["a.txt", "b.txt"]
    else:
        assert names == ["a.txt"]
        assert listing.waiting == (("b.txt", "unreadable"),)


def test_a_non_utf8_name_survives_arrow_and_unescaping(tmp_path: Path) -> None:
    raw_name = b"caf\xe9.txt"
    (tmp_path / os.fsdecode(raw_name)).write_text("words")
    (file,) = list_files(tmp_path, 2, LATER).files
    assert pa.array([file.name]).to_pylist() == ["caf\\xe9.txt"]
    assert os.fsencode(unescape_name(file.name)) == raw_name
    assert file.path.read_text() == "words"


def test_no_two_names_are_escaped_alike() -> None:
    names = ["caf\udce9.txt", "caf\\xe9.txt", "caf\\\\xe9.txt", "café.txt", "a\\b"]
    assert len({escape_name(name) for name in names}) == len(names)
    assert [unescape_name(escape_name(name)) for name in names] == names


def test_times_outside_the_calendar_are_clamped() -> None:
    assert date_ns(0) == EPOCH
    assert date_ns(10**30).year == 9999
    assert date_ns(-(10**30)).year == 1

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from include.errors import DiskFull, LakeLocked, Permanent, StorageRefused, Transient
from include.pipeline.receipts import write_receipt
from include.storage.disk_errors import translate_disk_errors

PLACE = Path("/home/lake")


class Foreign(Exception):
    """Stands for an error of Delta's writer or DuckDB's, which is no OSError."""


def at_place():
    return translate_disk_errors("lake", PLACE)


FULL = (
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
    Foreign("Generic error: Unable to copy data to file: No space left on device (os error 28)"),
    Foreign("Unable to copy data to file: File too large (os error 27)"),
    Foreign('IO Error: Could not write file "/w.duckdb": No space left on device'),
)
REFUSED = (
    OSError(errno.EROFS, os.strerror(errno.EROFS)),
    PermissionError(errno.EACCES, os.strerror(errno.EACCES)),
    Foreign('Could not create it\nError: Os { code: 30, kind: ReadOnlyFilesystem, message: "x" }'),
    Foreign("Unable to open file: Permission denied (os error 13)"),
    Foreign('IO Error: Cannot open file "/w.duckdb": Permission denied'),
)


@pytest.mark.parametrize("error", FULL, ids=str)
def test_a_full_disk_is_told_by_its_name_and_may_pass(error):
    with (
        pytest.raises(DiskFull, match=r"lake: '/home/lake'\. .*no room.* Make room") as told,
        at_place(),
    ):
        raise error
    assert isinstance(told.value, Transient)
    assert told.value.__cause__ is error


@pytest.mark.parametrize("error", REFUSED, ids=str)
def test_a_permission_that_is_missing_needs_a_person(error):
    with (
        pytest.raises(
            StorageRefused, match=r"lake: '/home/lake'\. .*Give this user access"
        ) as told,
        at_place(),
    ):
        raise error
    assert isinstance(told.value, Permanent)


def test_the_file_that_the_system_names_is_the_one_told():
    with pytest.raises(StorageRefused, match=r"/home/lake/\.lock"), at_place():
        raise PermissionError(errno.EACCES, "Permission denied", "/home/lake/.lock")


@pytest.mark.parametrize(
    "error",
    [
        LakeLocked("lake", "x", "Permission denied"),
        FileNotFoundError(errno.ENOENT, "No such file"),
        Foreign("row 28 of a page that says: Permission denied, he said"),
        KeyboardInterrupt(),
    ],
    ids=repr,
)
def test_every_other_error_passes_as_it_is(error):
    with pytest.raises(type(error)) as told, at_place():
        raise error
    assert told.value is error


def test_a_receipt_that_finds_no_room_says_so(monkeypatch, tmp_path):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(DiskFull, match=r"r\.json"):
        write_receipt(tmp_path / "r.json", "intake", {})

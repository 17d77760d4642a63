"""
A disk that is full, a lake that is read-only, a permission that goes while a run is at work.

A full disk is a small file system of its own where one can be mounted, and everywhere a limit on
the size of files, which every writer meets with the same kind of error. Permissions bind these
runs, root's too: see `powers.obey_permissions`.
"""

from __future__ import annotations

import random
import re
import resource
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.driver import COMMITS, Place, ingest
from tests.faults.inbox import Inbox
from tests.faults.powers import can_mount, change_disk, limit_files, obey_permissions, small_disk
from tests.faults.remains import leftovers_of, orphans_of, tend
from tests.faults.test_killed_again_and_again import rows_of

pytestmark = pytest.mark.faults
TABLES = ("stories", "chrome", "quarantine")


@dataclass(frozen=True)
class Prepared:
    """A home in which a run has landed, its inbox that has changed since, and what it must give."""

    inbox: Path
    home: Path
    rows: dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("prepared")
    inbox = Inbox(folder / "inbox", random.Random(7))
    old = Place(inbox.folder, folder / "home", folder / "log.txt")
    inbox.fill()
    assert ingest(old)[0] == 0
    for _ in range(3):
        inbox.churn()
    inbox.settle()
    clean = Place(inbox.folder, folder / "clean", folder / "log.txt")
    assert ingest(clean)[0] == 0
    return Prepared(inbox.folder, old.home, {name: rows_of(clean.home, name) for name in TABLES})


@pytest.fixture
def place(prepared: Prepared, tmp_path: Path) -> Iterator[Place]:
    """Give a copy of the home."""
    place = Place(prepared.inbox, tmp_path / "disk" / "home", tmp_path / "log.txt")
    shutil.copytree(prepared.home, place.home)
    yield place
    place.home.chmod(0o755)
    unlock_lake(place)


def refused(told: tuple[int, str]) -> str:
    """Hold that a run failed with a clear error and no traceback; give what it said."""
    code, said = told
    assert code == 1, said
    assert "Traceback" not in said
    assert re.search(r"failed \S+", said), said
    return " ".join(said.split())


def assert_healed(place: Place, prepared: Prepared) -> None:
    """Hold that the next run does what one clean run would have done, and clears up."""
    code, said = ingest(place)
    assert code == 0, said
    assert {name: rows_of(place.home, name) for name in TABLES} == prepared.rows
    assert leftovers_of(place.home) == []
    tend(place.home)
    assert orphans_of(place.home / "lake") == []


def test_a_file_that_may_not_grow_is_told_as_a_full_disk(place, prepared):
    assert "Make room" in refused(ingest(place, before=limit_files))

    assert_healed(place, prepared)


@pytest.mark.parametrize("point", ["after intake", "after gate", "chrome", "pages", "after land"])
def test_a_disk_that_fills_up_on_the_way_is_told_and_healed(place, prepared, point):
    said = refused(ingest(place, point=point, at_point=limit_to_little))
    assert "Make room" in said

    assert_healed(place, prepared)


def limit_to_little(place: Place) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, resource.RLIM_INFINITY))


def test_a_small_disk_that_is_full_is_told_and_healed(prepared, tmp_path):
    """Where nothing can be mounted, the tests above are what holds."""
    place = Place(prepared.inbox, tmp_path / "disk" / "home", tmp_path / "log.txt")
    if not can_mount():
        assert "Make room" in refused(ingest(place, before=limit_files))
        return
    with small_disk(tmp_path / "disk", "300k"):
        assert "Make room" in refused(ingest(place))
        change_disk(tmp_path / "disk", "size=64m")
        assert_healed(place, prepared)


def test_a_read_only_file_system_is_told_and_healed(prepared, tmp_path):
    """Where nothing can be mounted, read-only folders stand for it."""
    place = Place(prepared.inbox, tmp_path / "disk" / "home", tmp_path / "log.txt")
    if not can_mount():
        (tmp_path / "disk").mkdir(mode=0o555)
        assert "Give this user access" in refused(ingest(place, before=obey_permissions))
        (tmp_path / "disk").chmod(0o755)
        return
    with small_disk(tmp_path / "disk", "64m"):
        shutil.copytree(prepared.home, place.home)
        change_disk(tmp_path / "disk", "ro")
        assert "Give this user access" in refused(ingest(place))
        change_disk(tmp_path / "disk", "rw")
        assert_healed(place, prepared)


def test_a_read_only_lake_is_told_and_healed(place, prepared):
    lock_lake(place)
    assert "Give this user access" in refused(ingest(place, before=obey_permissions))

    unlock_lake(place)
    assert_healed(place, prepared)


@pytest.mark.parametrize(
    "point", ["after intake", "after gate", *COMMITS[:4], "pages", "superseded stories"]
)
def test_a_permission_lost_on_the_way_is_told_and_healed(place, prepared, point):
    said = refused(ingest(place, point=point, at_point=lock_lake, before=obey_permissions))
    assert "Give this user access" in said

    unlock_lake(place)
    assert_healed(place, prepared)


def test_a_lake_that_may_not_be_read_is_not_taken_for_an_empty_one(place, prepared):
    before = (place.home / "warehouse.duckdb").read_bytes()
    (place.home / "lake").chmod(0)
    said = refused(ingest(place, before=obey_permissions))

    assert "Give this user access" in said
    assert (place.home / "warehouse.duckdb").read_bytes() == before
    unlock_lake(place)
    assert_healed(place, prepared)


def lock_lake(place: Place) -> None:
    """Let nobody write into the lake's folders any more."""
    lake = place.home / "lake"
    for folder in (lake, *(path for path in lake.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    (lake / ".lock").chmod(0o444)


def unlock_lake(place: Place) -> None:
    """Let this user write there again."""
    lake = place.home / "lake"
    lake.chmod(0o755)
    for folder in (path for path in lake.rglob("*") if path.is_dir()):
        folder.chmod(0o755)
    (lake / ".lock").chmod(0o644)

from __future__ import annotations

from pathlib import Path

import pytest
from deltalake import DeltaTable

from include.errors import LakeLocked
from include.lake.delta import versions
from include.lake.delta.versions import read_version
from include.lake.landing.recover import finished_runs
from include.model import TableVersion
from include.schema import lake as lake_schema
from tests.lake.builders import lake_of, land_files, rows_of, run_at

A = "S Old|The old body.\nAdvertisement\nQ Bad|No."
B = "S New|The new body."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "it's a lake"


def test_a_lake_that_is_not_there_has_every_table_at_minus_one(root):
    version = read_version(root)

    assert version.tables == {k.name: TableVersion(k.name, -1) for k in lake_schema.LAKE_TABLES}


def test_files_are_live_and_relative_to_the_root(root):
    land_files(root, run_at(0), {"a.txt": A})
    land_files(root, run_at(1), {"a.txt": B})
    version = read_version(root)

    (stories,) = version.tables["stories"].files
    assert (root / stories).stat().st_size == version.tables["stories"].size_bytes
    assert stories.startswith("stories/ingest_day=2026-11-21/")
    assert version.tables["chrome"].files == ()
    assert len(version.tables["pages"].files) == 2


def test_a_landing_between_two_readings_is_read_again(root, monkeypatch):
    land_files(root, run_at(0), {"a.txt": A})
    read_once = versions._version_of
    landed = []

    def land_meanwhile(at, kind):
        if kind is lake_schema.CHROME and not landed:
            monkeypatch.setattr(versions, "_version_of", read_once)
            landed.append(land_files(root, run_at(1), {"a.txt": B}))
        return read_once(at, kind)

    monkeypatch.setattr(versions, "_version_of", land_meanwhile)

    assert read_version(root) == landed[0].version


def test_a_lake_that_keeps_changing_is_reported_as_busy(root, monkeypatch):
    land_files(root, run_at(0), {"a.txt": A})
    monkeypatch.setattr(versions, "_number_of", lambda at, kind: 99)

    with pytest.raises(LakeLocked, match="try again"):
        read_version(root)


def test_a_compacted_lake_lands_and_revises_as_before(root):
    land_files(root, run_at(0), {"a.txt": A})
    land_files(root, run_at(1), {"a.txt": A, "b.txt": "S Kept|It stays."})
    before = lake_of(root)
    for kind in lake_schema.INGEST_TABLES:
        DeltaTable(str(root / kind.name)).optimize.compact()
    assert lake_of(root) == before
    assert finished_runs(root) == {"cli__000", "cli__001"}

    land_files(root, run_at(2), {"a.txt": B, "b.txt": "S Kept|It stays."})

    assert sorted(row["headline"] for row in rows_of(root, "stories")) == ["Kept", "New"]
    assert finished_runs(root) == {"cli__000", "cli__001", "cli__002"}

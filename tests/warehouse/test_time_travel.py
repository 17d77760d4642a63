"""The warehouse of the past: the same questions, by the same path, of what stood then."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from include.errors import QueryRefused
from include.lake.delta.time_travel import find_version
from include.model import Moment
from include.warehouse.read import run_query_at
from tests.lake.builders import land_files, run_at
from tests.warehouse.readers import MEMORY, ask, publish_lake

A = "S Ship sails|The ship left the port."
B = "S Ship sinks|The ship went down."
HEADLINES = "select headline from stories order by 1"


def headlines_of(moment: Moment) -> list[str]:
    found = run_query_at(moment.version, HEADLINES, None, MEMORY)
    return [str(headline) for headline in found["headline"].to_pylist()]


@pytest.fixture
def filled(root: Path) -> Path:
    land_files(root, run_at(0), {"a.txt": A})
    land_files(root, run_at(1), {"a.txt": B})
    return root


def test_each_version_shows_the_rows_of_its_time(filled: Path) -> None:
    assert headlines_of(find_version(filled, 1)) == ["Ship sails"]
    assert headlines_of(find_version(filled, 2)) == ["Ship sinks"]
    runs = run_query_at(find_version(filled, 1).version, "from meta.runs", None, MEMORY)
    assert runs["version"].to_pylist() == [1]


def test_a_query_of_a_past_version_leaves_no_file_and_keeps_the_published_one(
    filled: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_lake(filled, target)
    before = target.read_bytes()
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(aside))
    headlines_of(find_version(filled, 1))
    with pytest.raises(QueryRefused):
        run_query_at(find_version(filled, 1).version, "select nothing", None, MEMORY)
    assert [path.name for path in aside.iterdir() if path.name != "copydesk-spill"] == []
    assert target.read_bytes() == before


def test_runs_are_numbered_as_the_lake_counts_them(filled: Path, target: Path) -> None:
    publish_lake(filled, target)
    told = dict(ask(target, "select version, run_id from meta.runs"))
    assert told == {number: find_version(filled, number).run_id for number in (1, 2)}

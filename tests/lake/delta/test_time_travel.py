"""The lake as it stood: whatever a run left can be asked for while its files are kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.errors import NotFound, PastGone
from include.lake.delta.tables import open_table
from include.lake.delta.time_travel import EPOCH, MS, find_as_of, find_version
from include.lake.delta.versions import read_version
from include.lake.ledger.clock import start_after
from include.lake.maintenance.compact import compact_day, find_due
from include.lake.maintenance.vacuum import vacuum_table
from include.model import Run
from include.schema import lake as lake_schema
from include.schema.lake import INGEST_TABLES, RUNS
from tests.lake.builders import land_files, run_at

A = "S Ship sails|The ship left the port."
B = "S Ship sinks|The ship went down."
DAY = timedelta(days=1)


@pytest.fixture
def left(tmp_path: Path) -> list[str]:
    """Three runs, the second of which revises a page; what each left, by the key of the lake."""
    root = tmp_path / "lake"
    keys = []
    for minute, text in enumerate((A, B, B)):
        land_files(root, run_at(minute), {"a.txt": text, f"{minute}.txt": f"{A} No. {minute}"})
        keys.append(read_version(root).key())
    return keys


@pytest.fixture
def root(tmp_path: Path, left: list[str]) -> Path:
    return tmp_path / "lake"


def ended_at(root: Path) -> list[datetime]:
    """Give when each run had finished, by the lake's own log."""
    log = open_table(root, RUNS).history()
    return [EPOCH + c["timestamp"] * MS for c in reversed(log) if c.get("run_id")]


def remove_old_files(root: Path) -> None:
    night = run_at(0).started_at + DAY
    for due in find_due(root, night):
        compact_day(root, due, night)
    for kind in INGEST_TABLES:
        vacuum_table(root, kind, datetime.now(UTC) + DAY, ())


def test_a_version_is_the_lake_as_its_run_left_it(root: Path, left: list[str]) -> None:
    found = [find_version(root, number) for number in (1, 2, 3)]

    assert [moment.version.key() for moment in found] == left
    assert [moment.run_id for moment in found] == ["cli__000", "cli__001", "cli__002"]
    assert found[-1].version == read_version(root)


def set_log_back(root: Path, known: set[Path], by: timedelta) -> None:
    """Date all other commits earlier, as if the clock had been set back before them."""
    for path in set(root.glob("*/_delta_log/*.json")) - known:
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            if "commitInfo" in line:
                line["commitInfo"]["timestamp"] -= by // MS
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_version_stays_what_it_was_after_the_clock_was_set_back(tmp_path: Path) -> None:
    root, keys, run_ids = tmp_path / "lake", [], ["cli__noon", "cli__dawn", "cli__late"]
    for run_id, minute, text in zip(run_ids, (360, 0, 720), (A, B, A), strict=True):
        start = start_after(root, run_at(minute).started_at)
        now = run_at(minute).started_at + timedelta(minutes=5)
        known = set(root.glob("*/_delta_log/*.json"))
        land_files(root, Run(run_id, start), {"a.txt": text}, now=now)
        keys.append(read_version(root).key())
        if run_id == "cli__dawn":
            set_log_back(root, known, timedelta(hours=6))
        found = [find_version(root, number) for number in range(1, len(keys) + 1)]
        assert [moment.version.key() for moment in found] == keys
        assert [moment.run_id for moment in found] == run_ids[: len(keys)]
        ends = [moment.landed_at for moment in found]
        assert ends == sorted(set(ends))
        assert find_as_of(root, ends[0]).number == 1


@pytest.mark.parametrize("number", [-1, 0, 4, 10**30])
def test_a_version_no_run_has_left_is_not_found(root: Path, number: int) -> None:
    with pytest.raises(NotFound, match="1 to 3"):
        find_version(root, number)


def test_a_time_finds_what_stood_then(root: Path, left: list[str]) -> None:
    first, second, _ = ended_at(root)

    assert find_as_of(root, first).version.key() == left[0]
    assert find_as_of(root, second).version.key() == left[1]
    before_second = find_as_of(root, second - MS)
    assert (before_second.number, before_second.run_id) == (1, "cli__000")
    assert find_as_of(root, datetime.now(UTC) + DAY).version == read_version(root)


def test_in_the_middle_of_a_landing_every_table_is_of_that_instant(root: Path) -> None:
    commits = open_table(root, lake_schema.PAGES).history()
    at = EPOCH + commits[-2]["timestamp"] * MS  # the first run's; its row of `runs` came later
    with pytest.raises(NotFound, match="first run finished"):
        find_as_of(root, at)
    found = find_as_of(root, EPOCH + commits[-3]["timestamp"] * MS)
    assert found.number == 1
    assert found.version.tables["pages"].version == 2
    assert found.version.tables["runs"].version == 1


def test_before_the_first_run_nothing_stood(root: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="first run finished at"):
        find_as_of(root, ended_at(root)[0] - DAY)
    for ask in (lambda: find_as_of(tmp_path / "no", datetime.now(UTC)),
                lambda: find_version(tmp_path / "no", 1)):  # fmt: skip
        with pytest.raises(NotFound, match="ingest"):
            ask()


def test_what_tending_rewrites_is_still_found_until_it_is_removed(
    root: Path, left: list[str]
) -> None:
    night = run_at(0).started_at + DAY
    for due in find_due(root, night):
        compact_day(root, due, night)
    assert [find_version(root, number).version.key() for number in (1, 2, 3)] == left


def test_beyond_the_retention_the_setting_and_the_oldest_version_are_named(root: Path) -> None:
    remove_old_files(root)
    land_files(root, run_at(9), {"later.txt": f"{A} later"})
    with pytest.raises(PastGone, match=r"COPYDESK_RETENTION_DAYS.*is version 4, of 20"):
        find_version(root, 1)
    with pytest.raises(PastGone, match="version 4"):
        find_as_of(root, ended_at(root)[1])
    assert find_version(root, 4).version == read_version(root)


def test_the_error_says_when_no_older_version_is_available(root: Path) -> None:
    remove_old_files(root)
    with pytest.raises(PastGone, match="No older version"):
        find_version(root, 3)


@pytest.mark.parametrize("name", ["runs", "pages"])
def test_a_truncated_log_is_reported_as_gone(root: Path, left: list[str], name: str) -> None:
    kind = next(kind for kind in INGEST_TABLES if kind.name == name)
    _, second, _ = ended_at(root)
    open_table(root, kind).create_checkpoint()
    for number in range(3):  # as Delta does after 30 days; the third version is the checkpoint's
        (root / name / "_delta_log" / f"{number:020}.json").unlink()
    with pytest.raises(PastGone, match="is version 3"):
        find_version(root, 1)
    with pytest.raises(PastGone, match="is version 3"):
        find_as_of(root, second)
    assert find_version(root, 3).version.key() == left[2]

"""A damaged table is reported by one of our errors, wherever it is met and however it broke."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.config.settings import Settings
from include.errors import CopydeskError, LakeDamaged
from include.lake.delta.time_travel import find_version
from include.lake.reading.recall import Choice
from include.pipeline import maintenance, steps
from tests.lake.builders import land_files, run_at

PAGE = "S Ship {}|The ship left the port.\n\nS Rain|It rained all day."
NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)


def commits(table: Path) -> list[Path]:
    return sorted((table / "_delta_log").glob("*.json"))


def data_files(table: Path) -> list[Path]:
    return list(table.glob("**/part-*.parquet"))


def truncate(table: Path) -> None:
    newest = commits(table)[-1]
    newest.write_bytes(newest.read_bytes()[: newest.stat().st_size // 2])


def put_folder(table: Path) -> None:
    newest = commits(table)[-1]
    newest.unlink()
    newest.mkdir()


def put_checkpoint(table: Path) -> None:
    newest = commits(table)[-1].stem
    (table / "_delta_log" / f"{newest}.checkpoint.parquet").write_bytes(b"PAR1 no checkpoint")
    pointer = f'{{"version": {int(newest)}, "size": 3}}'
    (table / "_delta_log" / "_last_checkpoint").write_text(pointer, encoding="utf-8")


def put_file(table: Path) -> None:
    shutil.rmtree(table / "_delta_log")
    (table / "_delta_log").write_text("not a folder", encoding="utf-8")


def put_folders(table: Path) -> None:
    for file in data_files(table):
        file.unlink()
        file.mkdir()


def want_newer_reader(table: Path) -> None:
    first = commits(table)[0]
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace('"minReaderVersion":1', '"minReaderVersion":99'), "utf-8")


LOG: dict[str, Callable[[Path], object]] = {
    "a truncated commit": truncate,
    "garbage in a commit": lambda table: commits(table)[-1].write_bytes(b"\xff\x00garbage"),
    "wrong types in a commit": lambda table: commits(table)[-1].write_bytes(
        b'{"add": {"path": 5}}\n[]\n'
    ),
    "an empty first commit": lambda table: commits(table)[0].write_bytes(b""),
    "no first commit": lambda table: commits(table)[0].unlink(),
    "a gap between commits": lambda table: commits(table)[2].unlink(),
    "no commit at all": lambda table: [commit.unlink() for commit in commits(table)],
    "no log at all": lambda table: shutil.rmtree(table / "_delta_log"),
    "a folder in place of a commit": put_folder,
    "a file in place of the log": put_file,
    "a broken checkpoint": put_checkpoint,
    "a newer protocol": want_newer_reader,
}
FILES: dict[str, Callable[[Path], object]] = {
    "no data file": lambda table: [file.unlink() for file in data_files(table)],
    "garbage in data files": lambda table: [f.write_bytes(b"garbage") for f in data_files(table)],
    "empty data files": lambda table: [file.write_bytes(b"") for file in data_files(table)],
    "folders in place of data files": put_folders,
}
DOORS: dict[str, Callable[[Settings], object]] = {
    "intake": lambda s: steps.intake(s, "cli__x", NOW),
    "land": lambda s: land_files(s.lake, run_at(9), {"0.txt": PAGE.format(9)}),
    "publish": steps.publish,
    "recall": lambda s: steps.recall(s, "resplit__x", NOW, Choice(), "resplit"),
    "compact": lambda s: maintenance.compact(s, "tend__x", NOW),
    "gather": lambda s: maintenance.gather(s, "tend__x"),
    "vacuum": lambda s: maintenance.vacuum(s, "tend__x", NOW + timedelta(days=60)),
    "time travel": lambda s: find_version(s.lake, 2),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home: Path = tmp_path_factory.mktemp("whole")
    (home / "inbox").mkdir()
    for number in range(3):
        land_files(
            home / "lake", run_at(number), {f"{n}.txt": PAGE.format(n) for n in range(number + 1)}
        )
    return home


def try_doors(whole: Path, home: Path, table: str, damage: Callable[[Path], object]) -> set[str]:
    """Damage a copy of the lake for each door; return the doors that raised `LakeDamaged`."""
    errors = {}
    for name, enter in DOORS.items():
        shutil.copytree(whole, home)
        damage(home / "lake" / table)
        try:
            enter(Settings(home=home, inbox=home / "inbox", settle_s=0.0))
        except CopydeskError as error:
            errors[name] = error
        shutil.rmtree(home)
    damaged = {name: error for name, error in errors.items() if isinstance(error, LakeDamaged)}
    for error in damaged.values():
        assert str(pickle.loads(pickle.dumps(error))) == str(error)
        assert table in error.value or error.value == str(home / "lake")
        assert "backup" in error.way_out
    return set(damaged)


@pytest.mark.parametrize("damage", LOG)
def test_a_broken_log_of_pages_closes_every_door(whole: Path, tmp_path: Path, damage: str) -> None:
    assert try_doors(whole, tmp_path / "home", "pages", LOG[damage]) == set(DOORS)


def test_the_error_names_the_table(whole: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    truncate(home / "lake" / "pages")
    with pytest.raises(LakeDamaged, match=r"lake/pages'\. .*Json error.* backup"):
        steps.intake(Settings(home=home, inbox=home / "inbox", settle_s=0.0), "cli__x", NOW)


@pytest.mark.parametrize("damage", FILES)
@pytest.mark.parametrize("table", ["pages", "stories"])
def test_broken_files_raise_errors_of_ours_alone(
    whole: Path, tmp_path: Path, table: str, damage: str
) -> None:
    assert "publish" in try_doors(whole, tmp_path / "home", table, FILES[damage])


def test_an_empty_newest_commit_changes_nothing_and_the_next_run_heals_it(
    whole: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    commits(home / "lake" / "pages")[-1].write_bytes(b"")
    files = {f"{number}.txt": PAGE.format(number) for number in range(3)}
    landed = land_files(home / "lake", run_at(9), files)
    assert landed

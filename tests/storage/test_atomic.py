"""A file is written whole or not at all, and nothing is left beside it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from include.errors import StorageRefused
from include.storage.atomic import atomic_write

ROOT = Path(__file__).resolve().parents[2]


def write_half(path: Path, problem: type[BaseException]) -> None:
    path.write_text("half")
    raise problem


def test_a_file_is_seen_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"
    with atomic_write("state", path) as temporary:
        temporary.write_text("half")
        assert not path.exists()
        temporary.write_text("whole")

    assert path.read_text() == "whole"
    assert [file.name for file in path.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize("problem", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_a_write_that_fails_leaves_the_old_file_alone(
    tmp_path: Path, problem: type[BaseException]
) -> None:
    path = tmp_path / "state.json"
    path.write_text("old")
    with pytest.raises(problem), atomic_write("state", path) as temporary:
        write_half(temporary, problem)

    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


def test_a_write_that_fails_before_its_first_byte_reports_that_failure(tmp_path: Path) -> None:
    with pytest.raises(LookupError), atomic_write("state", tmp_path / "state.json"):
        raise LookupError

    assert list(tmp_path.iterdir()) == []


def test_a_target_that_cannot_be_replaced_leaves_no_temporary_file(tmp_path: Path) -> None:
    folder = tmp_path / "state.json"
    folder.mkdir()
    with pytest.raises(IsADirectoryError), atomic_write("state", folder) as temporary:
        temporary.write_text("new")

    assert list(tmp_path.iterdir()) == [folder]


def test_what_the_disk_refuses_is_translated(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="state"), atomic_write("state", tmp_path / "a"):
        raise PermissionError(13, "Permission denied", "a")


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_the_mode_is_what_the_umask_says(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "state.json"
    before = os.umask(umask)
    try:
        with atomic_write("state", path) as temporary:
            temporary.write_text("new")
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_killed_writer_leaves_the_old_file_and_a_name_with_its_pid(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text("old")
    writer = (
        "import os, signal, sys; from pathlib import Path\n"
        "from include.storage.atomic import atomic_write\n"
        "with atomic_write('state', Path(sys.argv[1])) as temporary:\n"
        "    temporary.write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", writer, str(path)], cwd=ROOT)
    process.wait(60)

    assert path.read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        f".state.json.{socket.gethostname()}.{process.pid}",
        "state.json",
    ]

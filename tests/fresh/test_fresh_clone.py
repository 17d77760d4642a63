"""
A stranger's first minutes: a fresh clone in a folder with a space, an empty home, the README's
commands. Needs what pip needs, and git; installs everything anew.
"""

import os
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from include.config.settings import PREFIX, ROOT
from tests import sample

pytestmark = pytest.mark.fresh

# What a stranger's shell does not have; what reaches a package index (PIP_…, certificates) stays.
OURS = (PREFIX, "AIRFLOW", "PYTHON", "VIRTUAL_ENV", "MAKE", "INBOX", "GIT_DIR", "GIT_WORK_TREE")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git clone, so there is nothing to clone from")
    folder = tmp_path_factory.mktemp("fresh") / "a fresh clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    (folder.parent / "home").mkdir()
    return folder


def make(clone: Path, *words: str, port: int = 8080) -> subprocess.CompletedProcess[str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    return subprocess.run(
        ["make", *words],
        env={**kept, "HOME": str(clone.parent / "home"), "COPYDESK_PORT": str(port)},
        cwd=clone,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_make_run_sets_up_and_shows_what_landed(clone: Path) -> None:
    ran = make(clone, "run")
    assert ran.returncode == 0, ran.stdout
    assert "Port Esker Retires Its Only Traffic Light" in ran.stdout
    assert f"{sample.LANDED} landed, {sample.QUARANTINED} quarantined" in ran.stdout
    assert f"{len(sample.EXPECTED) + sample.SIDECARS} files" in ran.stdout
    for what in ("rejected", "chrome", "lake", "warehouse", "try"):
        assert what in ran.stdout


def test_make_run_again_lands_nothing_new_and_says_so(clone: Path) -> None:
    again = make(clone, "run")
    assert again.returncode == 0, again.stdout
    files = sample.KNOWN + sample.SIDECARS
    assert f"Nothing new landed. {files} files: {sample.KNOWN} known" in again.stdout
    assert "Installing" not in again.stdout


def test_a_run_takes_a_folder_with_spaces_by_its_relative_path(clone: Path) -> None:
    inbox = clone.parent / "my pages"
    inbox.mkdir()
    page = (clone / "include" / "sample_inbox" / "02_same_story_again.txt").read_text()
    (inbox / "one.txt").write_text(page.replace("Lighthouse", "Harbour"))
    ran = make(clone, "run", "INBOX=../my pages")
    assert ran.returncode == 0, ran.stdout
    assert "1 file: 1 taken" in ran.stdout


def test_a_run_on_a_folder_that_is_not_there_says_so_at_once(clone: Path) -> None:
    ran = make(clone, "run", "INBOX=../no such folder")
    assert ran.returncode != 0
    assert "no such folder" in ran.stdout
    assert "starting Airflow" not in ran.stdout


def test_up_doctor_and_down_work_as_the_readme_says(clone: Path) -> None:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    try:
        up = make(clone, "up", port=port)
        assert up.returncode == 0, up.stdout
        assert f"http://localhost:{port}" in up.stdout
        assert make(clone, "doctor", port=port).returncode == 0
    finally:
        down = make(clone, "down", port=port)
    assert "nothing is left running" in down.stdout
    assert make(clone, "doctor", port=port).returncode != 0


def test_what_a_run_writes_is_not_the_repositorys(clone: Path) -> None:
    told = subprocess.run(
        ["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True
    )
    assert told.stdout == ""

"""What Copydesk writes is its owner's alone, unless the owner said otherwise."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from include.standalone import privacy
from include.standalone.privacy import make_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home as an earlier Copydesk made it."""
    home = tmp_path / "home"
    for name in ("airflow/passwords.json", "airflow/logs/a/b.log", "lake/x", "inbox/page.txt"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x")
        (home / name).chmod(0o644)
    (home / "airflow/logs").chmod(0o775)
    return home


def test_an_existing_tree_is_closed_to_others(home: Path) -> None:
    make_private(home, home / "airflow")
    for name in ("airflow", "airflow/logs", "airflow/logs/a", "lake"):
        assert mode(home / name) == 0o700, name
    for name in ("airflow/passwords.json", "airflow/logs/a/b.log", "lake/x"):
        assert mode(home / name) == 0o600, name
    assert make_private(home, home / "airflow") == 0


def test_what_is_made_from_then_on_is_closed(home: Path) -> None:
    make_private(home, home / "airflow")
    (home / "airflow/new").mkdir()
    (home / "airflow/new/file").write_text("x")
    assert mode(home / "airflow/new") == 0o700
    assert mode(home / "airflow/new/file") == 0o600


def test_the_inbox_and_the_way_to_it_stay_as_they_are(home: Path) -> None:
    before = mode(home)
    make_private(home, home / "airflow", [home / "inbox"])
    assert mode(home / "inbox/page.txt") == 0o644
    assert mode(home / "inbox") == 0o755
    assert mode(home) == before


def test_access_that_the_owner_granted_stays_but_to_airflows_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted = (home / "lake", home / "airflow/passwords.json")
    monkeypatch.setattr(
        os, "listxattr", lambda path, **_: [privacy.ACL] if path in granted else [], raising=False
    )
    make_private(home, home / "airflow")
    assert mode(home / "lake") == 0o755
    assert mode(home / "lake/x") == 0o600
    assert mode(home / "airflow/passwords.json") == 0o600


def test_a_link_leads_nowhere(home: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    (home / "airflow/link").symlink_to(outside)
    make_private(home, home / "airflow")
    assert mode(outside) == 0o644


def test_a_home_that_is_not_there_is_nothing_to_close(tmp_path: Path) -> None:
    assert make_private(tmp_path / "none", tmp_path / "none/airflow") == 0

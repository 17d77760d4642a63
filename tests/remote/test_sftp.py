"""SFTP: who the server is, who we are, and what a folder there may hold."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from include.errors import StoreRefused, StoreSilent
from include.intake.inbox import remote
from include.intake.inbox.files import NOT_REGULAR
from include.intake.inbox.listing import list_files
from include.intake.inbox.read import Reading, read_file
from include.storage.locations import Store
from tests.remote.stores import HERE, PASSWORD, USER, Shop, later, open_store, serve

pytestmark = pytest.mark.remote

LOGIN = {"login": USER, "password": PASSWORD}


def other_host_key(tmp_path: Path) -> str:
    path = tmp_path / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    return path.with_suffix(".pub").read_text().strip()


def set_ssh_up(home: Path, sftp: Shop, ssh_keys: Path) -> None:
    """Write what a person who uses `ssh` has in her home."""
    folder = home / ".ssh"
    folder.mkdir()
    port = sftp.url.split(":")[2].split("/")[0]
    host_key = sftp.connection["extra"]["host_key"]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {host_key}\n")
    (folder / "config").write_text(
        f"Host wire\n  HostName 127.0.0.1\n  Port {port}\n"
        f"  User {USER}\n  IdentityFile {ssh_keys}\n"
    )


def test_a_server_with_an_unknown_host_key_is_refused(
    sftp: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(StoreRefused, match="is unknown") as told:
        list_files(open_store(sftp.url, LOGIN), 0.0, later())
    assert "SHA256:" in str(told.value)
    assert PASSWORD not in str(told.value)


def test_a_server_with_a_changed_host_key_is_refused(sftp: Shop, tmp_path: Path) -> None:
    told = {**LOGIN, "extra": {"host_key": other_host_key(tmp_path)}}
    with pytest.raises(StoreRefused, match="somebody may be intercepting"):
        list_files(open_store(sftp.url, told), 0.0, later())


def test_host_keys_may_lie_in_a_file_and_the_key_of_ours_in_the_connection(
    sftp: Shop, tmp_path: Path, ssh_keys: Path
) -> None:
    sftp.put("a.txt", b"Words.\n")
    set_ssh_up(tmp_path, sftp, ssh_keys)
    known = str(tmp_path / ".ssh" / "known_hosts")
    for extra in ({"private_key": ssh_keys.read_text()}, {"key_file": str(ssh_keys)}):
        told = {"login": USER, "extra": {**extra, "known_hosts": known}}
        assert len(list_files(open_store(sftp.url, told), 0.0, later()).files) == 1


def test_a_host_key_may_be_written_without_its_kind(sftp: Shop) -> None:
    host_key = sftp.connection["extra"]["host_key"].split()[1]
    told = {**LOGIN, "extra": {"host_key": host_key}}
    assert not list_files(open_store(sftp.url, told), 0.0, later()).files


@pytest.mark.parametrize(
    ("extra", "named"),
    [({"no_host_key_check": "true"}, "no_host_key_check"), ({"host_key": "junk"}, "host_key"),
     ({"private_key": "junk"}, "private_key")],
)  # fmt: skip
def test_an_extra_that_is_not_known_or_no_key_is_named(
    sftp: Shop, extra: dict[str, str], named: str
) -> None:
    told = {**sftp.connection, "extra": {**sftp.connection["extra"], **extra}}
    with pytest.raises(StoreRefused, match=named) as refused:
        list_files(open_store(sftp.url, told), 0.0, later())
    assert "junk" not in str(refused.value)


def test_a_missing_key_file_is_an_error(sftp: Shop, tmp_path: Path) -> None:
    extra = {"host_key": sftp.connection["extra"]["host_key"], "key_file": str(tmp_path / "no")}
    with pytest.raises(StoreRefused, match="key_file"):
        list_files(open_store(sftp.url, {"login": USER, "extra": extra}), 0.0, later())


def test_without_a_connection_the_homes_ssh_files_are_used(
    sftp: Shop, tmp_path: Path, ssh_keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sftp.put("a.txt", b"Words.\n")
    set_ssh_up(tmp_path, sftp, ssh_keys)
    monkeypatch.setenv("HOME", str(tmp_path))
    place = Store(f"sftp://wire/{sftp.url.rpartition('/')[2]}")
    assert len(list_files(place, 0.0, later()).files) == 1


def test_links_and_pipes_are_ignored_and_a_name_of_any_bytes_is_read(sftp: Shop) -> None:
    sftp.put("a.txt", b"Words.\n")
    (sftp.folder / "link.txt").symlink_to("a.txt")
    os.mkfifo(sftp.folder / "pipe")
    Path(os.fsdecode(os.fsencode(sftp.folder) + b"/caf\xe9.txt")).write_bytes(b"More words.\n")
    listing = list_files(sftp.place, 0.0, later())
    assert listing.ignored == (("link.txt", NOT_REGULAR), ("pipe", NOT_REGULAR))
    assert [file.name for file in listing.files] == ["a.txt", r"caf\xe9.txt"]
    found = read_file(listing.files[1], 100)
    assert isinstance(found, Reading)
    assert found.raw == b"More words.\n"


def test_a_broken_connection_is_reopened(sftp: Shop) -> None:
    sftp.put("a.txt", b"Words.\n")
    (file,) = list_files(sftp.place, 0.0, later()).files
    remote._open(file.remote.store)._client.ssh.get_transport().close()
    assert isinstance(read_file(file, 100), Reading)


def test_a_server_that_stops_during_a_read_is_transient(
    sftp: Shop, desk: Path, ssh_keys: Path
) -> None:
    sftp.put("a.txt", b"Words.\n")
    keys = ssh_keys.with_suffix(".pub")
    with serve(HERE / "serve_sftp.py", desk, USER, PASSWORD, keys) as told:
        url = f"sftp://127.0.0.1:{told['port']}/{sftp.url.rpartition('/')[2]}"
        login = {**LOGIN, "extra": {"host_key": told["host_key"]}}
        (file,) = list_files(open_store(url, login), 0.0, later()).files
    with pytest.raises(StoreSilent):
        read_file(file, 100)

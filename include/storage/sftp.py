"""
A server's folders by SFTP: what an inbox asks of a store. Reads only.

Names are bytes to SFTP: one that is not UTF-8 is carried as `os.fsdecode` carries it.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import paramiko
from paramiko.sftp import CMD_CLOSE, CMD_NAME, CMD_OPENDIR, CMD_READDIR
from paramiko.sftp_attr import SFTPAttributes

from include.storage.ssh import check_options, connect

PATIENCE_S = 60.0  # for one answer; a server that stops to answer would hold us for ever
AHEAD = 64  # reads of 32 KiB under way at once: one at a time, distance sets the speed


class SftpFiles:
    """
    The folders of one server; connects when it is first asked, and anew when the line broke.

    Raises, from each method, beside what it names: StoreRefused: an unknown or wrong host key.
    PermissionError: it does not let us in. ConnectionError, TimeoutError: it does not answer.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        """Take the options of an Airflow connection; what they leave out, ~/.ssh/config says."""
        self._url, self._options = url, check_options(url, options)
        self._client: _Client | None = None

    def invalidate_cache(self) -> None:
        """Do nothing: no listing is kept."""

    def _strip_protocol(self, url: str) -> str:
        return "/" + url.partition("://")[2].partition("/")[2]

    def find(self, folder: str, detail: bool = True) -> dict[str, dict[str, Any]]:
        """
        Give all that lies below a folder and is none itself, by path; links are not followed.

        `type` tells a file from what is none (`other`) and a folder that is shut (`unreadable`).
        """
        found: dict[str, dict[str, Any]] = {}
        folders = [folder or "/"]
        with self._connected() as client:
            while folders:
                path = folders.pop()
                try:
                    entries = client.list(path)
                except (FileNotFoundError, PermissionError):
                    if path == (folder or "/"):
                        raise
                    found[path + "/"] = {"type": "unreadable"}
                    continue
                for name, told in entries:
                    key = f"{path.rstrip('/')}/{name}"
                    if stat.S_ISDIR(told.st_mode or 0):
                        folders.append(key)
                    else:
                        found[key] = _tell(told)
        return found

    def exists(self, folder: str) -> bool:
        """Say yes: `find` raises where a folder is missing."""
        return True

    def info(self, path: str) -> dict[str, Any]:
        """Give a file's facts; raises FileNotFoundError."""
        with self._connected() as client:
            return _tell(client.lstat(os.fsencode(path)))

    @contextmanager
    def open(self, path: str, mode: str = "rb") -> Iterator[io.BufferedIOBase | Any]:
        """Open a file for reading; raises FileNotFoundError."""
        with self._connected() as client, client.open(os.fsencode(path), mode) as source:
            source.prefetch(max_concurrent_requests=AHEAD)
            yield source

    @contextmanager
    def _connected(self) -> Iterator[_Client]:
        if self._client is not None and not self._client.is_alive():
            self._hang_up()
        try:
            if self._client is None:
                self._client = _Client.start(connect(self._url, self._options))
            yield self._client
        except (ConnectionError, TimeoutError):
            self._hang_up()
            raise
        except (paramiko.SSHException, EOFError) as exc:
            self._hang_up()
            raise ConnectionError(type(exc).__name__) from None
        except OSError as exc:
            if str(exc) == "Socket is closed":
                self._hang_up()
                raise ConnectionError("closed") from None
            raise

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.ssh.close()


class _Client(paramiko.SFTPClient):  # type: ignore[misc]
    """An SFTP client that can list names of any bytes."""

    ssh: paramiko.SSHClient

    @classmethod
    def start(cls, ssh: paramiko.SSHClient) -> _Client:
        """Open a client on a connection, which it holds: one that nobody holds is closed."""
        client: _Client = cls.from_transport(ssh.get_transport())
        client.ssh = ssh
        client.get_channel().settimeout(PATIENCE_S)
        return client

    def is_alive(self) -> bool:
        """Tell whether the line still stands, as far as we were told."""
        line = self.ssh.get_transport()
        return line is not None and line.is_active()

    def list(self, folder: str) -> list[tuple[str, SFTPAttributes]]:
        """Give what lies in a folder, with its name; raises FileNotFoundError, PermissionError."""
        found: list[tuple[str, SFTPAttributes]] = []
        _, answer = self._request(CMD_OPENDIR, os.fsencode(folder))
        handle = answer.get_string()
        try:
            while True:
                try:
                    kind, answer = self._request(CMD_READDIR, handle)
                except EOFError:
                    return found
                if kind != CMD_NAME:
                    raise paramiko.SSHException("no names")
                for _ in range(answer.get_int()):
                    name = os.fsdecode(answer.get_string())
                    answer.get_string()  # the same as `ls -l` shows it
                    told = SFTPAttributes._from_msg(answer, name)
                    if name not in (".", "..") and "/" not in name:
                        found.append((name, told))
        finally:
            self._request(CMD_CLOSE, handle)


def _tell(told: SFTPAttributes) -> dict[str, Any]:
    kind = "file" if stat.S_ISREG(told.st_mode or 0) else "other"
    return {"type": kind, "size": told.st_size, "mtime": told.st_mtime}

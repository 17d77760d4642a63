"""
Read the folders of an SFTP server, with the methods of fsspec that an inbox needs.

File names are bytes in SFTP: names that are not UTF-8 are decoded with `os.fsdecode`.
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

PATIENCE_S = (
    60.0  # for one answer; without it a server that stops answering would block us for ever
)
AHEAD = 64  # concurrent reads of 32 KiB; with one at a time, latency limits the speed


class SftpFiles:
    """
    The folders of one server; connects when first used, and reconnects after a lost connection.

    Every method may raise StoreRefused: the host key is unknown or wrong; PermissionError: access
    is denied; ConnectionError, TimeoutError: the server does not answer.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        """Check the options of an Airflow connection; ~/.ssh/config has defaults for them."""
        self._url, self._options = url, check_options(url, options)
        self._client: _Client | None = None

    def invalidate_cache(self) -> None:
        """Do nothing: listings are not cached."""

    def _strip_protocol(self, url: str) -> str:
        return "/" + url.partition("://")[2].partition("/")[2]

    def find(self, folder: str, detail: bool = True) -> dict[str, dict[str, Any]]:
        """
        List everything below a folder except folders, by path; links are not followed.

        `type` is `file`, `other` for links, pipes and the like, or `unreadable` for a folder to
        which access is denied.
        """
        files: dict[str, dict[str, Any]] = {}
        folders = [folder or "/"]
        with self._connected() as client:
            while folders:
                path = folders.pop()
                try:
                    entries = client.list(path)
                except (FileNotFoundError, PermissionError):
                    if path == (folder or "/"):
                        raise
                    files[path + "/"] = {"type": "unreadable"}
                    continue
                for name, attributes in entries:
                    key = f"{path.rstrip('/')}/{name}"
                    if stat.S_ISDIR(attributes.st_mode or 0):
                        folders.append(key)
                    else:
                        files[key] = _describe(attributes)
        return files

    def exists(self, folder: str) -> bool:
        """Return True: `find` raises if the folder does not exist."""
        return True

    def info(self, path: str) -> dict[str, Any]:
        """Return type, size and modification time of a file; raises FileNotFoundError."""
        with self._connected() as client:
            return _describe(client.lstat(os.fsencode(path)))

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
        """Open a client that refers to its connection, which would be closed otherwise."""
        client: _Client = cls.from_transport(ssh.get_transport())
        client.ssh = ssh
        client.get_channel().settimeout(PATIENCE_S)
        return client

    def is_alive(self) -> bool:
        """Say whether the connection is up, as far as is known here."""
        transport = self.ssh.get_transport()
        return transport is not None and transport.is_active()

    def list(self, folder: str) -> list[tuple[str, SFTPAttributes]]:
        """List a folder: names and attributes; raises FileNotFoundError, PermissionError."""
        entries: list[tuple[str, SFTPAttributes]] = []
        _, answer = self._request(CMD_OPENDIR, os.fsencode(folder))
        handle = answer.get_string()
        try:
            while True:
                try:
                    kind, answer = self._request(CMD_READDIR, handle)
                except EOFError:
                    return entries
                if kind != CMD_NAME:
                    raise paramiko.SSHException("no names")
                for _ in range(answer.get_int()):
                    name = os.fsdecode(answer.get_string())
                    answer.get_string()  # the line of `ls -l`, which is not used
                    attributes = SFTPAttributes._from_msg(answer, name)
                    if name not in (".", "..") and "/" not in name:
                        entries.append((name, attributes))
        finally:
            self._request(CMD_CLOSE, handle)


def _describe(attributes: SFTPAttributes) -> dict[str, Any]:
    kind = "file" if stat.S_ISREG(attributes.st_mode or 0) else "other"
    return {"type": kind, "size": attributes.st_size, "mtime": attributes.st_mtime}

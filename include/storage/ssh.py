"""
Connect to an SSH server: check its host key, and log in.

The host key must be known. There is no trust on first use, with which a machine in the middle could
serve its own pages and take the password.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import paramiko
from paramiko.hostkeys import HostKeyEntry, InvalidHostKey

from include.errors import StoreRefused

PORT = 22
CONNECT_S, LOGIN_S = 10.0, 60.0
KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "~/.ssh/known_hosts")
CONFIG = "~/.ssh/config"
OPTIONS = frozenset(
    {"username", "password", "port", "host_key", "known_hosts", "key_file", "private_key",
     "private_key_passphrase"}
)  # fmt: skip
UNREADABLE = (
    ValueError, InvalidHostKey, paramiko.UnknownKeyType, FileNotFoundError, PermissionError,
    IsADirectoryError,
)  # fmt: skip
KEYS = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)

logging.getLogger("paramiko").setLevel(
    logging.CRITICAL
)  # it logs what it also raises, with the stack


def check_options(url: str, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Return the options of a connection.

    Raises:
        StoreRefused: some are unknown; they are named without their values.
    """
    if unknown := sorted(set(options) - OPTIONS):
        way_out = (
            f"Remove {', '.join(unknown)} from its connection's extra; the options of an SSH "
            f"server are {', '.join(sorted(OPTIONS))}."
        )
        raise StoreRefused("store", url, way_out)
    return options


def connect(url: str, options: Mapping[str, Any]) -> paramiko.SSHClient:
    """
    Connect to the server of a URL and log in; the files of ~/.ssh have defaults for the options.

    Raises:
        StoreRefused: the host key is unknown or wrong, or a configured key is invalid.
        PermissionError: access is denied. ConnectionError: the server does not answer.
    """
    parts = urlsplit(url)
    config = _read_config(parts.hostname or "")
    host = config["hostname"]
    port = int(parts.port or options.get("port") or config.get("port") or PORT)
    is_given = any(options.get(name) for name in ("password", "key_file", "private_key"))
    ssh = paramiko.SSHClient()
    ssh.set_missing_host_key_policy(_Refusing())
    try:
        _learn_host_keys(ssh, host if port == PORT else f"[{host}]:{port}", options)
        ssh.connect(
            host,
            port,
            username=options.get("username") or config.get("user"),
            password=options.get("password"),
            pkey=_read_key(options),
            key_filename=options.get("key_file")
            or (None if is_given else config.get("identityfile")),
            passphrase=options.get("private_key_passphrase"),
            look_for_keys=not is_given,
            allow_agent=not is_given,
            timeout=CONNECT_S,
            banner_timeout=CONNECT_S,
            auth_timeout=LOGIN_S,
        )
    except Exception as exc:
        ssh.close()
        raise _explain(url, exc) from None
    return ssh


class _Unknown(Exception):
    """The host key of a server is not among the known ones."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(fingerprint)
        self.fingerprint = fingerprint


class _Refusing(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    def missing_host_key(self, client: object, hostname: str, key: paramiko.PKey) -> None:
        raise _Unknown(key.fingerprint)


def _learn_host_keys(ssh: paramiko.SSHClient, name: str, options: Mapping[str, Any]) -> None:
    """Load the host keys to accept: the connection's, or those of the known-hosts files."""
    if key := (options.get("host_key") or "").strip():
        kind_and_key = key if " " in key else f"{_read_key_type(key)} {key}"
        entry = HostKeyEntry.from_line(f"{name} {kind_and_key}")
        if entry is None or entry.key is None:
            raise ValueError("host_key")
        ssh.get_host_keys().add(name, entry.key.get_name(), entry.key)
        return
    files = (options["known_hosts"],) if options.get("known_hosts") else KNOWN_HOSTS
    for file in files:
        path = Path(file).expanduser()
        if path.exists():
            ssh.load_system_host_keys(str(path))


def _read_key_type(base64_key: str) -> str:
    """Return the type of a host key given without it, as Airflow's connections allow."""
    blob = base64.b64decode(base64_key)
    return blob[4 : 4 + int.from_bytes(blob[:4], "big")].decode("ascii")


def _read_key(options: Mapping[str, Any]) -> paramiko.PKey | None:
    """Read the private key that a connection has as text."""
    if not (text := options.get("private_key")):
        return None
    for kind in KEYS:
        try:
            return kind.from_private_key(io.StringIO(text), options.get("private_key_passphrase"))
        except (paramiko.SSHException, ValueError):
            continue
    raise ValueError("private_key")


def _read_config(host: str) -> Mapping[str, Any]:
    """Return the settings of a host in ~/.ssh/config: user, hostname, port, identityfile."""
    path = Path(CONFIG).expanduser()
    config = paramiko.SSHConfig.from_path(str(path)) if path.exists() else paramiko.SSHConfig()
    settings: Mapping[str, Any] = config.lookup(host)
    return settings


def _explain(url: str, problem: Exception) -> Exception:
    """Return our error for a failed connection, without any secret in its message."""
    if isinstance(problem, _Unknown):
        way_out = (
            f"Its host key {problem.fingerprint} is unknown. If its owner confirms that "
            "fingerprint, add the key to ~/.ssh/known_hosts, or as `host_key` to its connection's "
            "extra."
        )
        return StoreRefused("store", url, way_out)
    if isinstance(problem, paramiko.BadHostKeyException):
        way_out = (
            f"Its host key has changed to {problem.key.fingerprint}: somebody may be intercepting "
            "the connection. Ask its owner before you replace the known key."
        )
        return StoreRefused("store", url, way_out)
    if isinstance(problem, paramiko.AuthenticationException):
        return PermissionError("AUTHENTICATION_FAILED")
    if isinstance(problem, UNREADABLE):
        way_out = "Its connection's `host_key`, `private_key` or `key_file` is not a valid key."
        return StoreRefused("store", url, way_out)
    if isinstance(problem, (paramiko.SSHException, EOFError, OSError)):
        return ConnectionError(type(problem).__name__)
    return problem

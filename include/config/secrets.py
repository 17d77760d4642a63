"""
The secrets of a deployment: generate new ones, and refuse example values.

`python -m include.config.secrets` checks the environment; docker-compose.yaml starts no service
until it passes. `python -m include.config.secrets new .env` writes a .env with random secrets. Only
Python is needed: it runs before anything is installed.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = "change-me"  # how every secret in .env.example begins
URL_SAFE = re.compile(r"[A-Za-z0-9_-]+")
FERNET_BYTES = 32


@dataclass(frozen=True)
class Secret:
    """
    One secret: what it guards, its minimum length, and how to make a new one.

    is_in_url: the value becomes part of a connection URL or a configuration line, unquoted.
    """

    name: str
    guards: str
    least_chars: int
    make: Callable[[], str]
    is_in_url: bool = False


def make_fernet_key() -> str:
    """Return a new Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(FERNET_BYTES)).decode()


# Tokens are signed with HS512, whose key should be as long as its digest: 64 bytes. If it is
# shorter, Airflow warns at every call.
SECRETS = (
    Secret("POSTGRES_PASSWORD", "the metadata database", 16, lambda: secrets.token_hex(24), True),
    Secret("REDIS_PASSWORD", "the task queue", 16, lambda: secrets.token_hex(24), True),
    Secret("FERNET_KEY", "connections stored in the database", 44, make_fernet_key),
    Secret("JWT_SECRET", "the tokens of tasks and API clients", 64, lambda: secrets.token_hex(48)),
    Secret("API_SECRET_KEY", "sessions and the log server", 32, lambda: secrets.token_hex(32)),
    Secret("ADMIN_PASSWORD", "the first login", 12, lambda: secrets.token_urlsafe(18)),
)


def find_weak_secrets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each secret that must not be used, without its value."""
    complaints = [fault for secret in SECRETS for fault in _find_faults(secret, environ)]
    values = [environ.get(secret.name, "") for secret in SECRETS]
    for secret, value in zip(SECRETS, values, strict=True):
        if value and not value.startswith(EXAMPLE) and values.count(value) > 1:
            complaints.append(
                f"{secret.name} has the same value as another secret; make them different."
            )
    return tuple(complaints)


def _find_faults(secret: Secret, environ: Mapping[str, str]) -> list[str]:
    value = environ.get(secret.name, "")
    what = f"{secret.name} ({secret.guards})"
    if not value:
        return [f"{what} is not set."]
    if value.startswith(EXAMPLE):
        return [f"{what} still has the value of .env.example."]
    if len(value) < secret.least_chars:
        return [f"{what} is shorter than {secret.least_chars} characters."]
    if secret.is_in_url and not URL_SAFE.fullmatch(value):
        return [f"{what} may contain only letters, digits, '-' and '_': it is part of a URL."]
    if secret.name == "FERNET_KEY" and not all(map(is_fernet_key, value.split(","))):
        return [f"{what} is not a Fernet key: {FERNET_BYTES} bytes in URL-safe base64."]
    return []


def is_fernet_key(value: str) -> bool:
    """Say whether a text is 32 bytes in URL-safe base64."""
    try:
        raw = base64.b64decode(value, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == FERNET_BYTES


def fill_example(example: str) -> str:
    """Return the text of .env.example with a new value for every secret."""
    for secret in SECRETS:
        line = re.compile(rf"^{secret.name}=.*$", re.MULTILINE)
        example = line.sub(f"{secret.name}={secret.make()}", example)
    return example


def write_env(target: Path) -> int:
    """Write a new .env that only its owner may read; never overwrite one. Return the exit code."""
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{target} already exists, and its secrets may be in use. Nothing was written.")
        return 1
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(fill_example((ROOT / ".env.example").read_text(encoding="utf-8")))
    print(f"{target} was written with new secrets. Keep a copy of it where you keep passwords.")
    return 0


def report_secrets(environ: Mapping[str, str]) -> int:
    """Print what is wrong with the secrets; return the exit code."""
    complaints = find_weak_secrets(environ)
    for complaint in complaints:
        print(f"REFUSED: {complaint}")
    if complaints:
        print("Nothing was started. Correct .env; docs/deployment.md says how to make secrets.")
        return 1
    print(f"All {len(SECRETS)} secrets can be used.")
    return 0


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run the command; return the exit code: 0 valid or written, 1 refused, 2 wrong usage."""
    if not arguments:
        return report_secrets(environ)
    if len(arguments) == 2 and arguments[0] == "new":
        return write_env(Path(arguments[1]))
    print("usage: python -m include.config.secrets [new FILE]")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))

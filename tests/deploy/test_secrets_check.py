"""Secrets: made fresh, and refused when weak; never printed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from include.config.secrets import SECRETS, fill_example, find_weak_secrets, main, make_fernet_key

FIT = {secret.name: secret.make() for secret in SECRETS}


def test_new_secrets_are_fit() -> None:
    assert find_weak_secrets(FIT) == ()


@pytest.mark.parametrize("name", [secret.name for secret in SECRETS])
@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("", "is not set"),
        ("change-me-and-make-me-long-enough-to-pass-every-bound-on-length-there-is-now", "example"),
        ("xyz0", "is shorter than"),
    ],
)
def test_a_weak_secret_is_named_without_its_value(name, value, why) -> None:
    (complaint,) = find_weak_secrets({**FIT, name: value})
    assert complaint.startswith(f"{name} (")
    assert why in complaint
    assert not value or value not in complaint


@pytest.mark.parametrize("name", ["POSTGRES_PASSWORD", "REDIS_PASSWORD"])
@pytest.mark.parametrize("odd", ["@", "/", " ", "#", "%", "\n", "é"])
def test_a_password_that_would_break_a_url_is_refused(name, odd) -> None:
    (complaint,) = find_weak_secrets({**FIT, name: f"long-enough-by-far{odd}"})
    assert "part of a URL" in complaint


@pytest.mark.parametrize(
    "value",
    ["x" * 44, "é" * 44, FIT["FERNET_KEY"] + ",", "AAAA" + FIT["FERNET_KEY"]],
    ids=["no base64", "no ASCII", "a comma at its end", "too long"],
)
def test_a_key_that_fernet_would_refuse_is_refused(value) -> None:
    (complaint,) = find_weak_secrets({**FIT, "FERNET_KEY": value})
    assert "is not a Fernet key" in complaint


def test_a_new_key_before_the_old_one_is_fit() -> None:
    rotated = f"{make_fernet_key()},{FIT['FERNET_KEY']}"
    assert find_weak_secrets({**FIT, "FERNET_KEY": rotated}) == ()


def test_one_value_for_two_secrets_is_refused() -> None:
    shared = {**FIT, "REDIS_PASSWORD": FIT["POSTGRES_PASSWORD"]}
    assert len(find_weak_secrets(shared)) == 2


def test_a_filled_example_changes_the_secrets_alone(example_text) -> None:
    before, after = example_text.splitlines(), fill_example(example_text).splitlines()
    changed = {line.split("=")[0] for old, line in zip(before, after, strict=True) if old != line}
    assert changed == {secret.name for secret in SECRETS}


def test_a_new_env_file_is_valid_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    assert main(["new", str(target)], {}) == 0
    values = dict(
        line.split("=", 1) for line in target.read_text().splitlines() if line[:1].isupper()
    )
    assert find_weak_secrets(values) == ()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_an_env_that_is_there_is_never_overwritten(tmp_path: Path, capsys) -> None:
    target = tmp_path / ".env"
    target.write_text("KEEP=me\n")
    assert main(["new", str(target)], {}) == 1
    assert target.read_text() == "KEEP=me\n"
    assert "Nothing was written" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["new"], ["old", ".env"], ["new", "a", "b"]])
def test_wrong_usage_exits_with_2(arguments) -> None:
    assert main(arguments, {}) == 2


@pytest.mark.parametrize(("environ", "code"), [(FIT, 0), ({}, 1)])
def test_the_command_runs_on_python_alone(root, environ, code) -> None:
    command = [sys.executable, "-S", "-m", "include.config.secrets"]
    path = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        command, cwd=root, env={**path, **environ}, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert ("REFUSED" in done.stdout) == bool(code)
    assert not any(value in done.stdout for value in environ.values())

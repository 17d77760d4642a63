"""What the deployment's files say, parsed once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]

Compose = dict[str, Any]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def compose_text() -> str:
    return (ROOT / "docker-compose.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def compose(compose_text: str) -> Compose:
    return yaml.safe_load(compose_text)


@pytest.fixture(scope="session")
def services(compose: Compose) -> dict[str, Compose]:
    return compose["services"]


@pytest.fixture(scope="session")
def airflow_services(services: dict[str, Compose]) -> dict[str, Compose]:
    """The services that run Airflow itself."""
    return {
        name: service
        for name, service in services.items()
        if "AIRFLOW__CORE__EXECUTOR" in service.get("environment", {})
    }


@pytest.fixture(scope="session")
def references(compose_text: str) -> dict[str, set[str]]:
    """Every ${VARIABLE} of the compose file, with what follows its name: `:?…` or `:-…`.

    A variable without a value is passed on as it is, with nothing behind its name. The settings are
    left out.
    """
    found: dict[str, set[str]] = {}
    for name, rest in re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", compose_text):
        found.setdefault(name, set()).add(rest)
    for name in re.findall(r"^  ((?!COPYDESK_)[A-Z]\w+):$", compose_text, re.MULTILINE):
        found.setdefault(name, set()).add("")
    return found


@pytest.fixture(scope="session")
def example_text() -> str:
    return (ROOT / ".env.example").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def example(example_text: str) -> dict[str, str]:
    """Every variable of .env.example, also those commented out, with the value given there."""
    pairs = re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", example_text, re.MULTILINE)
    assert len(pairs) == len({name for name, _ in pairs}), "a variable stands twice"
    return dict(pairs)

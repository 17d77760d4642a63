"""docs/deployment.md speaks of services, variables and volumes that exist."""

from __future__ import annotations

import re

import pytest

from include.config.secrets import SECRETS

# They name files, which a container would have to hold first.
NOT_PASSED_ON = ("GOOGLE_APPLICATION_CREDENTIALS", "SSL_CERT_FILE")


@pytest.fixture(scope="module")
def page(root) -> str:
    return (root / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_every_command_names_a_service(page, services) -> None:
    calls = re.findall(r"docker compose (?:exec|run|stop|start)((?: -\S+| tar)*) (\S+)", page)
    copies = re.findall(r"docker compose cp \S+ ([\w-]+):", page)
    assert calls
    assert {service for _, service in calls} | set(copies) <= set(services)


def test_every_module_that_is_run_exists(page, root) -> None:
    for module in set(re.findall(r"python3? -m (include[\w.]*)", page)):
        path = root.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_every_secret_and_every_volume_is_explained(page, compose) -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert rows == {secret.name for secret in SECRETS} | set(compose["volumes"])


def test_every_variable_that_is_named_exists(page, example) -> None:
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)(?:=[^`]*)?`", page))
    assert named - {"EXTRA_CELERY_CONFIG", "FORWARDED_ALLOW_IPS", *NOT_PASSED_ON} <= set(example)
    told = "docker-compose passes none of these on"
    assert all(name in page.partition(told)[0] for name in NOT_PASSED_ON)

"""What the docs promise, docker-compose gives: service, variable, mount and package."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from include.config.settings import read_settings

# The files that a feature reads where it runs: settings that name them, and the service that reads.
READS = {
    "the Story Desk, its pages": ("api-server", "warehouse"),
    "the Story Desk, what waits for an answer": ("api-server", "receipts"),
    "the inbox trigger, its inbox": ("triggerer", "inbox"),
    "the inbox trigger, its answers": ("triggerer", "receipts"),
    "the list of inboxes, where DAGs are parsed": ("dag-processor", "inboxes"),
    "the list of inboxes, where tasks run": ("worker", "inboxes"),
    "the warehouse of `query`": ("worker", "warehouse"),
}
PACKAGES = {
    "AIRFLOW__METRICS__OTEL_ON": "opentelemetry-exporter-otlp-proto-http",
    "AIRFLOW__TRACES__OTEL_ON": "opentelemetry-exporter-otlp-proto-http",
    "AIRFLOW__OPENLINEAGE__TRANSPORT": "apache-airflow-providers-openlineage",
    "AIRFLOW__CELERY__BROKER_URL": "apache-airflow-providers-celery",
    "AIRFLOW__CORE__AUTH_MANAGER": "apache-airflow-providers-fab",
}
# of the commands on one machine; AIRFLOW__SECTION__KEY stands for any
ELSEWHERE = {"COPYDESK_PORT", "COPYDESK_WORKERS", "AIRFLOW__SECTION__KEY"}


@pytest.fixture(scope="module")
def documented(root: Path) -> set[str]:
    """Every variable of Airflow, OpenTelemetry, OpenLineage, stores and ours that a page names."""
    pages = [*(root / "docs").glob("*.md"), root / "README.md"]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    prefixes = "AIRFLOW__|OTEL_|OPENLINEAGE_|COPYDESK_|AWS_"
    return set(re.findall(rf"`((?:{prefixes})[A-Z0-9_]+)\b", text)) - ELSEWHERE


def test_every_documented_variable_reaches_every_service_of_airflow(
    documented, airflow_services
) -> None:
    assert {"AIRFLOW__METRICS__OTEL_ON", "OTEL_EXPORTER_OTLP_ENDPOINT"} <= documented
    for name, service in airflow_services.items():
        assert documented <= set(service["environment"]), name


@pytest.mark.parametrize("feature", READS)
def test_a_service_sees_the_files_that_its_feature_reads(feature, services) -> None:
    service, setting = READS[feature]
    environment = services[service]["environment"]
    fixed = {name: environment[name] for name in ("COPYDESK_HOME", "COPYDESK_INBOX")}
    path = str(getattr(read_settings(fixed | {"COPYDESK_INBOXES": "/data/in.yaml"}), setting))
    mounts = [volume.rsplit(":/", 1)[1].split(":")[0] for volume in services[service]["volumes"]]
    assert any(path.startswith(f"/{mount}/") for mount in mounts), path


@pytest.mark.parametrize("variable", PACKAGES)
def test_what_a_variable_switches_on_is_in_the_image(variable, services, root) -> None:
    lock = (root / "requirements-production.txt").read_text(encoding="utf-8")
    assert variable in services["worker"]["environment"]
    assert re.search(rf"^{PACKAGES[variable]}==", lock, re.MULTILINE)


def test_the_exporter_that_the_docs_name_exists(root) -> None:
    page = (root / "docs" / "deployment.md").read_text(encoding="utf-8")
    (exporter,) = set(re.findall(r"`OTEL_TRACES_EXPORTER` *\| *`(\w+)`", page))
    assert exporter == "otlp_proto_http"
    assert find_spec("opentelemetry.exporter.otlp.proto.http")


def test_a_feature_that_is_off_by_default_has_no_value(services) -> None:
    environment = services["worker"]["environment"]
    named = [name for name in environment if name.startswith(("OTEL_", "AIRFLOW__OPENLINEAGE"))]
    assert named
    assert all(environment[name] is None for name in named)

"""The files for Kubernetes agree with docker-compose.yaml, with the locks and with the code."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.config.settings import Settings, variable_of

SETTINGS = {variable_of(field) for field in fields(Settings)}


@pytest.fixture(scope="module")
def values(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docs/kubernetes/airflow-values.yaml").read_text())


@pytest.fixture(scope="module")
def application(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docs/kubernetes/spark-resplit.yaml").read_text())


def test_the_chart_runs_the_airflow_that_is_locked(values, root: Path) -> None:
    assert f"apache-airflow=={values['airflowVersion']}" in (root / "requirements.txt").read_text()


def test_options_of_airflow_are_those_of_the_compose_file(values, airflow_services) -> None:
    given = airflow_services["worker"]["environment"]
    for section, options in values["config"].items():
        for name, value in options.items():
            there = given[f"AIRFLOW__{section.upper()}__{name.upper()}"]
            assert value == re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(there)), (section, name)


def test_every_setting_that_is_given_exists(values, application) -> None:
    spec = application["spec"]
    given = [*values["env"], *spec["driver"]["env"], *spec["executor"]["env"]]
    ours = {entry["name"] for entry in given if entry["name"].startswith("COPYDESK_")}
    assert ours
    assert ours <= SETTINGS


def test_init_does_what_the_compose_files_init_does(values, services) -> None:
    script = services["airflow-init"]["command"][-1]
    for line in values["migrateDatabaseJob"]["args"][-1].splitlines():
        assert line in script


def test_nothing_runs_as_root_or_may_become_it(values) -> None:
    contexts = values["securityContexts"]
    assert contexts["pod"]["runAsNonRoot"]
    assert contexts["containers"]["allowPrivilegeEscalation"] is False
    assert contexts["containers"]["capabilities"]["drop"] == ["ALL"]


def test_no_file_holds_a_secret(root: Path) -> None:
    for path in (root / "docs/kubernetes").glob("*.yaml"):
        assert not re.search(r"(?i)(password|secret|key): +[^\s#{~]*[0-9a-z]{16}", path.read_text())


def test_spark_runs_the_program_and_the_version_that_are_here(application, root: Path) -> None:
    spec = application["spec"]
    program = spec["mainApplicationFile"].removeprefix("local:///opt/copydesk/")
    assert (root / program).exists()
    assert f"pyspark=={spec['sparkVersion']} " in (root / "requirements-spark.txt").read_text()
    assert spec["arguments"][0] == "resplit"


def test_driver_and_executors_see_the_same_home_and_lake(application) -> None:
    driver, executor = application["spec"]["driver"], application["spec"]["executor"]
    for key in ("env", "envFrom", "volumeMounts"):
        assert driver[key] == executor[key]


def test_the_dockerfile_passes_hadolint(root: Path) -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    found = str(hadolint) if hadolint.exists() else shutil.which("hadolint")
    if not found:
        pytest.skip("hadolint is not installed: requirements-dev.txt has it")
    done = subprocess.run([found, root / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout

"""docker-compose.yaml is valid, safe by default, and says what the code says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from include.config.secrets import SECRETS
from include.config.settings import PREFIX, Settings, variable_of
from include.standalone.prepare import POOL

ONE_SHOT = ("check-secrets", "airflow-init")
LONG_RUNNING = (
    "postgres", "redis", "api-server", "scheduler", "dag-processor", "triggerer", "worker",
    "janitor",
)  # fmt: skip
PROVIDER_SECTIONS = (
    "celery",
    "celery_broker_transport_options",
    "openlineage",
)  # not in Airflow's own list
COMMANDS_ONLY = {"workers", "port"}  # read by `python -m include` and `make up` alone
CELERY_COMMANDS = {"celery", "users"}  # of the Celery provider and of FAB


def test_the_file_meets_the_compose_specification(root: Path) -> None:
    command = [
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec",
        str(root / "docker-compose.yaml"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_part_of_the_production_shape_is_a_service(services) -> None:
    assert set(services) == {*ONE_SHOT, *LONG_RUNNING}


@pytest.mark.parametrize("name", [*ONE_SHOT, *LONG_RUNNING])
def test_a_service_is_no_root_and_cannot_become_it(services, name) -> None:
    service = services[name]
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", [*ONE_SHOT, *LONG_RUNNING])
def test_a_service_writes_to_its_volumes_only_and_has_limits(services, name) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    assert all("size=" in mount for mount in service["tmpfs"])
    assert any(mount.startswith("/tmp:") for mount in service["tmpfs"])


@pytest.mark.parametrize("name", [*ONE_SHOT, *LONG_RUNNING])
def test_a_service_cannot_fill_the_disk_with_its_log(services, name) -> None:
    assert {"max-size", "max-file"} <= set(services[name]["logging"]["options"])


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_what_runs_on_is_restarted_checked_and_given_time_to_stop(services, name) -> None:
    service = services[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"]
    assert "stop_grace_period" in service


@pytest.mark.parametrize("name", ONE_SHOT)
def test_what_runs_once_is_waited_for(services, name) -> None:
    assert services[name]["restart"] == "no"
    waits = [s["depends_on"][name] for s in services.values() if name in s.get("depends_on", {})]
    assert waits
    assert all(wait == {"condition": "service_completed_successfully"} for wait in waits)


def test_a_service_waits_for_a_health_check_that_exists(services) -> None:
    for service in services.values():
        for name, wait in service.get("depends_on", {}).items():
            if wait["condition"] == "service_healthy":
                assert "test" in services[name]["healthcheck"]


def test_nothing_starts_before_the_secrets_were_checked(services) -> None:
    def awaited(name: str) -> set[str]:
        direct = set(services[name].get("depends_on", {}))
        return direct.union(*(awaited(other) for other in direct))

    assert all("check-secrets" in awaited(name) for name in services if name != "check-secrets")


def test_the_check_sees_every_secret_and_no_secret_has_a_default(services, references) -> None:
    names = {secret.name for secret in SECRETS}
    assert set(services["check-secrets"]["environment"]) == names
    for name in names:
        assert all(rest.startswith(":?") for rest in references[name]), name


def test_the_check_is_the_tested_module(services) -> None:
    assert services["check-secrets"]["entrypoint"] == ["python", "-m", "include.config.secrets"]


def test_every_setting_of_a_service_is_passed_on_and_no_other(airflow_services) -> None:
    names = {variable_of(f) for f in fields(Settings) if f.name not in COMMANDS_ONLY}
    for service in airflow_services.values():
        assert {key for key in service["environment"] if key.startswith(PREFIX)} == names


def test_all_of_airflow_shares_one_environment(airflow_services, services) -> None:
    own = {"ADMIN_USER", "ADMIN_EMAIL", "ADMIN_PASSWORD", "DUMB_INIT_SETSID", "TMPDIR"}
    assert set(airflow_services) == set(services) - {"check-secrets", "postgres", "redis"}
    shared = [
        {key: value for key, value in service["environment"].items() if key not in own}
        for service in airflow_services.values()
    ]
    assert all(environment == shared[0] for environment in shared)


def test_airflow_knows_every_option_that_is_set(services) -> None:
    places = find_spec("airflow").submodule_search_locations
    options = yaml.safe_load((Path(places[0]) / "config_templates/config.yml").read_text())
    for variable in services["worker"]["environment"]:
        if variable.startswith("AIRFLOW__"):
            section, option = variable.removeprefix("AIRFLOW__").lower().split("__")
            known = section in PROVIDER_SECTIONS or option in options[section]["options"]
            assert known, variable


def test_airflow_knows_every_command_that_is_run(airflow_services, tmp_path: Path) -> None:
    script = (
        "import json; from airflow.cli.cli_config import core_commands; "
        "print(json.dumps([command.name for command in core_commands]))"
    )
    environ = {**os.environ, "AIRFLOW_HOME": str(tmp_path), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    known = set(json.loads(done.stdout.splitlines()[-1])) | CELERY_COMMANDS
    for name, service in airflow_services.items():
        words = service["command"]
        run = (
            re.findall(r"^airflow (\S+)", words[-1], re.MULTILINE)
            if words[0] == "bash"
            else [words[0]]
            if words[0] != "python"  # which the image's entrypoint runs as it is
            else []
        )
        assert run or words[0] == "python", name
        assert set(run) <= known, name


def test_tasks_find_the_api_server_at_the_port_that_is_checked_and_published(services) -> None:
    server = services["api-server"]
    url = urlsplit(server["environment"]["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"])
    checked = urlsplit(server["healthcheck"]["test"][-1])
    assert url.hostname == "api-server"
    assert server["ports"][0].endswith(f":{url.port}")
    assert (checked.port, checked.path) == (url.port, "/api/v2/version")
    assert server["command"] == ["api-server"]  # no --port: Airflow's own is 8080
    assert url.port == 8080


def test_only_this_machine_reaches_the_web_interface_by_default(services, references) -> None:
    assert references["API_BIND"] == {":-127.0.0.1"}
    assert [name for name, service in services.items() if "ports" in service] == ["api-server"]


def test_the_schedulers_health_is_served_where_it_is_asked_for(services) -> None:
    environment = services["scheduler"]["environment"]
    assert environment["AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK"] == "True"
    assert "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT" not in environment
    assert services["scheduler"]["healthcheck"]["test"][-1] == "http://localhost:8974/health"


def test_database_urls_name_their_driver_and_the_service(services) -> None:
    environment, store = services["worker"]["environment"], services["postgres"]["environment"]
    place = f"@postgres:5432/{store['POSTGRES_DB']}"
    for option, scheme in (
        ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql+psycopg2"),
        ("AIRFLOW__CELERY__RESULT_BACKEND", "db+postgresql+psycopg2"),
    ):
        assert environment[option].startswith(f"{scheme}://{store['POSTGRES_USER']}:")
        assert environment[option].endswith(place)
    assert environment["AIRFLOW__CELERY__BROKER_URL"].endswith("@redis:6379/0")


def test_the_databases_are_on_an_internal_network(compose, services) -> None:
    assert compose["networks"]["store"] == {"internal": True}
    assert services["postgres"]["networks"] == services["redis"]["networks"] == ["store"]


def test_init_makes_the_pool_that_publishing_takes(services) -> None:
    assert f"airflow pools set {POOL} 1 " in services["airflow-init"]["command"][-1]


def test_only_the_worker_may_write_to_the_data(services, compose) -> None:
    mounts = {
        name: mount
        for name, service in services.items()
        for mount in service.get("volumes", ())
        if ":/data" in mount and name != "redis"
    }
    assert mounts == {
        "worker": "${DATA_VOLUME:-data}:/data",
        "triggerer": "${DATA_VOLUME:-data}:/data:ro",
        "api-server": "${DATA_VOLUME:-data}:/data",
        "dag-processor": "${DATA_VOLUME:-data}:/data:ro",
    }
    assert services["worker"]["environment"]["COPYDESK_HOME"] == "/data"
    assert services["worker"]["environment"]["COPYDESK_INBOX"] == "/data/inbox"
    assert "data" in compose["volumes"]


def test_what_the_worker_imports_beforehand_can_be_imported(services) -> None:
    extra = json.loads(services["worker"]["environment"]["AIRFLOW__CELERY__EXTRA_CELERY_CONFIG"])
    assert "great_expectations" in extra["imports"]
    assert all(find_spec(module) for module in extra["imports"])

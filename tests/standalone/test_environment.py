from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from include.config.settings import ROOT, Settings, read_settings
from include.standalone.environment import airflow_environment, airflow_home, read_secrets


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, home=tmp_path / "a home, with spaces & 100% more")


def test_a_home_with_spaces_survives_the_database_url(settings: Settings) -> None:
    environment = airflow_environment(settings, 8080, {})
    url = make_url(environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    assert url.database == str(airflow_home(settings) / "airflow.db")
    assert url.query["timeout"] == "60"


def test_another_airflow_does_not_pick_up_our_runs(settings: Settings) -> None:
    stray = {
        "AIRFLOW_HOME": "/elsewhere",
        "AIRFLOW_CONFIG": "/elsewhere/airflow.cfg",
        "AIRFLOW__CORE__DAGS_FOLDER": "/elsewhere/dags",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql://elsewhere",
    }
    environment = airflow_environment(settings, 8080, stray)
    assert not any("elsewhere" in text for text in environment.values())


def test_a_persons_own_tuning_wins(settings: Settings) -> None:
    environment = airflow_environment(settings, 8080, {"AIRFLOW__CORE__PARALLELISM": "9"})
    assert environment["AIRFLOW__CORE__PARALLELISM"] == "9"


def test_byte_code_is_written_whatever_the_caller_says(settings: Settings) -> None:
    environment = airflow_environment(settings, 8080, {"PYTHONDONTWRITEBYTECODE": "1"})
    assert "PYTHONDONTWRITEBYTECODE" not in environment


def test_the_processes_read_the_settings_we_have(settings: Settings) -> None:
    assert read_settings(airflow_environment(settings, 8080, {})) == settings


def test_the_processes_import_the_project(settings: Settings) -> None:
    assert airflow_environment(settings, 8080, {})["PYTHONPATH"] == str(ROOT)


def test_everything_speaks_to_one_port_of_this_machine(settings: Settings) -> None:
    environment = airflow_environment(settings, 4711, {})
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    for name in ("AIRFLOW__API__BASE_URL", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"):
        assert environment[name].startswith("http://127.0.0.1:4711")


def test_secrets_are_created_once_and_readable_by_their_owner_only(settings: Settings) -> None:
    home = airflow_home(settings)
    made = read_secrets(home)
    assert read_secrets(home) == made
    assert len(made["jwt"]) >= 64
    assert (home / "secrets.json").stat().st_mode & 0o077 == 0

import os
from pathlib import Path

import psutil
import pytest

from include.orchestration.doctor import examine, unwell_components
from include.orchestration.environment import airflow_home
from include.orchestration.processes import Running, write_state
from include.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    settings = read_settings({}, home=tmp_path)
    airflow_home(settings).mkdir()
    return settings


def test_without_airflow_it_says_how_to_start_it(settings: Settings) -> None:
    first, inbox = examine(settings)
    assert not first.is_well
    assert "make up" in first.way_out
    assert inbox.is_well


def test_a_missing_inbox_is_told(settings: Settings) -> None:
    settings.inbox.rmdir()
    assert not examine(settings)[-1].is_well


def test_a_supervisor_that_is_gone_is_told(settings: Settings) -> None:
    write_state(airflow_home(settings), Running(2**22 + 1, 1.0, 8080, "up", {}))
    assert "supervisor is gone" in examine(settings)[0].told


def test_a_dead_component_and_a_silent_api_are_told(settings: Settings) -> None:
    me = psutil.Process()
    running = Running(me.pid, me.create_time(), 1, "up", {"triggerer": 2**22 + 1})
    write_state(airflow_home(settings), running)
    triggerer, api, _ = examine(settings)
    assert not triggerer.is_well
    assert "triggerer.log" in triggerer.way_out
    assert "does not answer" in api.told
    assert os.getpid() == running.session


def test_health_is_read_from_the_body() -> None:
    well = {"status": "healthy"}
    health = {"metadatabase": well, "scheduler": well, "triggerer": {"status": None}}
    assert unwell_components(health) == ["triggerer", "dag-processor"]

import os
from pathlib import Path

import psutil
import pytest

from include.config.settings import Settings, read_settings
from include.standalone import doctor
from include.standalone.doctor import examine
from include.standalone.environment import airflow_home
from include.standalone.processes import Running, write_state
from include.standalone.signs import unwell_components


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
    assert (inbox.is_well, inbox.state) == (False, "it is not watched")


def test_an_inbox_that_is_watched_must_be_there(settings: Settings) -> None:
    (finding,) = doctor._check_inboxes(settings, is_watched=True)
    assert (finding.is_well, finding.state) == (True, "is watched")
    settings.inbox.rmdir()
    (finding,) = doctor._check_inboxes(settings, is_watched=True)
    assert (finding.is_well, finding.state) == (False, "is not a folder")


def test_a_paused_dag_of_the_inbox_and_a_failed_last_run_are_reported() -> None:
    dags = [{"dag_id": "ingest_pages", "is_paused": True}, {"dag_id": "tend", "is_paused": True}]
    runs = {
        "tend": {"dag_id": "tend", "dag_run_id": "by night", "state": "failed"},
        "ingest_pages": {"dag_id": "ingest_pages", "dag_run_id": "now", "state": "running"},
    }
    paused, failed = doctor.weigh_dags(dags, runs)
    assert (paused.is_well, paused.state) == (False, "ingest_pages is paused: no file is picked up")
    assert (failed.is_well, failed.state) == (False, "tend failed: by night")
    (well,) = doctor.weigh_dags([dags[0] | {"is_paused": False}], {})
    assert (well.is_well, well.state) == (True, "none failed")


def test_a_supervisor_that_died_is_reported(settings: Settings) -> None:
    write_state(airflow_home(settings), Running(2**22 + 1, 1.0, 8080, "up", {}))
    assert "supervisor has died" in examine(settings)[0].state


def test_a_dead_component_and_a_silent_api_are_reported(settings: Settings) -> None:
    me = psutil.Process()
    running = Running(me.pid, me.create_time(), 1, "up", {"triggerer": 2**22 + 1})
    write_state(airflow_home(settings), running)
    triggerer, api, _ = examine(settings)
    assert not triggerer.is_well
    assert "triggerer.log" in triggerer.way_out
    assert "does not answer" in api.state
    assert os.getpid() == running.session


def test_health_is_read_from_the_body() -> None:
    well = {"status": "healthy"}
    health = {"metadatabase": well, "scheduler": well, "triggerer": {"status": None}}
    assert unwell_components(health) == ["triggerer", "dag-processor"]

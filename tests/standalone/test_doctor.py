import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from include.config.settings import Settings, read_settings
from include.standalone import doctor
from include.standalone.doctor import examine
from include.standalone.environment import airflow_home
from include.standalone.findings import Finding, Level
from include.standalone.processes import Running, write_state
from include.standalone.signs import unwell_components


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    settings = read_settings({}, home=tmp_path)
    airflow_home(settings).mkdir()
    return settings


def test_without_airflow_it_says_how_to_start_it(settings: Settings) -> None:
    first, inbox, _ = examine(settings)
    assert not first.is_well
    assert "make up" in first.way_out
    assert (inbox.is_well, inbox.state) == (False, f"{settings.inbox} is not watched")


def test_a_paused_dag_of_the_inbox_is_reported() -> None:
    dags = [{"dag_id": "ingest_pages", "is_paused": True}, {"dag_id": "tend", "is_paused": True}]
    (paused,) = doctor.weigh_dags(dags)
    assert (paused.is_well, paused.state) == (False, "ingest_pages is paused: no file is picked up")
    assert list(doctor.weigh_dags(dags[1:])) == []


def check_movement(home: Path, looked_at: float, *stuck: dict[str, object]) -> list[Finding]:
    """Check a supervisor that started at 1000 s, at 2000 s."""
    (home / "movement.json").write_text(json.dumps({"looked_at": looked_at, "stuck": stuck}))
    return list(doctor.check_movement(Running(1, 1000.0, 8080, "up", {}), home, now=2000.0))


def test_work_that_moves_is_well(tmp_path: Path) -> None:
    (finding,) = check_movement(tmp_path, 1990.0)
    assert (finding.is_well, finding.state) == (True, "moves")


def test_work_that_does_not_move_is_sick_and_says_what_is_done_about_it(tmp_path: Path) -> None:
    thing = {"what": "Task x is queued.", "for_s": 45, "component": "scheduler"}
    (finding,) = check_movement(tmp_path, 1990.0, thing)
    assert (finding.is_well, finding.state) == (False, "Task x is queued. For 45 s")
    assert "restarts the scheduler" in finding.way_out


def test_a_supervisor_that_looks_no_more_is_sick(tmp_path: Path) -> None:
    (finding,) = check_movement(tmp_path, 1500.0)
    assert not finding.is_well
    assert "has not looked for 500 s" in finding.state


def test_what_an_earlier_supervisor_saw_does_not_count(tmp_path: Path) -> None:
    thing = {"what": "Task x is queued.", "for_s": 45, "component": "scheduler"}
    (tmp_path / "movement.json").write_text(json.dumps({"looked_at": 900.0, "stuck": [thing]}))
    running = Running(1, 1000.0, 8080, "up", {})
    (finding,) = doctor.check_movement(running, tmp_path, now=1010.0)
    assert (finding.is_well, finding.state) == (True, "has not been looked at yet")


@pytest.mark.parametrize(
    ("free_gb", "level"), [(500.0, Level.OK), (20.0, Level.LOOK), (0.5, Level.SICK)]
)
def test_a_disk_that_fills_is_reported_in_time(
    free_gb: float, level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = SimpleNamespace(total=1e12, free=free_gb * 1e9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert doctor.check_disk(tmp_path / "not made yet").level is level


def test_a_supervisor_that_died_is_reported(settings: Settings) -> None:
    write_state(airflow_home(settings), Running(2**22 + 1, 1.0, 8080, "up", {}))
    assert "supervisor has died" in examine(settings)[0].state


def test_a_dead_component_and_a_silent_api_are_reported(settings: Settings) -> None:
    me = psutil.Process()
    running = Running(me.pid, me.create_time(), 1, "up", {"triggerer": 2**22 + 1})
    write_state(airflow_home(settings), running)
    triggerer, api, *_ = examine(settings)
    assert not triggerer.is_well
    assert "triggerer.log" in triggerer.way_out
    assert "does not answer" in api.state
    assert os.getpid() == running.session


def test_health_is_read_from_the_body() -> None:
    well = {"status": "healthy"}
    health = {"metadatabase": well, "scheduler": well, "triggerer": {"status": None}}
    assert unwell_components(health) == ["triggerer", "dag-processor"]

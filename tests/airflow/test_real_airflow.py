"""
A real Airflow, all its processes, in a home of its own: what a person sees with `make up`.

One start serves all tests here (some 15 s); they run in order, each on top of the one before.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest

from include.config.settings import ROOT, Settings, read_settings
from include.orchestration.review_form import make_form
from include.orchestration.run_notes import MARKED, NO_ERROR
from include.standalone.api import AirflowApi
from include.standalone.environment import airflow_home
from include.standalone.processes import Running, list_members, read_state
from include.standalone.restarts import list_restarts
from include.warehouse.read import landed_stories, run_query

pytestmark = pytest.mark.airflow

DAWN = datetime(2000, 1, 1, tzinfo=UTC)
SAMPLES = ROOT / "include" / "sample_inbox"
DAGS = sorted(path.stem for path in (ROOT / "dags").glob("*.py") if path.name != "assets.py")
LANDS_WITHIN_S = 60.0  # what the README promises of a dropped file, on a machine that is not busy
READING_S = 5.0  # a person reads before they answer
PATIENCE_S = 180.0  # for everything else; a busy CI machine is slow


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def local(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher as `make` does, in an environment without settings but the port."""
    command = [sys.executable, "-m", "include.standalone.commands", *words]
    return subprocess.run(
        [*command, "--home", str(settings.home)],
        env={**os.environ, "COPYDESK_PORT": str(settings.port)},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def busyness() -> float:
    """Return how many processes want each core; 1 if there is one for each, or fewer."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def wait_for(ask: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
    """Ask until the answer is true; fail when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"did not happen within {seconds} s")


def find_workers(settings: Settings) -> list[psutil.Process]:
    """Find the processes of LocalExecutor, whose children are the tasks that run."""
    state = read_state(airflow_home(settings))
    assert state is not None
    found = []
    for process in psutil.Process(state.components["scheduler"]).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            parent = process.parent()
            words = " ".join(process.cmdline())
            if "LocalExecutor" in words and "LocalExecutor" not in " ".join(
                parent.cmdline() if parent else ()
            ):
                found.append(process)
    return found


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("a home with spaces")
    return read_settings({"COPYDESK_PORT": str(free_port())}, home=home)


@pytest.fixture(scope="module")
def running(settings: Settings) -> Iterator[Running]:
    started = local(settings, "up")
    assert started.returncode == 0, started.stdout
    state = read_state(airflow_home(settings))
    assert state is not None
    yield state
    local(settings, "down")


@pytest.fixture(scope="module")
def api(settings: Settings, running: Running) -> AirflowApi:
    return AirflowApi(f"http://127.0.0.1:{running.port}", airflow_home(settings))


def landing_run(settings: Settings) -> str:
    """Name the run that landed the only file: an event's, or the clock's if that came first."""
    (row,) = run_query(settings.warehouse, "select distinct run_id from stories").to_pylist()
    return str(row["run_id"])


def names_landed(settings: Settings) -> set[str]:
    if not settings.warehouse.exists():
        return set()
    return set(landed_stories(settings.warehouse)["source_name"].to_pylist())


def test_up_prints_the_address_and_doctor_reports_ok(settings: Settings, running: Running) -> None:
    told = local(settings, "up")
    assert f"http://localhost:{settings.port}" in told.stdout
    assert "admin / " in told.stdout
    assert str(settings.inbox) in told.stdout
    assert read_state(airflow_home(settings)) == running
    checked = local(settings, "doctor")
    assert checked.returncode == 0, checked.stdout
    assert "SICK" not in checked.stdout


def test_a_dropped_file_lands_within_a_minute_without_a_click(
    settings: Settings, api: AirflowApi
) -> None:
    name = "01_three_stories_joined.txt"
    shutil.copy(SAMPLES / name, settings.inbox / name)
    wait_for(lambda: name in names_landed(settings), LANDS_WITHIN_S * busyness())
    stories = landed_stories(settings.warehouse, landing_run(settings))
    assert stories.num_rows == 3
    wait_for(lambda: api.get_run("ingest_pages", landing_run(settings))["state"] == "success")
    assert (settings.inbox / name).exists()


def test_the_lake_holds_what_the_warehouse_shows(settings: Settings, api: AirflowApi) -> None:
    from deltalake import DeltaTable

    in_lake = DeltaTable(settings.lake / "stories").to_pyarrow_table()["story_id"].to_pylist()
    in_warehouse = run_query(settings.warehouse, "select story_id from stories")
    assert sorted(in_lake) == sorted(in_warehouse["story_id"].to_pylist())


def test_landing_sends_an_event_for_each_day_touched(settings: Settings, api: AirflowApi) -> None:
    (asset,) = api.get("/api/v2/assets?name_pattern=stories")["assets"]
    events = api.get(f"/api/v2/assets/events?asset_id={asset['id']}")["asset_events"]
    days = run_query(settings.warehouse, "select distinct ingest_day::varchar d from stories")
    assert {event["partition_key"] for event in events} == set(days["d"].to_pylist())
    assert events[-1]["extra"]["stories_landed"] == 3
    assert events[-1]["source_task_id"] == "land"


def test_landing_wakes_the_analysis(settings: Settings, api: AirflowApi) -> None:
    sql = "select story_id from marts.signatures"
    wait_for(lambda: run_query(settings.warehouse, sql).num_rows == 3)
    (run,) = api.get("/api/v2/dags/analyze_stories/dagRuns")["dag_runs"]
    wait_for(lambda: api.get_run("analyze_stories", run["dag_run_id"])["state"] == "success")
    tasks = {task["task_id"]: task for task in api.get_tasks("analyze_stories", run["dag_run_id"])}
    assert tasks["analyze"]["rendered_map_index"] == "stories-0000: 3 stories"
    behind = run_query(settings.warehouse, "select versions_behind from meta.freshness")
    assert set(behind["versions_behind"].to_pylist()) == {0}


def test_mapped_tasks_show_their_batch_by_name(settings: Settings, api: AirflowApi) -> None:
    run_id = landing_run(settings)
    tasks = {task["task_id"]: task for task in api.get_tasks("ingest_pages", run_id)}
    for task_id in ("edit.split", "edit.judge"):
        assert tasks[task_id]["rendered_map_index"] == "batch-0000: 1 pages"


def test_a_run_by_hand_takes_another_folder_and_lands_nothing_twice(
    settings: Settings, api: AirflowApi, tmp_path: Path
) -> None:
    inbox = tmp_path / "another inbox"
    inbox.mkdir()
    for name in ("02_same_story_again.txt", "10_picture_named_txt.txt"):
        shutil.copy(SAMPLES / name, inbox)
    first, second = (local(settings, "run", "--inbox", str(inbox)) for _ in "12")
    assert first.returncode == 0, first.stdout
    assert "2 files: 1 taken, 1 rejected" in first.stdout
    assert "Lighthouse Keepers" in first.stdout
    assert "Nothing new landed. 2 files: 2 known already." in second.stdout
    assert read_state(airflow_home(settings)) is not None, "it ended the Airflow of `up`"


def test_a_person_releases_what_was_set_aside(settings: Settings, api: AirflowApi) -> None:
    told = (SAMPLES / "03_leave_a_reply.txt").read_text(encoding="utf-8")
    (settings.inbox / "dated.txt").write_text(f"12 March 2095\n{told}", encoding="utf-8")
    waits = "select story_id from quality.quarantine where source_name = 'dated.txt'"
    (story,) = wait_for(lambda: run_query(settings.warehouse, waits).to_pylist())
    run_id = api.start_run("review_quarantine", {})

    def states() -> dict[str, str]:
        tasks = api.get_tasks("review_quarantine", run_id)
        return {task["task_id"]: task["state"] for task in tasks}

    wait_for(lambda: states().get("review.ask") == "awaiting_input")
    time.sleep(READING_S)  # Airflow 3.3 fails a task that is answered the second it begins to wait
    form = dict.fromkeys(make_form(1, {})) | {"note": "an almanac"}
    answer = {"chosen_options": ["Release"], "params_input": form}
    api.answer("review_quarantine", run_id, "review.ask/0", answer)
    landed = f"select quality_flags from stories where story_id = '{story['story_id']}'"
    (flags,) = wait_for(lambda: run_query(settings.warehouse, landed).to_pylist())
    assert "published.not_ahead" in flags["quality_flags"]
    said = run_query(settings.warehouse, "select decision, decided_by, note from quality.reviews")
    assert said.to_pylist() == [
        {"decision": "release", "decided_by": "admin", "note": "an almanac"}
    ]
    wait_for(lambda: api.get_run("review_quarantine", run_id)["state"] == "success")


def test_a_closed_gate_and_who_opened_it_stand_in_airflows_notes(
    settings: Settings, api: AirflowApi, tmp_path: Path
) -> None:
    told = (SAMPLES / "03_leave_a_reply.txt").read_text(encoding="utf-8")
    for number in range(21):  # from twenty stories on their share says something
        page = tmp_path / f"{number}.txt"
        page.write_text(f"12 March 2095\n{told}\nIt was told {number} times.\n", encoding="utf-8")
        os.utime(page, (0, 0))  # it has lain still

    def run_to_the_end(state: str, **conf: Any) -> tuple[str, dict[str, str]]:
        run_id = api.start_run("ingest_pages", {"inbox": str(tmp_path), **conf})
        wait_for(lambda: api.get_run("ingest_pages", run_id)["state"] == state)
        tasks = api.get_tasks("ingest_pages", run_id)
        run = api.get_run("ingest_pages", run_id)
        return run["note"], {task["task_id"]: task["note"] for task in tasks if task["note"]}

    broken = ["run.quarantine_rate", "run.rule_rate"]
    run_note, notes = run_to_the_end("failed")
    assert list(notes) == ["gate"]
    assert run_note == notes["gate"]
    assert all(word in run_note for word in (*broken, "at most 0.5", "open_gate"))
    run_note, notes = run_to_the_end("success", open_gate=broken)
    assert notes["gate"] == "Gate opened by admin for run.quarantine_rate, run.rule_rate."
    assert notes["land"] == "0 stories landed, 21 set aside; files: 21 taken, 0 rejected."
    assert set(run_note.splitlines()) == set(notes.values())


def test_a_failure_is_a_note_and_stays_in_the_doctors_day(
    settings: Settings, api: AirflowApi, tmp_path: Path
) -> None:
    run_id = api.start_run("ingest_pages", {"inbox": str(tmp_path / "gone")})
    wait_for(lambda: api.get_run("ingest_pages", run_id)["state"] == "failed")
    note = wait_for(lambda: api.get_run("ingest_pages", run_id)["note"])
    assert note.startswith("take failed: InboxMissing (a person must look): ")
    (task,) = [one for one in api.get_tasks("ingest_pages", run_id) if one["note"]]
    assert (task["task_id"], task["note"]) == ("take", note)
    told = local(settings, "doctor")
    assert told.returncode == 1, told.stdout
    assert "take failed: InboxMissing" in told.stdout
    good = api.start_run("ingest_pages", {})
    wait_for(lambda: api.get_run("ingest_pages", good)["state"] == "success")
    told = local(settings, "doctor", "--json")
    content = json.loads(told.stdout)
    assert told.returncode == 0, told.stdout
    assert note in [run["note"] for run in content["figures"]["runs_failed"]]


def test_a_task_whose_process_is_killed_at_every_try_says_so(
    settings: Settings, api: AirflowApi, tmp_path: Path
) -> None:
    shutil.copy(SAMPLES / "05_aggregator.txt", tmp_path)
    run_id = api.start_run("ingest_pages", {"inbox": str(tmp_path)})

    def kill_tasks_for_a_second() -> bool:
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            for worker in find_workers(settings):
                with suppress(psutil.NoSuchProcess):
                    for task in worker.children():
                        task.kill()
        return bool(api.get_run("ingest_pages", run_id)["state"] == "failed")

    wait_for(kill_tasks_for_a_second, 2 * PATIENCE_S)
    note = wait_for(lambda: api.get_run("ingest_pages", run_id)["note"])
    assert note == f"take failed: {NO_ERROR}"


@pytest.mark.parametrize("dag_id", DAGS)
def test_every_task_of_a_failed_run_can_be_cleared(api: AirflowApi, dag_id: str) -> None:
    run_id = api.start_run(dag_id, {})
    wait_for(lambda: api.get_tasks(dag_id, run_id))
    api.fail_run(dag_id, run_id)
    wait_for(lambda: api.get_run(dag_id, run_id)["note"] == MARKED)
    for task_id in {task["task_id"] for task in api.get_tasks(dag_id, run_id)}:
        body = {"dag_run_id": run_id, "task_ids": [task_id], "dry_run": False,
                "only_failed": False, "include_downstream": False}  # fmt: skip
        cleared = api.post(f"/api/v2/dags/{dag_id}/clearTaskInstances", body)["task_instances"]
        assert {task["task_id"] for task in cleared} == {task_id}
        state = api.get_run(dag_id, run_id)["state"]
        assert state in ("queued", "running", "success")  # a task that skips ends at once
        api.fail_run(dag_id, run_id)
    whole = f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/clear"
    api.post(whole, {"dry_run": False, "only_failed": False})

    def is_through() -> bool:  # or asks a person, where stories wait for one
        states = {task["state"] for task in api.get_tasks(dag_id, run_id)}
        return api.get_run(dag_id, run_id)["state"] == "success" or "awaiting_input" in states

    wait_for(is_through)
    if api.get_run(dag_id, run_id)["state"] == "success":
        wait_for(lambda: api.get_run(dag_id, run_id)["note"] != MARKED)
    else:
        api.fail_run(dag_id, run_id)  # or it would wait for a person


def test_a_component_that_dies_is_started_again(
    settings: Settings, running: Running, api: AirflowApi
) -> None:
    pid = running.components["dag-processor"]
    psutil.Process(pid).kill()

    def is_back() -> bool:
        state = read_state(airflow_home(settings))
        return state is not None and state.components["dag-processor"] != pid

    wait_for(is_back)


def test_killed_idle_workers_hold_nothing_up_for_long(
    settings: Settings, running: Running, api: AirflowApi
) -> None:
    workers = find_workers(settings)
    assert workers
    for worker in workers:  # one of them holds the lock of the queue
        worker.kill()
    run_id = api.start_run("ingest_pages", {})

    def doctor_says_so() -> bool:
        checked = local(settings, "doctor", "--json")
        return checked.returncode == 1 and "no worker takes it" in checked.stdout

    wait_for(doctor_says_so)
    wait_for(lambda: api.get_run("ingest_pages", run_id)["state"] == "success", 2 * PATIENCE_S)
    (restart, *_) = [one for one in list_restarts(airflow_home(settings), DAWN) if one.is_stall]
    assert restart.component == "scheduler"
    assert "is queued, and no worker takes it" in restart.why


def test_what_airflow_made_is_open_to_nobody_else(settings: Settings, running: Running) -> None:
    made = [path for path in settings.home.rglob("*") if settings.inbox not in path.parents]
    assert airflow_home(settings) / "passwords.json" in made
    assert any(path.suffix == ".parquet" for path in made)
    assert any(path.suffix == ".log" and "dag_id=" in str(path) for path in made)
    assert [path for path in made if path.lstat().st_mode & 0o077 and not path.is_symlink()] == []


def test_down_leaves_no_process(settings: Settings, running: Running) -> None:
    stopped = local(settings, "down")
    assert stopped.returncode == 0, stopped.stdout
    assert list_members(running.session, running.born_at) == []
    assert read_state(airflow_home(settings)) is None
    assert local(settings, "doctor").returncode == 1


def test_an_interrupted_run_leaves_no_process_and_does_not_hold_up_the_next(
    settings: Settings,
) -> None:
    command = [sys.executable, "-m", "include.standalone.commands", "run"]
    words = ["--home", str(settings.home), "--inbox", str(SAMPLES)]
    launcher = subprocess.Popen(
        [*command, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert launcher.stdout is not None
    with launcher.stdout as told:
        for line in told:
            if "take" in line:
                break
        state = read_state(airflow_home(settings))
        assert state is not None
        launcher.terminate()
        rest = told.read()
    assert launcher.wait(PATIENCE_S) == 1, rest
    assert list_members(state.session, state.born_at) == []
    again = local(settings, "run", "--inbox", str(SAMPLES))
    assert again.returncode == 0, again.stdout


def test_a_killed_launcher_takes_its_airflow_with_it(settings: Settings) -> None:
    command = [sys.executable, "-m", "include.standalone.commands", "run"]
    words = ["--home", str(settings.home), "--inbox", str(SAMPLES)]
    launcher = subprocess.Popen([*command, *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    state: Running = wait_for(lambda: read_state(airflow_home(settings)))
    launcher.kill()
    launcher.wait()
    wait_for(lambda: not list_members(state.session, state.born_at))

"""
A person reviews in Airflow's own pages: every button of the form, pressed in a real browser.

One Airflow serves all tests here; they run in order, each on top of the one before. Screenshots lie
beside the test's temporary home, for a person to look at.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from include.config.settings import Settings, read_settings
from include.pipeline import steps
from include.standalone.api import AirflowApi
from include.standalone.environment import airflow_home
from include.standalone.processes import read_state
from include.warehouse.read import run_query
from tests.airflow.test_real_airflow import READING_S, free_port, local, wait_for
from tests.browser.devtools import Page, open_browser
from tests.pipeline.pages import GOOD, OTHER, ingest

pytestmark = pytest.mark.browser

DAG = "review_quarantine"
URL = "https://herald.example/2095/night-boat"
SET_DATE = """(field => {
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  set.call(field, '2026-02-27');
  field.dispatchEvent(new Event('input', {bubbles: true}));
})(document.querySelector('[name="element_date"]'))"""  # a calendar takes no inserted text
BUTTONS = ("Release", "Reject", "Send back", "Leave")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a home in which two stories wait for review: their dates are ahead."""
    home = tmp_path_factory.mktemp("browser")
    settings = read_settings({"COPYDESK_PORT": str(free_port())}, home=home)
    settings.inbox.mkdir()
    for name, page in (("a.txt", GOOD), ("b.txt", OTHER)):
        (settings.inbox / name).write_text(f"12 March 2095\n{page}", encoding="utf-8")
    (settings.inbox / "a.txt.meta.json").write_text(f'{{"url": "{URL}"}}')
    ingest(replace(settings, settle_s=0.0), "yesterday", datetime.now(UTC) - timedelta(days=1))
    steps.publish(settings)
    return settings


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[AirflowApi]:
    told = local(settings, "up")
    assert told.returncode == 0, told.stdout
    state = read_state(airflow_home(settings))
    assert state is not None
    yield AirflowApi(f"http://127.0.0.1:{state.port}", airflow_home(settings))
    local(settings, "down")


@pytest.fixture(scope="module")
def page(api: AirflowApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Give a browser in which the admin is logged in."""
    with open_browser(tmp_path_factory.mktemp("profile")) as page:
        api.get("/api/v2/dags")
        page.call("Network.setCookie", name="_token", value=api.token, url=api.base)
        yield page


@pytest.fixture(scope="module")
def pictures(settings: Settings) -> Path:
    folder = settings.home / "pictures"
    folder.mkdir()
    return folder


def open_question(api: AirflowApi, page: Page, run_id: str, task: str = "ask") -> None:
    """Open the page of a question once it waits for an answer, and read it."""
    ask = f"review.{task}"

    def state() -> str:
        tasks = api.get_tasks(DAG, run_id)
        return str(next((t["state"] for t in tasks if t["task_id"] == ask), ""))

    wait_for(lambda: state() == "awaiting_input")
    time.sleep(READING_S)  # Airflow 3.3 fails a task that is answered the second it begins to wait
    where = f"/dags/{DAG}/runs/{quote(run_id)}/tasks/{ask}/mapped/0/required_actions"
    page.open(api.base + where)
    page.wait("!!document.querySelector('[data-testid=\"hitl-option-Leave\"]')")


def button(name: str) -> str:
    return f'[data-testid="hitl-option-{name}"]'


def waiting(settings: Settings) -> set[str]:
    sql = "select source_name from quality.quarantine where resolution is null"
    return set(run_query(settings.warehouse, sql)["source_name"].to_pylist())


def wait_until_done(api: AirflowApi, run_id: str) -> None:
    assert wait_for(
        lambda: (s := api.get_run(DAG, run_id)["state"]) in ("success", "failed") and s
    ) == "success"  # fmt: skip


def test_the_question_shows_the_date_the_url_and_the_rule(
    settings: Settings, api: AirflowApi, page: Page, pictures: Path
) -> None:
    open_question(api, page, api.start_run(DAG, {}))
    page.show(pictures / "question.png")
    text = page.text()
    for words in ("2 stories set aside", "12 March 2095", URL, "published.not_ahead"):
        assert words in text
    assert " met " not in text


@pytest.mark.parametrize("name", BUTTONS)
def test_every_button_can_be_pressed_while_the_form_is_untouched(page: Page, name: str) -> None:
    assert page.evaluate(f"document.querySelector('{button(name)}').disabled") is False


def test_leave_leaves_both(settings: Settings, api: AirflowApi, page: Page) -> None:
    (run,) = api.get(f"/api/v2/dags/{DAG}/dagRuns")["dag_runs"]
    page.press(button("Leave"))
    wait_until_done(api, run["dag_run_id"])
    assert waiting(settings) == {"a.txt", "b.txt"}


def test_a_correction_that_cannot_be_followed_is_asked_again_with_the_reason(
    settings: Settings, api: AirflowApi, page: Page, pictures: Path
) -> None:
    run_id = api.start_run(DAG, {})
    open_question(api, page, run_id)
    page.type('[name="element_corrections"]', "story 1: line 900 starts")
    page.press(button("Send back"))
    open_question(api, page, run_id, "ask_again")
    page.show(pictures / "asked_again.png")
    assert "could not be followed" in page.text()
    assert "no text on line 900" in page.text()
    kept = page.evaluate("document.querySelector('[name=\"element_corrections\"]').value")
    assert kept == "story 1: line 900 starts"

    page.type('[name="element_corrections"]', "story 2: line 8 is caption")
    page.press(button("Send back"))
    wait_until_done(api, run_id)
    made = run_query(settings.warehouse, "select line_no, role, made_by from quality.overrides")
    assert made.to_pylist() == [{"line_no": 8, "role": "caption", "made_by": "admin"}]


def choose(page: Page, label: str) -> None:
    """Choose a story from the form's list, as a person would: by typing, then Enter."""
    page.press("#element_stories input")
    page.call("Input.insertText", text=label)
    page.wait("document.body.innerText.includes('1 result available')")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="Enter", windowsVirtualKeyCode=13)


def test_a_wrong_date_of_one_story_is_set_right_and_it_lands(
    settings: Settings, api: AirflowApi, page: Page, pictures: Path
) -> None:
    run_id = api.start_run(DAG, {})
    open_question(api, page, run_id)
    choose(page, "Night Boat")
    page.evaluate(SET_DATE)
    page.type('[name="element_outlet"]', "The Tarn Herald")
    page.show(pictures / "facts.png")
    page.press(button("Send back"))
    wait_until_done(api, run_id)
    landed = run_query(
        settings.warehouse,
        "select source_name, outlet, published_at::date::varchar as day, published_source "
        "from stories",
    )
    assert landed.to_pylist() == [
        {
            "source_name": "a.txt",
            "outlet": "The Tarn Herald",
            "day": "2026-02-27",
            "published_source": "review",
        }
    ]
    assert waiting(settings) == {"b.txt"}


def test_the_other_is_rejected_with_a_note(
    settings: Settings, api: AirflowApi, page: Page, pictures: Path
) -> None:
    run_id = api.start_run(DAG, {})
    open_question(api, page, run_id)
    page.type('[name="element_note"]', "an almanac")
    page.press(button("Reject"))
    wait_until_done(api, run_id)
    assert waiting(settings) == set()
    said = "select decision, decided_by, note from quality.reviews where decision = 'reject'"
    assert run_query(settings.warehouse, said).to_pylist() == [
        {"decision": "reject", "decided_by": "admin", "note": "an almanac"}
    ]


def test_release_lands_a_story_flagged(settings: Settings, api: AirflowApi, page: Page) -> None:
    third = f"13 March 2095\n{GOOD.replace('boat', 'raft').replace('Boat', 'Raft')}"
    (settings.inbox / "c.txt").write_text(third, encoding="utf-8")
    wait_for(lambda: "c.txt" in waiting(settings))
    run_id = api.start_run(DAG, {})
    open_question(api, page, run_id)
    page.press(button("Release"))
    wait_until_done(api, run_id)
    flags = "select quality_flags from stories where source_name = 'c.txt'"
    (story,) = run_query(settings.warehouse, flags).to_pylist()
    assert "published.not_ahead" in story["quality_flags"]

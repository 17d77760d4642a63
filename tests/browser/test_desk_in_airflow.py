"""
A person's morning, in a real browser and a real Airflow: log in, come to the Story Desk by the
navigation, search, read a story, inspect its page, correct and undo, release a story that was set
aside, approve a re-split. One Airflow serves all tests here; they run in order.
"""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from include.config.settings import ROOT, Settings, read_settings
from include.pipeline import steps
from include.pipeline.corrections import correct
from include.review.corrections import Word
from include.standalone.api import USER, AirflowApi
from include.standalone.environment import airflow_home
from include.standalone.processes import read_state
from include.terminal.analyze import run_analyze
from include.warehouse.read import run_query
from tests.airflow.test_real_airflow import READING_S, free_port, local, wait_for
from tests.browser.devtools import Page, open_browser
from tests.browser.test_desk import JOINED, SCREENS
from tests.pipeline.pages import GOOD, ingest

pytestmark = pytest.mark.browser

FRAME = 'iframe[title="Copydesk"]'
SLOW_S = 180.0  # of a change that is judged and landed
OVERRIDES = "select action, made_by, is_withdrawn from quality.overrides where line_no = 30"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a home with the sample inbox landed, and a story set aside: its date is ahead."""
    home = tmp_path_factory.mktemp("desk")
    settings = read_settings({"COPYDESK_PORT": str(free_port())}, home=home)
    shutil.copytree(ROOT / "include" / "sample_inbox", settings.inbox)
    aside = f"12 March 2095\n{GOOD}"
    (settings.inbox / "dated_ahead.txt").write_text(aside, encoding="utf-8")
    (settings.inbox / "kept.txt").write_text(GOOD.replace("boat", "raft"), encoding="utf-8")
    ingest(replace(settings, settle_s=0.0), "first", datetime.now(UTC))
    steps.publish(settings)
    run_analyze(settings, as_json=True)
    return settings


@pytest.fixture(scope="module")
def api(settings: Settings) -> Iterator[AirflowApi]:
    started = local(settings, "up")
    assert started.returncode == 0, started.stdout
    state = read_state(airflow_home(settings))
    assert state is not None
    yield AirflowApi(f"http://127.0.0.1:{state.port}", airflow_home(settings))
    local(settings, "down")


@pytest.fixture(scope="module")
def page(api: AirflowApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_browser(tmp_path_factory.mktemp("profile")) as page:
        page.resize(1400, 1000, "light")
        yield page


def wait_for_heading(page: Page, words: str, seconds: float = 60.0) -> None:
    """Wait until the page has loaded whose first heading has these words."""
    heading = f"({page.find('h1')}?.innerText ?? '').includes({json.dumps(words)})"
    page.wait(f"{page.document}?.readyState === 'complete' && {heading}", seconds)


def test_a_person_logs_in_and_comes_to_the_desk_by_the_navigation(
    api: AirflowApi, page: Page
) -> None:
    page.open(api.base)
    page.wait("location.pathname.includes('/auth/login') && !!document.querySelector('form')")
    page.type('input[name="username"]', USER)
    page.type('input[name="password"]', api.password())
    page.press('button[type="submit"]')
    page.press('a[href$="/plugin/copydesk"]')
    page.enter(FRAME)
    wait_for_heading(page, "This morning")
    assert "wait for a person" in page.text()
    page.show(SCREENS / "airflow-morning-light.png")


def test_the_frame_follows_airflows_dark_theme(page: Page) -> None:
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.call("Page.reload")
    wait_for_heading(page, "This morning")
    page.wait(f"{page.document}?.documentElement?.dataset.theme === 'dark'")
    page.show(SCREENS / "airflow-morning-dark.png")
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.call("Page.reload")
    wait_for_heading(page, "This morning")
    page.wait(f"{page.document}?.documentElement?.dataset.theme === 'light'")


def test_they_search_open_a_story_and_inspect_its_page(page: Page) -> None:
    page.press('nav a[href$="/stories"]')
    wait_for_heading(page, "Stories")
    page.type("#q", "traffic")
    page.press("form.search button")
    page.wait(f"{page.document}?.location.search.includes('q=traffic')")
    page.press("ol.stories h3 a")
    wait_for_heading(page, "Port Esker")
    page.show(SCREENS / "airflow-story-light.png")
    page.press("aside a.button.main")
    wait_for_heading(page, JOINED)
    assert "/plugin/copydesk/copydesk/pages/" in page.evaluate("location.pathname")
    page.show(SCREENS / "airflow-inspector-light.png")


def test_they_drag_a_boundary_save_and_undo(page: Page, settings: Settings) -> None:
    start = '[data-line="34"] .grip'
    page.evaluate(f"{page.find(start)}.scrollIntoView({{block: 'center'}})")
    page.drag(start, '[data-line="30"] .content')
    page.wait(f"!!{page.find('#preview')}")
    assert run_query(settings.warehouse, OVERRIDES).num_rows == 0
    page.press("button[formaction]")
    page.wait(f"{page.document}?.location.search.includes('saved=')", SLOW_S)
    (made,) = run_query(settings.warehouse, OVERRIDES).to_pylist()
    assert made == {"action": "starts", "made_by": USER, "is_withdrawn": False}
    undos = f"{page.document}?.querySelectorAll('form[action$=undo]').length"
    page.wait(f"{page.document}?.readyState === 'complete' && {undos} === 2")
    for left in (1, 0):
        page.press("form[action$=undo] button")
        page.wait(f"{page.document}?.readyState === 'complete' && {undos} === {left}", SLOW_S)
    (made,) = run_query(settings.warehouse, OVERRIDES).to_pylist()
    assert made["is_withdrawn"] is True


def test_they_release_a_story_that_was_set_aside_and_see_it_landed(
    page: Page, settings: Settings
) -> None:
    page.press('nav a[href$="/quality"]')
    wait_for_heading(page, "Quality")
    page.press('a[href*="rule=published.not_ahead"]')
    page.wait(f"!!{page.find('input[name=story]')}")
    headline = page.evaluate(f"{page.find('ol.cases label')}.innerText")
    page.press("input[name=story]")
    page.press('button[name="decision"][value="release"]')
    page.wait(f"{page.document}?.location.search.includes('done=')", SLOW_S)
    sql = "select decision, decided_by from quality.reviews"
    (review,) = run_query(settings.warehouse, sql).to_pylist()
    assert review == {"decision": "release", "decided_by": USER}
    page.press('nav a[href$="/stories"]')
    wait_for_heading(page, "Stories")
    page.press('a[href*="flag=published.not_ahead"]')
    page.wait(f"{page.document}?.location.search.includes('flag=')")
    assert headline in page.text()


def test_they_approve_a_resplit_and_it_lands(
    page: Page, api: AirflowApi, settings: Settings
) -> None:
    count = "select count(*) as stories from stories where source_name = 'kept.txt'"
    assert run_query(settings.warehouse, count).to_pylist() == [{"stories": 1}]
    correct(settings, ["line 7 starts"], "kept.txt", Word("an editor", datetime.now(UTC)))
    conf = {"days": "all", "only_older": False}
    run_id = api.start_run("resplit_history", conf)

    def asks() -> bool:
        tasks = api.get_tasks("resplit_history", run_id)
        return any(t["task_id"] == "approve" and t["state"] == "awaiting_input" for t in tasks)

    wait_for(asks)
    page.press('nav a[href$="/lake"]')
    wait_for_heading(page, "Lake")
    page.show(SCREENS / "airflow-lake-light.png")
    page.press('a[href*="/lake/resplit"]')
    wait_for_heading(page, "What splitting again would change")
    page.show(SCREENS / "airflow-resplit-light.png")
    time.sleep(READING_S)  # Airflow 3.3 fails a task that is answered the second it begins to wait
    page.press('button[value="approve"]')
    page.wait(f"{page.document}?.location.search.includes('done=approve')")
    wait_for(lambda: run_query(settings.warehouse, count).to_pylist() == [{"stories": 2}])
    told = run_query(settings.warehouse, "select decision, decided_by from quality.resplits")
    assert set(map(tuple, (row.values() for row in told.to_pylist()))) == {("approved", USER)}
    wait_for(lambda: api.get_run("resplit_history", run_id)["state"] == "success")
    page.evaluate(f"{page.document}.location.reload()")
    page.wait(f"({page.document}?.body?.innerText ?? '').includes('Approved by')")


def test_a_task_links_to_its_run_on_the_desk(page: Page, api: AirflowApi) -> None:
    page.open(f"{api.base}/plugin/copydesk/copydesk/run?dag=ingest_pages&run=first")
    wait_for_heading(page, "This run")
    assert "Checks of the whole run" in page.text()
    page.leave()

"""
The Story Desk in a real browser, served alone: every page in both themes and widths, what axe-core
says of it, and a correction that is dragged. Screenshots go to build/screens/.
"""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import uvicorn

from include.config.settings import ROOT, Settings, read_settings
from include.desk.standalone import COOKIE, make_standalone
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import maintenance, resplit, steps
from include.pipeline.corrections import correct
from include.review.corrections import Word
from include.terminal.analyze import run_analyze
from include.warehouse.read import run_query
from tests.browser.accessibility import find_violations
from tests.browser.devtools import Page, open_browser
from tests.pipeline.pages import GOOD, ingest, judge

pytestmark = pytest.mark.browser

SCREENS = ROOT / "build" / "screens"
WIDTHS, THEMES = (1280, 390), ("light", "dark")
JOINED = "01_three_stories_joined.txt"
RUN = "resplit_history/again"
PAGES = {
    "morning": "/", "stories": "/stories?q=ferry", "none": "/stories?q=zeppelin",
    "story": "/stories/{story}", "inspector": "/pages/{page}",
    "characters": "/pages/{page}/characters", "events": "/events", "quality": "/quality",
    "rule": "/quality/rules/published.not_ahead", "quarantine": "/quality/quarantine",
    "lake": "/lake", "chrome": "/quality/chrome", "dag": "/dag?dag=ingest_pages",
    "resplit": f"/lake/resplit?run={RUN}", "run": "/run?run=first",
    "missing": "/stories/none",
}  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give a home with the sample inbox, stories set aside, and a re-split that waits."""
    home = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "include" / "sample_inbox", home / "inbox")
    dated = f"12 March 2095\n{GOOD}".replace("boat", "raft").replace("Boat", "Raft")
    (home / "inbox" / "dated_ahead.txt").write_text(dated, encoding="utf-8")
    settings = replace(read_settings({}, home=home), settle_s=0.0)
    now = datetime.now(UTC)
    ingest(settings, "first", now)
    receipt = maintenance.gather(settings, "tend")
    maintenance.learn(settings, receipt, now)
    steps.publish(settings)
    run_analyze(settings, as_json=True)
    correct(settings, ["line 28 starts"], JOINED, Word("an editor", now))
    recalled = steps.recall(settings, RUN, datetime.now(UTC), Choice(), RESPLIT)
    resplit.compare(settings, judge(settings, recalled))
    return settings


@pytest.fixture(scope="module")
def base(settings: Settings) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(make_standalone(settings, "tok"), port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def page(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with open_browser(tmp_path_factory.mktemp("profile")) as page:
        page.call("Network.enable")
        page.call("Network.setCookie", name=COOKIE, value="tok", url=base)
        yield page


@pytest.fixture(scope="module")
def ids(settings: Settings) -> dict[str, str]:
    sql = f"select page_id, story_id from stories where source_name = '{JOINED}' limit 1"
    (row,) = run_query(settings.warehouse, sql).to_pylist()
    return {"page": row["page_id"], "story": row["story_id"]}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_width_and_everyone_can_use_it(
    page: Page, base: str, ids: dict[str, str], name: str, width: int, theme: str
) -> None:
    page.resize(width, 900, theme)
    page.open(base + PAGES[name].format(**ids))
    assert page.evaluate("!!document.querySelector('h1')"), page.text()
    violations = find_violations(page)
    height = page.evaluate("document.documentElement.scrollHeight")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.resize(width, min(int(height), 3000), theme)
    page.show(SCREENS / f"{name}-{width}-{theme}.png")
    assert wide <= 0, f"{wide} px too wide"
    assert not violations, "\n".join(violations)


def test_a_boundary_is_dragged_previewed_saved_and_undone(
    page: Page, base: str, ids: dict[str, str], settings: Settings
) -> None:
    made = "select line_no, action, made_by from quality.overrides order by line_no"
    before = run_query(settings.warehouse, made).num_rows
    page.resize(1280, 900, "light")
    page.open(f"{base}/pages/{ids['page']}")
    page.evaluate("document.querySelector('[data-line=\"34\"]').scrollIntoView({block: 'center'})")
    page.drag('[data-line="34"] .grip', '[data-line="30"] .content')
    page.wait("!!document.querySelector('#preview')")
    assert "line 30 starts" in page.evaluate("document.querySelector('#corrections').value")
    assert run_query(settings.warehouse, made).num_rows == before
    page.show(SCREENS / "preview.png")

    page.press("button[formaction]")
    page.wait("location.search.includes('saved=')", 180)
    rows = run_query(settings.warehouse, made).to_pylist()
    assert {(row["line_no"], row["action"]) for row in rows} >= {(30, "starts"), (34, "joins")}
    count = "document.querySelectorAll('form[action$=undo]').length"
    for left in reversed(range(page.evaluate(count))):
        page.press("form[action$=undo] button")
        page.wait(f"document.readyState === 'complete' && {count} === {left}", 180)


def test_the_keyboard_reaches_every_reason(page: Page, base: str, ids: dict[str, str]) -> None:
    page.open(f"{base}/pages/{ids['page']}")
    page.evaluate("document.querySelector('.row[tabindex]').focus()")
    shown = "getComputedStyle(document.querySelector('.row:focus .reason')).display"
    lines = []
    for _ in range(3):
        assert page.evaluate(shown) == "block"
        lines.append(page.evaluate("document.activeElement.dataset.line"))
        for kind in ("keyDown", "keyUp"):
            page.call("Input.dispatchKeyEvent", type=kind, key="ArrowDown")
    assert lines == ["1", "3", "4"]

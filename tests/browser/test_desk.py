"""
The Story Desk in a real browser, served alone: every page in both themes and widths, a correction
dragged, previewed, saved and undone. Screenshots go to build/screens/.
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
from include.pipeline import steps
from include.terminal.analyze import run_analyze
from include.warehouse.read import run_query
from tests.browser.devtools import Page, open_browser
from tests.pipeline.pages import ingest

pytestmark = pytest.mark.browser

SCREENS = ROOT / "build" / "screens"
WIDTHS, THEMES = (1280, 390), ("light", "dark")
JOINED = "01_three_stories_joined.txt"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "include" / "sample_inbox", home / "inbox")
    settings = replace(read_settings({}, home=home), settle_s=0.0)
    ingest(settings, "first", datetime.now(UTC))
    steps.publish(settings)
    run_analyze(settings, as_json=True)
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


def resize(page: Page, width: int, height: int, theme: str) -> None:
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=height, deviceScaleFactor=1, mobile=width < 600,
    )  # fmt: skip
    feature = {"name": "prefers-color-scheme", "value": theme}
    page.call("Emulation.setEmulatedMedia", features=[feature])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("morning", "/"),
        ("stories", "/stories?q=ferry"),
        ("story", "/stories/{story}"),
        ("inspector", "/pages/{page}"),
        ("events", "/events"),
        ("quality", "/quality"),
        ("quarantine", "/quality/quarantine"),
        ("lake", "/lake"),
        ("run", "/run?run=first"),
    ],
)
def test_a_page_fits_its_width(
    page: Page, base: str, ids: dict[str, str], name: str, path: str, width: int, theme: str
) -> None:
    resize(page, width, 900, theme)
    page.open(base + path.format(**ids))
    assert page.evaluate("!!document.querySelector('h1')"), page.text()
    height = page.evaluate("document.documentElement.scrollHeight")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    resize(page, width, min(int(height), 3000), theme)
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.show(SCREENS / f"{name}-{width}-{theme}.png")
    assert wide <= 0, f"{wide} px too wide"


def centre(page: Page, selector: str) -> list[float]:
    find = f"document.querySelector('{selector}').getBoundingClientRect()"
    box: list[float] = page.evaluate(f"(r => [r.x + r.width / 2, r.y + r.height / 2])({find})")
    return box


def drag(page: Page, start: list[float], end: list[float]) -> None:
    for kind, (x, y) in (("Pressed", start), ("Moved", end), ("Released", end)):
        page.call("Input.dispatchMouseEvent", type=f"mouse{kind}", x=x, y=y, button="left",
                  buttons=1, clickCount=1)  # fmt: skip


def test_a_boundary_is_dragged_previewed_saved_and_undone(
    page: Page, base: str, ids: dict[str, str], settings: Settings
) -> None:
    made = "select line_no, action, made_by from quality.overrides order by line_no"
    resize(page, 1280, 900, "light")
    page.open(f"{base}/pages/{ids['page']}")
    page.evaluate("document.querySelector('[data-line=\"34\"]').scrollIntoView({block: 'center'})")
    drag(page, centre(page, '[data-line="34"] .grip'), centre(page, '[data-line="30"] .content'))
    page.wait("!!document.querySelector('#preview')")
    assert "line 30 starts" in page.evaluate("document.querySelector('#corrections').value")
    assert run_query(settings.warehouse, made).num_rows == 0
    page.show(SCREENS / "preview.png")

    page.press("button[formaction]")
    page.wait("location.search.includes('saved=')", 180)
    rows = run_query(settings.warehouse, made).to_pylist()
    assert [(row["line_no"], row["action"]) for row in rows] == [(30, "starts"), (34, "joins")]
    for left in (1, 0):
        page.press("form[action$=undo] button")
        count = "document.querySelectorAll('form[action$=undo]').length"
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

"""Stories and parameters that try to act in a reader's browser, on every page of the desk."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from include.config.settings import read_settings
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import resplit, steps
from include.pipeline.corrections import correct
from include.pipeline.receipts import run_key
from include.review.corrections import Word
from include.terminal.analyze import run_analyze
from tests.desk.conftest import EDITOR, Desk
from tests.pipeline.pages import GOOD, ingest, judge

EVIL = "</textarea></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=a>"
RUN = "resplit_history/again"
BIDI = "abc\u202edcba\u2066x\u0007\u001b[31m"
BLACK = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
VALUES = (EVIL, "\0", "\u202e", "'; drop table stories; --", "../../etc/passwd", "%00", "x" * 5_000,
          "{{7*7}}", "http://evil.example/")  # fmt: skip
PARAMETERS = ("q", "outlet", "language", "flag", "day", "entity", "event", "run", "since", "until",
              "sort",
              "after", "least", "most", "rule", "done", "saved", "line", "start", "end", "dag",
              "hours", "rows")  # fmt: skip


class Reader(HTMLParser):
    """Collects what a browser would act on: scripts, handlers, styles, addresses."""

    def __init__(self):
        super().__init__()
        self.acts = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "object", "form", "base", "meta"):
            where = names.get("src") or names.get("href") or names.get("action") or ""
            if not where.startswith("/") and (tag != "meta" or "http-equiv" in names):
                self.acts.append((tag, attrs))
        self.acts += [(tag, name) for name in names if name.startswith("on") or name == "style"]
        if (names.get("href") or "").lower().lstrip().startswith(("javascript:", "data:", "http")):
            self.acts.append((tag, names["href"]))


def find_acts(text):
    reader = Reader()
    reader.feed(text)
    return reader.acts


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A home whose pages, names and metadata are hostile."""
    home = tmp_path_factory.mktemp("hostile")
    inbox = home / "inbox"
    inbox.mkdir()
    evil_page = GOOD.replace("Harbour", EVIL).replace("brought cake", f"brought {EVIL} {BIDI}")
    (inbox / "<img src=x onerror=alert(3)>.txt").write_text(evil_page, encoding="utf-8")
    (inbox / "bidi.txt").write_text(f"By {BIDI}\n\n{GOOD}{BIDI}\n".replace("boat", "raft"), "utf-8")
    (inbox / "bidi.txt.meta.json").write_text(
        '{"outlet": "<script>alert(4)</script>", "url": "javascript:alert(5)"}', "utf-8"
    )
    (inbox / "aside.txt").write_text(f"12 March 2095\n{evil_page}".replace("boat", "goat"), "utf-8")
    (inbox / "nul.txt").write_bytes(GOOD.replace("boat", "b\0oat").encode())
    (inbox / "again.txt").write_text(evil_page.replace("eighty", "ninety"), encoding="utf-8")
    (inbox / "long.txt").write_text(f"{GOOD}\n{'long ' * 2_000_000}\n", encoding="utf-8")
    settings = replace(read_settings({}, home=home), inbox=inbox, settle_s=0.0)
    ingest(settings, "first", datetime.now(UTC))
    steps.publish(settings)
    run_analyze(settings, as_json=True)
    correct(settings, ["line 7 starts"], "again.txt", Word(EVIL, datetime.now(UTC), EVIL))
    recalled = steps.recall(settings, RUN, datetime.now(UTC), Choice(), RESPLIT)
    resplit.compare(settings, judge(settings, recalled))
    return Desk(settings, EDITOR)


def list_paths(desk):
    stories = desk.get("/stories.json").json()
    pages = {row["page_id"] for row in stories}
    runs = desk.get("/api/runs").json()["runs"]
    aside = re.findall(r"/stories/([0-9a-f]+)", desk.get("/quality/quarantine").text)
    return [
        "/", "/stories", "/stories?q=cake", "/quality", "/quality/quarantine", "/lake", "/events",
        "/quality/chrome", "/dag?dag=ingest_pages", f"/lake/resplit?run={quote(RUN)}",
        *(f"/stories/{row['story_id']}" for row in stories), *(f"/stories/{one}" for one in aside),
        *(f"/pages/{page}" for page in pages),
        *(f"/pages/{page}/characters" for page in pages),
        *(f"/run?run={quote(run['run_id'])}" for run in runs),
    ]  # fmt: skip


@pytest.mark.runs
def test_no_page_acts_on_what_a_story_says(hostile):
    paths = list_paths(hostile)
    assert len(paths) > 15
    for path in paths:
        answer = hostile.get(path)
        assert answer.status_code == 200, path
        assert find_acts(answer.text) == [], path
        assert not BLACK.search(answer.text.replace("\t", " ")), path
        assert len(answer.text) < 2_000_000, (path, len(answer.text))


@pytest.mark.runs
def test_a_hostile_story_is_in_an_event_and_in_a_resplit(hostile):
    assert 'class="event"' in hostile.get("/events").text
    waiting = hostile.get(f"/lake/resplit?run={quote(RUN)}").text
    assert "1 changed" in hostile.get("/lake").text
    assert "&lt;script&gt;" in waiting
    compared = hostile.settings.receipts / run_key(RUN) / "compared.json"
    resplit.settle(hostile.settings, compared, resplit.REFUSED, EVIL, datetime.now(UTC))
    steps.publish(hostile.settings)
    decided = hostile.get(f"/lake/resplit?run={quote(RUN)}").text
    assert "Refused by" in decided
    assert find_acts(decided) == []
    assert not BLACK.search(decided.replace("\t", " "))


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize(
    "path", ["/", "/stories", "/quality/quarantine", "/run", "/lake/resplit", "/events", "/dag",
             "/quality/chrome", "/quality/chrome/{}", "/stories/{}", "/pages/{}",
             "/quality/rules/{}", "/static/{}", "/{}"]
)  # fmt: skip
def test_no_page_acts_on_what_an_address_says(desk, path, value):
    said = quote(value, safe="")
    names = ["" if "{}" in path else name for name in PARAMETERS]
    for name in dict.fromkeys(names):
        where = path.format(said) if not name else f"{path}?{name}={said}"
        answer = desk.get(where)
        assert answer.status_code < 500, where[:200]
        assert answer.headers.get("location", "/") == "/", where[
            :200
        ]  # another DAG: the first page
        if "html" in answer.headers.get("content-type", ""):
            assert find_acts(answer.text) == [], where[:200]


def test_a_download_has_a_name_of_ours(desk):
    answer = desk.get(f"/stories.csv?outlet={quote(EVIL)}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="stories.csv"'

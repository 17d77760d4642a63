"""*Re-split*: what waits, who may answer, what the page shows before and after the decision."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from include.config.settings import read_settings
from include.desk.access import User
from include.desk.app import make_app
from include.desk.forms import TOKEN, make_token
from include.errors import UsageWrong
from include.lake.reading.recall import Choice
from include.model import RESPLIT
from include.pipeline import resplit, steps
from include.pipeline.corrections import correct
from include.pipeline.receipts import read_receipt
from include.review.corrections import Word
from tests.desk.conftest import EDITOR, SECRET, VIEWER, Desk
from tests.pipeline.pages import DAWN, GOOD, LATER, ingest, judge

pytestmark = pytest.mark.runs
RUN = "resplit_history/again"
CHIEF = User("rosa", may_read=True, may_write=True, may_approve=True)
EVIL = "</pre><script>alert(1)</script>\u202e"


class Answers:
    """Stands in for Airflow: one question is open until it is answered."""

    def __init__(self):
        self.open, self.given = [RUN], []

    async def list_waiting(self, request):
        return list(self.open)

    async def answer(self, request, run_id, is_approved):
        if run_id not in self.open:
            raise UsageWrong("re-split", run_id, "It has been answered.")
        self.open.remove(run_id)
        self.given.append((run_id, is_approved))


@pytest.fixture
def compared(tmp_path):
    """Give settings and receipt of a home in which a re-split waits; its page is hostile."""
    settings = replace(read_settings({}, home=tmp_path), inbox=tmp_path / "inbox", settle_s=0.0)
    settings.inbox.mkdir()
    page = GOOD.replace("brought cake", f"brought {EVIL}")
    (settings.inbox / "a.txt").write_text(page, encoding="utf-8")
    ingest(settings, "first", DAWN)
    correct(settings, ["line 7 starts"], "a.txt", Word("an editor", DAWN))
    steps.publish(settings)
    recalled = steps.recall(settings, RUN, LATER, Choice(), RESPLIT)
    return settings, resplit.compare(settings, judge(settings, recalled))


def open_desk(settings, user, approvals):
    desk = Desk(settings, user)
    desk.app = make_app(settings, lambda: user, SECRET, approvals=approvals)
    return desk


def answer(desk, user, choice, run=RUN):
    token = make_token(SECRET, user)
    return desk.post("/lake/resplit", **{TOKEN: token, "run": run, "answer": choice})


def test_what_waits_is_shown_with_its_differences_and_answered_once(compared):
    settings, _ = compared
    airflow = Answers()
    desk = open_desk(settings, CHIEF, airflow)
    assert "waits for an answer: 1 changed, 1 added, 0 gone of 1 story" in desk.get("/lake").text
    assert "a re-split waits for an answer" in desk.get("/").text
    page = desk.get(f"/lake/resplit?run={RUN}").text
    assert 'value="approve"' in page
    assert "Harbour Votes" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page

    done = answer(desk, CHIEF, "approve")
    assert done.status_code == 303
    assert airflow.given == [(RUN, True)]
    assert "Approved" in desk.get(done.headers["location"]).text
    assert answer(desk, CHIEF, "refuse").status_code == 422
    assert airflow.given == [(RUN, True)]


@pytest.mark.parametrize("user", [EDITOR, VIEWER])
def test_only_who_may_approve_is_offered_and_allowed_to(compared, user):
    airflow = Answers()
    desk = open_desk(compared[0], user, airflow)
    page = desk.get(f"/lake/resplit?run={RUN}").text
    assert 'value="approve"' not in page
    assert "You may not approve" in page
    assert answer(desk, user, "approve").status_code == 403
    assert airflow.given == []


def test_an_answer_needs_the_token_of_the_form_and_a_known_word(compared):
    airflow = Answers()
    desk = open_desk(compared[0], CHIEF, airflow)
    wrong = {"run": RUN, "answer": "approve", TOKEN: "wrong"}
    assert desk.post("/lake/resplit", **wrong).status_code == 403
    assert answer(desk, CHIEF, "perhaps").status_code == 422
    assert airflow.given == []


def test_alone_the_desk_says_where_to_answer(compared):
    desk = open_desk(compared[0], CHIEF, None)
    assert "waits for an answer" in desk.get("/lake").text
    page = desk.get(f"/lake/resplit?run={RUN}").text
    assert 'value="approve"' not in page
    assert "Open the desk inside Airflow" in page
    assert answer(desk, CHIEF, "approve").status_code == 422


def test_a_decision_replaces_the_question(compared):
    settings, path = compared
    resplit.settle(settings, path, resplit.REFUSED, "rosa", datetime.now(UTC))
    steps.publish(settings)
    desk = open_desk(settings, CHIEF, None)
    lake, page = desk.get("/lake").text, desk.get(f"/lake/resplit?run={RUN}").text
    assert "waits for an answer" not in lake
    assert "Refused by" in page
    assert "rosa" in page
    assert "<script>alert" not in page
    receipt = read_receipt(path, resplit.CompareReceipt)
    path.unlink()  # receipts are cleaned up after a month
    assert receipt.examples[0].source_name in desk.get(f"/lake/resplit?run={RUN}").text

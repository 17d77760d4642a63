"""*Quality* and *Lake*: the quarantine is decided on by the same steps as in review_quarantine."""

import re
import shutil
from dataclasses import replace

import pytest

from include.desk.forms import TOKEN, make_token
from tests.desk.conftest import EDITOR, SECRET, VIEWER, Desk

SIGNED = {TOKEN: make_token(SECRET, EDITOR)}
CAUSE = "/quality/quarantine?rule=published.not_ahead"


@pytest.fixture
def writable(landed, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(landed.home, home)
    return Desk(replace(landed, home=home), EDITOR)


def chosen(desk):
    return re.findall(r'name="story" value="([0-9a-f]+ [0-9a-f]+)"', desk.get(CAUSE).text)


def test_the_quarantine_is_grouped_by_cause(desk):
    text = desk.get("/quality").text
    assert "1 story set aside by <code>published.not_ahead</code>" in text, text[1500:3000]
    text = desk.get(CAUSE).text
    assert "Night Raft" in text
    assert "No story waits" in desk.get("/quality/quarantine?rule=body.length").text


def test_a_viewer_may_not_decide(landed):
    text = Desk(landed, VIEWER).get(CAUSE).text
    assert "Night Raft" in text
    assert "checkbox" not in text


@pytest.mark.runs
def test_a_released_story_lands_with_its_flag_and_is_on_record(writable):
    (story,) = chosen(writable)
    answer = writable.post(
        "/quality/quarantine", story=story, decision="release", note="an almanac", **SIGNED
    )
    assert answer.status_code == 303
    assert "Decided on 1; 1 landed" in writable.get(answer.headers["location"]).text
    assert chosen(writable) == []
    (row,) = writable.get("/stories.json?flag=published.not_ahead").json()
    assert row["headline"] == "Harbour Votes for a Night Raft After All"
    quality = writable.get("/quality").text
    assert "an almanac" in quality
    assert "vera" in quality
    again = writable.post("/quality/quarantine", story=story, decision="reject", **SIGNED)
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"decision": "release"}, 422),
        ({"decision": "burn", "story": "a b"}, 422),
        ({"story": "a b"}, 422),
    ],
)
def test_an_answer_that_cannot_be_followed_is_refused(desk, fields, status):
    assert desk.post("/quality/quarantine", **fields, **SIGNED).status_code == status


def test_the_lake_shows_versions_and_a_run_its_files(desk):
    text = desk.get("/lake").text
    assert "first" in text
    run = desk.get("/run?run=first").text
    assert "binary:png" in run
    assert run.count("✓ balances") == 1
    assert desk.get("/run?run=never").status_code == 404
    assert desk.get("/lake/resplit?run=never").status_code == 404

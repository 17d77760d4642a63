"""*Page inspector*: the page as it came, corrections before they are saved, and after."""

import json
import shutil
from dataclasses import replace

import pytest

from include.desk.forms import TOKEN, make_token
from include.desk.page_rows import lay_out, list_characters
from include.splitter.inspect_page import Piece
from tests.desk.conftest import EDITOR, SECRET, VIEWER, Desk

SIGNED = {TOKEN: make_token(SECRET, EDITOR)}


@pytest.fixture(scope="module")
def page_id(desk):
    (first, *_) = json.loads(desk.get("/stories.json?q=traffic").text)
    return first["page_id"]


@pytest.fixture
def writable(landed, tmp_path):
    """A desk on a home of its own, to write to."""
    home = tmp_path / "home"
    shutil.copytree(landed.home, home)
    return Desk(replace(landed, home=home), EDITOR)


def test_every_line_has_its_role_reason_and_bracket(desk, page_id):
    text = desk.get(f"/pages/{page_id}").text
    for words in ('id="story-3"', 'data-role="headline"', "token of 2 characters",
                  'class="row first', 'class="run caption"', "Correct the split"):  # fmt: skip
        assert words in text, words


def test_a_viewer_sees_the_page_without_what_writes(landed, page_id):
    text = Desk(landed, VIEWER).get(f"/pages/{page_id}").text
    assert 'id="story-1"' in text
    assert "<textarea" not in text
    assert TOKEN not in text


def test_a_preview_shows_what_would_change_and_saves_nothing(desk, page_id):
    answer = desk.post(f"/pages/{page_id}/preview", corrections="line 34 joins\r\n", **SIGNED)
    assert "Preview: nothing is saved yet" in answer.text
    assert "became one" in answer.text
    assert ">line 34 joins</textarea>" in answer.text
    assert "Save and land" in answer.text
    assert "Save and land" not in desk.get(f"/pages/{page_id}").text


def test_a_correction_that_cannot_be_read_is_explained_in_place(desk, page_id):
    answer = desk.post(f"/pages/{page_id}/preview", corrections="line 999 starts", **SIGNED)
    assert answer.status_code == 422
    assert "line 999" in answer.text
    assert ">line 999 starts</textarea>" in answer.text


@pytest.mark.runs
def test_a_correction_lands_and_is_undone(writable, page_id):
    def headlines():
        rows = writable.get("/stories.json").json()
        return {row["headline"] for row in rows if row["page_id"] == page_id}

    before = headlines()
    fields = {"corrections": "line 34 joins", "note": "one story", **SIGNED}
    saved = writable.post(f"/pages/{page_id}/corrections", **fields)
    assert saved.status_code == 303
    assert len(headlines()) == len(before) - 1
    text = writable.get(saved.headers["location"]).text
    assert "one story" in text
    override_id = saved.headers["location"].split("saved=")[1]
    assert (
        writable.post(f"/pages/{page_id}/undo", override_id=override_id, **SIGNED).status_code
        == 303
    )
    assert headlines() == before


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({}, "wrong"),
        ({}, ""),
        ({"sec-fetch-site": "cross-site"}, SIGNED[TOKEN]),
        ({"sec-fetch-site": "same-site"}, SIGNED[TOKEN]),
    ],
)
@pytest.mark.parametrize("what", ["preview", "corrections", "undo"])
def test_a_form_of_another_site_is_refused(desk, page_id, headers, token, what):
    data = {"corrections": "line 34 joins", TOKEN: token}
    answer = desk.request("POST", f"/pages/{page_id}/{what}", data=data, headers=headers)
    assert answer.status_code == 403


def test_a_form_that_is_too_large_is_refused(desk, page_id):
    answer = desk.post(f"/pages/{page_id}/preview", corrections="x" * 300_000, **SIGNED)
    assert answer.status_code == 413


def test_raw_characters_have_names():
    listed = list_characters("a\u202e\0", 0, 3)
    assert [(at, code, name) for at, _, code, name in listed] == [
        (0, "U+0061", "LATIN SMALL LETTER A"),
        (1, "U+202E", "RIGHT-TO-LEFT OVERRIDE"),
        (2, "U+0000", "NULL"),
    ]


def test_every_character_of_a_page_is_in_one_run():
    text = "Head\r\n\n  One two  \rAd"
    pieces = [
        Piece(1, 0, "headline", "Head", False, "x", 1),
        Piece(3, 9, "body", "One", False, "x", 1),
        Piece(3, 13, "promo", "two", True, "y", 0),
        Piece(4, 19, "advert", "Ad", True, "z", 0),
    ]
    rows = lay_out(text, pieces)
    assert ["".join(run.text for run in row.runs) for row in rows] == [
        "Head ", "", "  One two  ", "Ad",
    ]  # fmt: skip
    assert [(row.story_no, row.bracket) for row in rows] == [
        (1, "first"), (1, "inside"), (1, "last"), (0, ""),
    ]  # fmt: skip
    assert [run.family for run in rows[2].runs] == ["", "text", "", "chrome", ""]


def test_a_preview_names_the_lines_that_change():
    def piece(line, role, story):
        return Piece(line, (line - 1) * 2, role, "x", False, "", story)

    before = [piece(1, "headline", 1), piece(2, "body", 1), piece(3, "body", 1)]
    after = [piece(1, "headline", 1), piece(2, "caption", 1), piece(3, "headline", 2)]
    rows = lay_out("x\nx\nx", after, 1, before)
    assert [row.change for row in rows] == ["", "was body", "now starts a story"]

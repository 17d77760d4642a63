"""*Stories* and *Story*: what is found, in which order, and what a reader sees of it."""

import csv
import io
import json

import pytest

from include.desk.marked_text import mark_body
from include.desk.pages.stories import _write_csv
from include.warehouse.search.find import mark_terms


def ids(desk, query):
    return [row["story_id"] for row in json.loads(desk.get(f"/stories.json?{query}").text)]


def test_words_find_stories_best_first_and_mark_them(desk):
    text = desk.get("/stories?q=traffic light").text
    assert "Port Esker Retires" in text
    assert "<mark>traffic</mark>" in text


def test_a_query_that_cannot_be_read_says_why_in_place(desk):
    answer = desk.get("/stories?q=)")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "query", ["language=de", "language=de&language=el", "outlet=", "least=0.9", "q=ferry",
              "since=2020-01-01", "day=2001-01-01", "flag=text.controls", "entity=none"]
)  # fmt: skip
def test_the_page_and_its_downloads_have_the_same_stories(desk, query):
    found = ids(desk, query)
    text = desk.get(f"/stories?{query}").text
    assert all(f"/stories/{story_id}" in text for story_id in found)
    assert text.count('<li>\n<h3><a href="/stories/') == len(found)
    rows = list(csv.DictReader(io.StringIO(desk.get(f"/stories.csv?{query}").text)))
    assert [row["story_id"] for row in rows] == found


def test_a_facet_leaves_only_its_stories(desk):
    rows = desk.get("/stories.json?language=de&language=el").json()
    assert {row["language"] for row in rows} == {"de", "el"}
    assert desk.get("/stories.json?language=xx").json() == []
    flagged = desk.get("/stories.json?flag=text.controls").json()
    assert [row["quality_flags"] for row in flagged] == [["text.controls"]]
    entity = desk.get("/stories?q=traffic").text.split("entity=")[1].split('"')[0].split("&")[0]
    assert 0 < len(desk.get(f"/stories.json?entity={entity}").json()) < 5


def test_no_cell_of_the_csv_is_a_formula(desk):
    text = desk.get("/stories.csv").text
    rows = csv.reader(io.StringIO(text))
    assert not any(cell.startswith(("=", "@", "\t")) for row in rows for cell in row)
    for formula in ("=1+1", "+1", "-1", "@sum(1)", "\t=1", "\uff1d1"):
        (csv_text,) = _write_csv(iter([{"headline": formula}]))
        (_, cell) = csv_text.splitlines()
        assert cell == f"'{formula}"


def test_a_story_shows_its_text_fields_copies_and_history(desk):
    (first, *_) = ids(desk, "q=traffic")
    text = desk.get(f"/stories/{first}").text
    for words in ("switched off its only traffic light", "The same text elsewhere", "exact",
                  "Ingrid Salloway", "What happened to it", "first prose of the page"):  # fmt: skip
        assert words in text, words


def test_every_character_of_a_body_is_in_one_part():
    body = "Ada said: “Yes.”\n\nShe left Rome.\n\n\n\nEnd"
    mentions = [
        {"start": 0, "end": 3, "kind": "person", "entity_id": "a", "name": "Ada"},
        {"start": 27, "end": 31, "kind": "place", "entity_id": "r", "name": "Rome"},
    ]
    quotes = [{"spans": [{"start": 10, "end": 16}]}]
    paragraphs = mark_body(body, mentions, quotes)
    joined = ["".join(part.text for part in paragraph) for paragraph in paragraphs]
    assert joined == ["Ada said: “Yes.”", "She left Rome.", "End"]
    assert [p.text for p in paragraphs[0] if p.is_quote] == ["“Yes.”"]
    assert [p.text for p in paragraphs[1] if p.kind] == ["Rome"]


def test_a_passage_is_cut_at_the_words_searched_for():
    parts = mark_terms("The Ferry and the ferrys.", "ferry AND -goose")
    assert parts == [("The ", False), ("Ferry", True), (" and the ferrys.", False)]

"""The JSON API: paging by key, ETags, and what it says of itself."""

import pytest


@pytest.mark.parametrize("query", ["", "sort=confidence&", "sort=landed&", "q=the&"])
def test_pages_by_key_give_every_story_once_in_order(desk, query):
    whole = desk.get(f"/api/stories?{query}rows=500").json()
    assert whole["next"] is None
    after, paged = "", []
    while after is not None:
        answer = desk.get(f"/api/stories?{query}rows=4&after={after}").json()
        paged += answer["stories"]
        after = answer["next"]
    assert [row["story_id"] for row in paged] == [row["story_id"] for row in whole["stories"]]


def test_an_unchanged_answer_is_not_sent_again(desk):
    first = desk.get("/api/stories?rows=2")
    tag = {"if-none-match": first.headers["etag"]}
    assert desk.get("/api/stories?rows=2", headers=tag).status_code == 304
    assert desk.get("/api/stories?rows=3", headers=tag).status_code == 200


def test_a_story_and_its_page_are_complete(desk):
    (listed, *_) = desk.get("/api/search?q=traffic").json()["stories"]
    story = desk.get(f"/api/stories/{listed['story_id']}").json()
    page = desk.get(f"/api/pages/{story['page_id']}").json()
    body = [page["text"][s["start"] : s["end"]] for s in story["body_spans"]]
    assert body[0].startswith("Port Esker switched off")
    assert {piece["role"] for piece in page["pieces"]} >= {"headline", "body", "caption", "widget"}
    assert all(piece["reason"] for piece in page["pieces"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/stories?after=x", 422),
        ("/api/stories?rows=0", 422),
        ("/api/stories?since=never", 422),
        ("/api/stories/none", 404),
        ("/api/pages/none", 404),
        ("/api/search?q=)", 422),
    ],
)
def test_a_wrong_request_is_answered_in_json(desk, path, status):
    answer = desk.get(path)
    assert answer.status_code == status
    assert answer.json()


def test_it_describes_itself(desk):
    described = desk.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/stories", "/api/search", "/api/stories/{story_id}", "/api/pages/{page_id}",
        "/api/runs",
    }  # fmt: skip

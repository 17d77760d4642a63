"""*Events*: what they amount to, and the outlets that covered them."""

from datetime import UTC, datetime, timedelta

from include.desk.pages.events import _card, _matrix

AT = datetime(2026, 3, 1, tzinfo=UTC)


def story(hours, relation, outlet):
    return {"seen_at": AT + timedelta(hours=hours), "relation": relation, "outlet": outlet,
            "event_id": "e", "story_id": str(hours)}  # fmt: skip


def test_a_card_says_what_an_event_amounts_to():
    event = {"wire_texts": 1, "originals": 2, "first_seen_at": AT,
             "last_seen_at": AT + timedelta(hours=4)}  # fmt: skip
    stories = [story(0, "wire", "A"), story(2, "original", "B"), story(4, "original", "A")]
    card = _card(event, stories)
    assert card["amount"] == "1 wire text + 2 originals"
    assert [dot["x"] for dot in card["stories"]] == [6, 120, 234]
    matrix = _matrix([card])
    assert matrix["outlets"] == ["A", "B"]
    assert matrix["rows"] == [(event, {"A": "original", "B": "original"})]


def test_the_page_shows_the_events_of_the_sample_inbox(desk):
    answer = desk.get("/events")
    assert answer.status_code == 200
    assert 'class="event"' in answer.text


def test_a_place_in_the_list_that_cannot_be_read_is_refused(desk):
    assert desk.get("/events?after=x").status_code == 422

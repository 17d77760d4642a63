"""The frame of the desk: who gets in, and the headers of every answer."""

import pytest
from fastapi import HTTPException

from include.config.settings import read_settings
from include.desk.app import make_app
from include.desk.headers import HEADERS
from include.desk.standalone import make_standalone
from tests.desk.conftest import EDITOR, SECRET, STRANGER, VIEWER, Desk


def refuse():
    raise HTTPException(401, "Log in first.")


def ask(app, path, **more):
    desk = Desk.__new__(Desk)
    desk.app = app
    return desk.get(path, **more)


def routes(app):
    """Give method and path of every route, with a value in place of each parameter."""
    for route in app.routes:
        for method in sorted(getattr(route, "methods", ()) - {"HEAD"}):
            path = route.path
            for name in route.param_convertors:
                path = path.replace(f"{{{name}}}", "x")
            yield method, path


def test_nobody_gets_past_any_route_without_a_login(landed):
    nobody = Desk(landed, None)
    nobody.app = make_app(landed, refuse, SECRET)
    answers = {(m, p): nobody.request(m, p).status_code for m, p in routes(nobody.app)}
    assert set(answers.values()) == {401}, answers


def test_a_user_without_the_right_to_read_gets_past_none(landed):
    stranger = Desk(landed, STRANGER)
    answers = {(m, p): stranger.request(m, p).status_code for m, p in routes(stranger.app)}
    assert set(answers.values()) == {403}, answers


def test_a_viewer_reads_every_page_and_changes_nothing(landed):
    viewer = Desk(landed, VIEWER)
    for method, path in routes(viewer.app):
        status = viewer.request(method, path).status_code
        assert (status == 403) == (method == "POST"), (method, path, status)


def test_an_editor_is_not_refused_a_page(landed):
    editor = Desk(landed, EDITOR)
    for method, path in routes(editor.app):
        if method == "GET":
            assert editor.request(method, path).status_code in (200, 303, 304, 404, 422), path


def test_every_answer_has_the_headers_that_hold_a_hostile_story(desk):
    for path in ("/", "/static/desk.css", "/nowhere", "/stories/x"):
        assert HEADERS.items() <= dict(desk.get(path).headers).items(), path


def test_a_home_without_a_warehouse_says_what_to_do(tmp_path):
    answer = Desk(read_settings({}, home=tmp_path), VIEWER).get("/")
    assert answer.status_code == 200
    assert "python -m include ingest" in answer.text


def test_the_first_page_shows_counts_that_balance(desk):
    text = desk.get("/").text
    assert text.count("✓ balances") == 2
    assert "binary:png" in text
    assert "published.not_ahead" in text


def test_without_a_login_a_person_is_led_to_it(landed):
    app = make_app(landed, refuse, SECRET, lambda request: f"/login?next={request.url.path}")
    answer = ask(app, "/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/login?next=/")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer wrong"}, 401),
        ({"authorization": "Bearer right"}, 200),
        ({"cookie": "copydesk_token=right"}, 200),
        ({"cookie": "copydesk_token=wrong"}, 401),
        ({"authorization": "Bearer right", "host": "evil.example"}, 400),
    ],
)
def test_alone_the_desk_asks_for_its_token(landed, headers, status):
    app = make_standalone(landed, "right")
    answer = ask(app, "/", headers={"host": "127.0.0.1:8090", **headers})
    assert answer.status_code == status


def test_the_token_leaves_the_address_for_a_cookie(landed):
    app = make_standalone(landed, "right")
    answer = ask(app, "/?token=right&hours=168", headers={"host": "127.0.0.1:8090"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?hours=168")
    assert "HttpOnly" in answer.headers["set-cookie"]

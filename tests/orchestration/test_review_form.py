"""The form under a case: its buttons work untouched, and what cannot be followed is asked again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskAwaitingInput

from include.config.settings import Settings
from include.errors import AnswerUnclear
from include.orchestration import review_tasks
from include.orchestration.review_form import make_form
from include.orchestration.review_tasks import AskOperator, read_answer
from include.pipeline import review
from tests.pipeline.pages import set_aside

NOW = datetime.now(UTC)
UNTOUCHED = dict.fromkeys(make_form(2, {}))


def is_required(schema: dict[str, Any]) -> bool:
    """Say whether Airflow's form keeps the buttons disabled while a field is empty."""
    kind = schema.get("type")
    return bool(kind) and (not isinstance(kind, list) or "null" not in kind)


def event(option: str = "Send back", **inputs: Any) -> dict[str, Any]:
    return {
        "chosen_options": [option],
        "params_input": UNTOUCHED | inputs,
        "responded_at": NOW,
        "responded_by_user": {"id": "1", "name": "an editor"},
    }


@pytest.fixture
def case(settings: Settings) -> str:
    set_aside(settings)
    (receipt,) = review.gather_cases(settings, "review")
    return str(receipt)


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Give the questions that were put to a person, in order."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "airflow.providers.standard.operators.hitl.upsert_hitl_detail",
        lambda **question: asked.append(question),
    )
    return asked


def operator(settings: Settings, case: str, answered: Any = None) -> AskOperator:
    told = AskOperator(
        task_id="ask", case=case, settings=settings, answered=answered, is_last=answered is not None
    )
    told.notifiers = []
    return told


class Instance:
    id = "0"
    map_index = 0
    start_date = NOW


CONTEXT = {"task_instance": Instance(), "ti": Instance(), "dag_run": Instance()}


def ask(settings: Settings, case: str, answered: Any = None) -> timedelta:
    """Put the question; give how long it waits."""
    with pytest.raises(TaskAwaitingInput) as waiting:
        operator(settings, case, answered).execute(CONTEXT)
    return waiting.value.timeout


def test_no_field_is_required() -> None:
    for name in make_form(3, {}):
        schema = make_form(3, {})[name].schema
        assert not is_required(schema), name
        assert make_form(3, {})[name].value is None, name


def test_the_stories_are_chosen_from_those_that_are_shown() -> None:
    schema = make_form(3, {})["stories"].schema
    assert schema["examples"] == ["1", "2", "3"]


def test_untouched_fields_are_an_answer(settings: Settings, case: str) -> None:
    answer = operator(settings, case).execute_complete({}, event("Release"))
    told = read_answer(answer)
    assert (told.decision, told.only, told.note, told.corrections) == ("release", "", "", "")


@pytest.mark.parametrize("chosen", [["1", "3"], "1, 3"])
def test_stories_are_read_from_the_list_and_from_text(chosen: Any) -> None:
    assert read_answer(event("Reject", stories=chosen)).only == "1, 3"


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"corrections": "line 900 starts"}, "line 900"),
        ({"corrections": "make it better"}, "make it better"),
        ({"corrections": "line 1 is nonsense"}, "Roles are"),
        ({"corrections": 'lines of The Herald like "(" are promo'}, "regular expression"),
        ({"stories": "7"}, "numbers from 1 to 1"),
    ],
)
def test_an_answer_that_cannot_be_followed_is_asked_again_with_the_reason(
    settings: Settings,
    case: str,
    questions: list[dict[str, Any]],
    inputs: dict[str, Any],
    says: str,
) -> None:
    first_wait = ask(settings, case)
    unclear = operator(settings, case).execute_complete({}, event(note="see below", **inputs))
    assert ask(settings, case, unclear) <= first_wait
    first, again = questions
    assert says not in first["body"]
    assert again["body"].startswith("**Your answer could not be followed, and nothing was done.**")
    assert says in again["body"].split("###")[0]
    for name, value in {"note": "see below", **inputs}.items():
        assert again["params"][name]["value"] == value
    assert {name: p["schema"] for name, p in again["params"].items()} == {
        name: p["schema"] for name, p in first["params"].items()
    }
    answer = operator(settings, case, unclear).execute_complete({}, event("Leave"))
    assert read_answer(answer).decision == "leave"


def test_an_answer_that_can_be_followed_is_not_asked_about_again(
    settings: Settings,
    case: str,
    questions: list[dict[str, Any]],
) -> None:
    answer = operator(settings, case).execute_complete({}, event("Release"))
    assert operator(settings, case, answer).execute(CONTEXT) == answer
    assert questions == []


def test_the_last_answer_that_cannot_be_followed_is_tried_again(
    settings: Settings,
    case: str,
) -> None:
    unclear = operator(settings, case).execute_complete({}, event(corrections="nonsense"))
    with pytest.raises(AnswerUnclear, match="nonsense"):
        operator(settings, case, unclear).execute_complete({}, event(corrections="nonsense"))


def test_the_reviewers_words_cannot_forge_the_question(
    settings: Settings,
    case: str,
    questions: list[dict[str, Any]],
) -> None:
    unclear = operator(settings, case).execute_complete(
        {}, event(corrections="`x` **bold** <b>y</b>")
    )
    ask(settings, case, unclear)
    told = questions[-1]["body"].split("###")[0]
    assert "`x`" not in told
    assert "ʼxʼ" in told


def test_who_answers_at_the_last_moment_has_time_to_answer_again(
    settings: Settings,
    case: str,
    questions: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unclear = operator(settings, case).execute_complete({}, event(corrections="nonsense"))
    monkeypatch.setattr(Instance, "start_date", NOW - timedelta(seconds=settings.review_s))
    assert ask(settings, case, unclear) == review_tasks.LEAST_WAIT


def test_nothing_is_written_by_an_answer_that_cannot_be_followed(
    settings: Settings,
    case: str,
) -> None:
    before = sorted(Path(settings.lake).rglob("*.json"))
    operator(settings, case).execute_complete({}, event("Release", corrections="nonsense"))
    assert sorted(Path(settings.lake).rglob("*.json")) == before

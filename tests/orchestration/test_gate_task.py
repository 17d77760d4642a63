"""The gate in Airflow: who opened it, and what a person who finds it closed is told."""

from types import SimpleNamespace

import pytest

from include.config.settings import Settings
from include.errors import GateClosed
from include.orchestration import gate_task, run_notes
from include.orchestration.notices import describe_error
from include.pipeline import steps

CLOSED = GateClosed("gate: run.length_jump", "1.25", "The bound is at most 1.")


def context(rules=(), who="editor"):
    pushed = {}
    ti = SimpleNamespace(xcom_push=lambda key, value: pushed.update({key: value}), pushed=pushed)
    run = SimpleNamespace(triggering_user_name=who, run_type="scheduled")
    return {"params": {"open_gate": list(rules)}, "dag_run": run, "ti": ti}


@pytest.fixture
def weigh(monkeypatch):
    def run(given, gate=lambda *_: "gate.json"):
        monkeypatch.setattr(gate_task, "get_current_context", lambda: given)
        monkeypatch.setattr(run_notes, "get_current_context", lambda: given)
        monkeypatch.setattr(steps, "gate", gate)
        return gate_task.weigh(Settings(), "intake.json", [])

    return run


def closed(*_):
    raise CLOSED


def test_a_run_whose_param_names_no_rule_opens_nothing():
    assert gate_task.read_opening(context()) is None
    assert gate_task.read_opening(context() | {"params": {"open_gate": None}}) is None


def test_the_opening_names_who_triggered_the_run_and_the_rules():
    opening = gate_task.read_opening(context(["run.length_jump ", "run.rule_jump"]))
    assert opening is not None
    assert (opening.opened_by, opening.rules) == ("editor", ("run.length_jump", "run.rule_jump"))


def test_a_run_that_nobody_triggered_says_so():
    opening = gate_task.read_opening(context(["run.length_jump"], who=None))
    assert opening is not None
    assert opening.opened_by == "unknown, by a run of type scheduled"


def test_a_closed_gate_tells_how_to_open_it(weigh):
    with pytest.raises(GateClosed, match=r"run\.length_jump.*at most 1.*open_gate"):
        weigh(context(), gate=closed)


def test_a_closed_gate_says_rule_figure_and_bound(weigh):
    with pytest.raises(GateClosed) as caught:
        weigh(context(), gate=closed)
    reason = describe_error(caught.value)
    assert all(word in reason for word in ("run.length_jump", "1.25", "at most 1", "open_gate"))


def test_an_open_gate_leaves_no_word_of_a_closed_one(weigh):
    given = context()
    weigh(given)
    assert run_notes.KEY not in given["ti"].pushed


def test_a_gate_that_a_person_opens_says_who_and_for_what(weigh):
    given = context(["run.length_jump"])
    weigh(given)
    assert given["ti"].pushed[run_notes.KEY] == "Gate opened by editor for run.length_jump."

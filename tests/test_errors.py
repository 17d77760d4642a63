"""Every error says what failed, with which value, why, and the way out."""

import ast
import pickle
import re
from pathlib import Path

import pytest

import include.errors
import include.standalone.launch  # defines the rest of the tree
from include.errors import CopydeskError, Permanent, SettingUnknown, Transient

ROOT = Path(__file__).resolve().parents[1]


def subclasses(kind: type[CopydeskError]) -> list[type[CopydeskError]]:
    return [c for below in kind.__subclasses__() for c in (below, *subclasses(below))]


CONCRETE = [kind for kind in subclasses(CopydeskError) if kind not in (Transient, Permanent)]
assert include.standalone.launch.PortTaken in CONCRETE


def test_a_message_says_what_failed_with_which_value_why_and_the_way_out() -> None:
    error = SettingUnknown("setting", "COPYDESK_FOO", "The settings are listed in .env.example.")

    assert str(error) == (
        "setting: 'COPYDESK_FOO'. There is no setting of this name. "
        "The settings are listed in .env.example."
    )


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_each_error_states_its_own_problem_as_a_sentence(kind: type[CopydeskError]) -> None:
    assert re.fullmatch(r"[A-Z].*[a-z]\.", vars(kind).get("problem", ""))


@pytest.mark.parametrize("kind", CONCRETE, ids=lambda kind: kind.__name__)
def test_an_error_is_the_same_in_another_process(kind: type[CopydeskError]) -> None:
    error = kind("thing", {"value": 1}, "Way out.")

    again = pickle.loads(pickle.dumps(error))

    assert type(again) is kind
    assert str(again) == str(error)


def test_the_tree_at_the_top_of_the_file_is_the_tree() -> None:
    drawn, parent = {}, ""
    for line in (include.errors.__doc__ or "").splitlines():
        if found := re.match(r"    ([│ ]*)[├└]── (\w+)", line):
            drawn[found[2]] = parent if found[1] else "CopydeskError"
            parent = parent if found[1] else found[2]

    real = {
        kind.__name__: (kind.__base__ or object).__name__
        for kind in subclasses(CopydeskError)
        if kind.__module__ == "include.errors"
    }
    assert drawn == real


def test_only_errors_with_a_problem_are_raised() -> None:
    abstract = {"CopydeskError", "Transient", "Permanent"}
    raised = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("include", "dags", "plugins")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in abstract
    ]

    assert raised == []

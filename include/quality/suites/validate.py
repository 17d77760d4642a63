"""
Proofreading: every way in which a suite file can be wrong, each with the place and the way out.

Knows what a rule may say, not whether the rule is wise, and not whether its SQL can be read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from include.errors import SuiteError
from include.quality.suites.rules import BOUNDS, EXPECTATIONS, SCOPES, SEVERITIES, Rule, names_in

RULE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
NAME = re.compile(r"[a-z][a-z0-9_]*")
RULE_KEYS = frozenset({"id", "expect", "kwargs", "severity", "scope", "note"})


def check_keys(where: str, given: object, wanted: frozenset[str]) -> None:
    """Raise `SuiteError` unless `given` is a mapping of exactly the keys wanted."""
    if not isinstance(given, dict):
        raise SuiteError(where, given, f"Give a mapping of {_listed(wanted)}.")
    for key in given:
        if key not in wanted:
            raise SuiteError(f"{where}: key", key, f"It is unknown; keys are {_listed(wanted)}.")
    for key in sorted(wanted - set(given)):
        raise SuiteError(f"{where}: key", key, "It is missing; state it.")


def read_names(file: str, section: str, given: object, kinds: tuple[type, ...]) -> dict[str, Any]:
    """
    Read a section that maps names to values of some kinds, in the file's order.

    Raises:
        SuiteError: no mapping; a name is no lower_case_word; a value is empty or of another kind.
    """
    if not isinstance(given, dict):
        raise SuiteError(f"{file}: {section}", given, "Give a mapping; {} where it is empty.")
    for name, value in given.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SuiteError(f"{file}: {section}", name, "Names are lower_case_words.")
        if type(value) not in kinds or value == "" or value != value:
            way_out = f"Give {' or '.join(kind.__name__ for kind in kinds)}."
            raise SuiteError(f"{file}: {section}: {name}", value, way_out)
    return dict(given)


def read_rule(file: str, given: object, derived: Collection[str]) -> Rule:
    """
    Read one rule.

    Raises:
        SuiteError: it says something that no rule may say, or looks at a column not derived.
    """
    name = given.get("id") if isinstance(given, dict) else given
    where = f"{file}: rule {name!r}"
    check_keys(where, given, RULE_KEYS)
    rule = Rule(**given)  # type: ignore[arg-type]  # check_keys saw a mapping of exactly these
    for key in sorted(RULE_KEYS - {"kwargs"}):
        said = getattr(rule, key)
        if not isinstance(said, str) or not said.strip():
            raise SuiteError(f"{where}: {key}", said, "Give some words.")
    if not RULE_ID.fullmatch(rule.id):
        raise SuiteError(f"{where}: id", rule.id, "Ids look like body.length.")
    _check_choice(f"{where}: severity", rule.severity, SEVERITIES)
    _check_choice(f"{where}: scope", rule.scope, SCOPES)
    _check_choice(f"{where}: expect", rule.expect, EXPECTATIONS)
    _check_scope(where, rule)
    _check_kwargs(where, rule, derived)
    kwargs, note = MappingProxyType(dict(rule.kwargs)), " ".join(rule.note.split())
    return Rule(rule.id, rule.expect, kwargs, rule.severity, rule.scope, note)


def check_rules_differ(file: str, rules: Sequence[Rule]) -> None:
    """Raise `SuiteError` where two rules share an id, or ask the same (GX would drop one)."""
    ids: set[str] = set()
    asked: dict[str, str] = {}
    for rule in rules:
        if rule.id in ids:
            raise SuiteError(f"{file}: rule", rule.id, "The id is taken; ids are unique.")
        ids.add(rule.id)
        question = f"{rule.expect} {sorted(rule.kwargs.items())}"
        if question in asked:
            raise SuiteError(f"{file}: rule", rule.id, f"It asks what {asked[question]} asks.")
        asked[question] = rule.id


def check_all_used(
    file: str, gates: Mapping[str, float], derive: Mapping[str, str], rules: Sequence[Rule]
) -> None:
    """Raise `SuiteError` where a gate or a derived column serves no rule and no later column."""
    looked_at = {rule.column for rule in rules}
    named: set[str] = set()
    for name, sql in reversed(list(derive.items())):
        if name not in looked_at | named:
            way_out = "No rule and no later column uses it: use it or drop it."
            raise SuiteError(f"{file}: derive", name, way_out)
        named |= names_in(sql)
    for name in gates:
        if name not in named:
            raise SuiteError(f"{file}: gates", name, "No derived column uses it: drop it.")


def _check_choice(where: str, given: str, choices: Collection[str]) -> None:
    if given not in choices:
        raise SuiteError(where, given, f"Choose one of {', '.join(choices)}.")


def _check_scope(where: str, rule: Rule) -> None:
    fitting = EXPECTATIONS[rule.expect].scopes
    if rule.scope not in fitting:
        raise SuiteError(f"{where}: scope", rule.scope, f"{rule.expect} is for {_listed(fitting)}.")
    if rule.scope == "batch" and rule.severity == "critical":
        way_out = "A batch is never set aside: make it a warning, or a rule of the run's suite."
        raise SuiteError(f"{where}: severity", rule.severity, way_out)


def _check_kwargs(where: str, rule: Rule, derived: Collection[str]) -> None:
    given, known = rule.kwargs, EXPECTATIONS[rule.expect]
    if not isinstance(given, dict):
        raise SuiteError(f"{where}: kwargs", given, f"Give a mapping with {_listed(known.needs)}.")
    for key in given:
        if key not in known.needs | known.may:
            way_out = f"{rule.expect} takes {_listed(known.needs | known.may)}."
            raise SuiteError(f"{where}: kwargs", key, way_out)
    for key in sorted(known.needs - set(given)):
        raise SuiteError(f"{where}: kwargs", key, "It is missing; state it.")
    if rule.column not in derived:
        raise SuiteError(f"{where}: column", given["column"], "`derive` gives no such column.")
    if known.may >= BOUNDS:
        _check_bounds(where, given)
    if "value_set" in known.needs:
        _check_values(f"{where}: value_set", given["value_set"])


def _check_values(where: str, values: object) -> None:
    """A check column holds booleans or numbers; any other value, text above all, equals none."""
    if not isinstance(values, list) or not values:
        raise SuiteError(where, values, "Give a list of values.")
    if not all(type(value) is bool for value in values) and not all(map(_is_number, values)):
        way_out = "Give values that are all true or false, or all numbers; none in quotes."
        raise SuiteError(where, values, way_out)


def _check_bounds(where: str, given: Mapping[str, Any]) -> None:
    low, high = given.get("min_value"), given.get("max_value")
    for bound in (low, high):
        if bound is not None and not _is_number(bound):
            raise SuiteError(f"{where}: bound", bound, "Give a number.")
    if low is None and high is None:
        raise SuiteError(f"{where}: bounds", None, "Give min_value, max_value or both.")
    if low is not None and high is not None and low > high:
        raise SuiteError(f"{where}: bounds", (low, high), "min_value lies above max_value.")
    for key, bound in (("strict_min", "min_value"), ("strict_max", "max_value")):
        if type(given.get(key, True)) is not bool:
            raise SuiteError(f"{where}: {key}", given[key], "Give true or false.")
        if key in given and given.get(bound) is None:
            raise SuiteError(f"{where}: {key}", given[key], f"Its {bound} is missing.")
    if low == high and (given.get("strict_min") or given.get("strict_max")):
        way_out = "No number lies in them, so nothing would pass: leave strict_min, strict_max out."
        raise SuiteError(f"{where}: bounds", (low, high), way_out)


def _is_number(value: object) -> bool:
    """Say whether a number is one that a column can hold: no boolean, finite, and a float's."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= sys.float_info.max


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))

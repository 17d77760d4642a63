"""
Validate suite files; every error names the place, the value and the way out.

It checks the form of a rule, not whether the rule makes sense or whether its SQL parses.
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


def check_keys(where: str, mapping: object, wanted: frozenset[str]) -> None:
    """Raise `SuiteError` unless `mapping` is a dict with exactly the wanted keys."""
    if not isinstance(mapping, dict):
        raise SuiteError(where, mapping, f"Give a mapping of {_listed(wanted)}.")
    for key in mapping:
        if key not in wanted:
            raise SuiteError(f"{where}: key", key, f"It is unknown; keys are {_listed(wanted)}.")
    for key in sorted(wanted - set(mapping)):
        raise SuiteError(f"{where}: key", key, "It is missing: add it.")


def read_names(file: str, section: str, names: object, kinds: tuple[type, ...]) -> dict[str, Any]:
    """
    Read a section that maps names to values of the given types, in the file's order.

    Raises:
        SuiteError: not a mapping; a name is not a lower_case_word; a value is empty or of another
            type.
    """
    if not isinstance(names, dict):
        raise SuiteError(f"{file}: {section}", names, "Give a mapping; {} if it is empty.")
    for name, value in names.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SuiteError(f"{file}: {section}", name, "Use a lower_case_word as name.")
        if type(value) not in kinds or value == "" or value != value:
            way_out = f"Give {' or '.join(kind.__name__ for kind in kinds)}."
            raise SuiteError(f"{file}: {section}: {name}", value, way_out)
    return dict(names)


def read_rule(file: str, fields: object, derived: Collection[str]) -> Rule:
    """
    Read one rule.

    Raises:
        SuiteError: a field is not valid, or the rule checks a column that is not derived.
    """
    name = fields.get("id") if isinstance(fields, dict) else fields
    where = f"{file}: rule {name!r}"
    check_keys(where, fields, RULE_KEYS)
    rule = Rule(**fields)  # type: ignore[arg-type]  # check_keys verified the keys
    for key in sorted(RULE_KEYS - {"kwargs"}):
        text = getattr(rule, key)
        if not isinstance(text, str) or not text.strip():
            raise SuiteError(f"{where}: {key}", text, "Give a text that is not empty.")
    if not RULE_ID.fullmatch(rule.id):
        raise SuiteError(f"{where}: id", rule.id, "Write it like body.length.")
    _check_choice(f"{where}: severity", rule.severity, SEVERITIES)
    _check_choice(f"{where}: scope", rule.scope, SCOPES)
    _check_choice(f"{where}: expect", rule.expect, EXPECTATIONS)
    _check_scope(where, rule)
    _check_kwargs(where, rule, derived)
    kwargs, note = MappingProxyType(dict(rule.kwargs)), " ".join(rule.note.split())
    return Rule(rule.id, rule.expect, kwargs, rule.severity, rule.scope, note)


def check_rules_differ(file: str, rules: Sequence[Rule]) -> None:
    """Raise `SuiteError` if two rules share an id or make the same check (GX would drop one)."""
    ids: set[str] = set()
    id_by_check: dict[str, str] = {}
    for rule in rules:
        if rule.id in ids:
            raise SuiteError(f"{file}: rule", rule.id, "The id is taken: choose another.")
        ids.add(rule.id)
        check = f"{rule.expect} {sorted(rule.kwargs.items())}"
        if check in id_by_check:
            raise SuiteError(
                f"{file}: rule",
                rule.id,
                f"It makes the same check as {id_by_check[check]}: drop one.",
            )
        id_by_check[check] = rule.id


def check_all_used(
    file: str, gates: Mapping[str, float], derive: Mapping[str, str], rules: Sequence[Rule]
) -> None:
    """Raise `SuiteError` if no rule and no later column uses a gate or a derived column."""
    checked = {rule.column for rule in rules}
    named: set[str] = set()
    for name, sql in reversed(list(derive.items())):
        if name not in checked | named:
            way_out = "No rule and no later column uses it: use it or drop it."
            raise SuiteError(f"{file}: derive", name, way_out)
        named |= names_in(sql)
    for name in gates:
        if name not in named:
            raise SuiteError(f"{file}: gates", name, "No derived column uses it: drop it.")


def _check_choice(where: str, value: str, choices: Collection[str]) -> None:
    if value not in choices:
        raise SuiteError(where, value, f"Choose one of {', '.join(choices)}.")


def _check_scope(where: str, rule: Rule) -> None:
    fitting = EXPECTATIONS[rule.expect].scopes
    if rule.scope not in fitting:
        raise SuiteError(f"{where}: scope", rule.scope, f"{rule.expect} is for {_listed(fitting)}.")
    if rule.scope == "batch" and rule.severity == "critical":
        way_out = "A batch is never set aside: make it a warning, or a rule of the run's suite."
        raise SuiteError(f"{where}: severity", rule.severity, way_out)


def _check_kwargs(where: str, rule: Rule, derived: Collection[str]) -> None:
    kwargs, expectation = rule.kwargs, EXPECTATIONS[rule.expect]
    if not isinstance(kwargs, dict):
        way_out = f"Give a mapping with {_listed(expectation.needs)}."
        raise SuiteError(f"{where}: kwargs", kwargs, way_out)
    for key in kwargs:
        if key not in expectation.needs | expectation.may:
            way_out = f"{rule.expect} takes {_listed(expectation.needs | expectation.may)}."
            raise SuiteError(f"{where}: kwargs", key, way_out)
    for key in sorted(expectation.needs - set(kwargs)):
        raise SuiteError(f"{where}: kwargs", key, "It is missing: add it.")
    if rule.column not in derived:
        raise SuiteError(f"{where}: column", kwargs["column"], "`derive` defines no such column.")
    if expectation.may >= BOUNDS:
        _check_bounds(where, kwargs)
    if "value_set" in expectation.needs:
        _check_values(f"{where}: value_set", kwargs["value_set"])


def _check_values(where: str, values: object) -> None:
    """Raise `SuiteError` for values no check column holds: anything but booleans or numbers."""
    if not isinstance(values, list) or not values:
        raise SuiteError(where, values, "Give a list of values.")
    if not all(type(value) is bool for value in values) and not all(map(_is_number, values)):
        way_out = "Give values that are all true or false, or all numbers; none in quotes."
        raise SuiteError(where, values, way_out)


def _check_bounds(where: str, kwargs: Mapping[str, Any]) -> None:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    for bound in (low, high):
        if bound is not None and not _is_number(bound):
            raise SuiteError(f"{where}: bound", bound, "Give a number.")
    if low is None and high is None:
        raise SuiteError(f"{where}: bounds", None, "Give min_value, max_value or both.")
    if low is not None and high is not None and low > high:
        raise SuiteError(
            f"{where}: bounds", (low, high), "min_value is above max_value: swap them."
        )
    for key, bound in (("strict_min", "min_value"), ("strict_max", "max_value")):
        if type(kwargs.get(key, True)) is not bool:
            raise SuiteError(f"{where}: {key}", kwargs[key], "Give true or false.")
        if key in kwargs and kwargs.get(bound) is None:
            raise SuiteError(f"{where}: {key}", kwargs[key], f"{bound} is missing: add it.")
    if low == high and (kwargs.get("strict_min") or kwargs.get("strict_max")):
        way_out = "No number lies between them, so nothing would pass: drop strict_min, strict_max."
        raise SuiteError(f"{where}: bounds", (low, high), way_out)


def _is_number(value: object) -> bool:
    """Tell whether a value is a finite number within the range of a float; booleans are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= sys.float_info.max


def _listed(words: Collection[str]) -> str:
    return ", ".join(sorted(words))

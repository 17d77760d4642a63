"""
Suites: the reviewed YAML files that say what is right, read strictly.

All that can be wrong with a suite is found when it is read, without Great Expectations and without
a story, but for the SQL of its check columns, which DuckDB reads when it judges.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from include.errors import SuiteError
from include.quality.proofread import (
    check_all_used,
    check_keys,
    check_rules_differ,
    read_names,
    read_rule,
)
from include.quality.rules import Suite

HERE = Path(__file__).parent
ENDING = ".suite.yaml"
KEYS = frozenset({"suite", "version", "gates", "derive", "rules"})


def load_suite(name: str) -> Suite:
    """
    Load the suite `include/quality/<name>.suite.yaml`.

    Raises:
        SuiteError: no such suite, or `read_suite` refuses it.
    """
    paths = {path.name.removesuffix(ENDING): path for path in HERE.glob(f"*{ENDING}")}
    if name not in paths:
        raise SuiteError("suite", name, f"Suites are: {', '.join(sorted(paths))}.")
    return read_suite(paths[name])


def read_suite(path: Path) -> Suite:
    """
    Read a suite from a file that is named for it.

    Raises:
        SuiteError: no YAML; a key is unknown, missing, given twice or of the wrong kind; two rules
            share an id or ask the same; a rule names an expectation or column that is not there;
            a gate or derived column serves nothing.
    """
    content, file = path.read_bytes(), path.name
    raw = _parse(file, content)
    check_keys(file, raw, KEYS)
    if f"{raw['suite']}{ENDING}" != file:
        raise SuiteError(f"{file}: suite", raw["suite"], f"A file is named <suite>{ENDING}.")
    if type(raw["version"]) is not int or raw["version"] < 1:
        raise SuiteError(f"{file}: version", raw["version"], "Give a whole number from 1.")
    gates = read_names(file, "gates", raw["gates"], (int, float))
    derive = read_names(file, "derive", raw["derive"], (str,))
    if not isinstance(raw["rules"], list) or not raw["rules"]:
        raise SuiteError(f"{file}: rules", raw["rules"], "Give a list of rules.")
    rules = tuple(read_rule(file, rule, frozenset(derive)) for rule in raw["rules"])
    check_rules_differ(file, rules)
    check_all_used(file, gates, derive, rules)
    version = f"{raw['version']}+{hashlib.sha256(content).hexdigest()[:6]}"
    return Suite(raw["suite"], version, MappingProxyType(derive), rules, MappingProxyType(gates))


def _parse(file: str, content: bytes) -> Any:
    try:
        return yaml.load(content.decode(), Loader=_OnceLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise SuiteError(file, str(exc), "Mend the YAML.") from exc


class _OnceLoader(yaml.SafeLoader):
    """A SafeLoader that refuses a key given twice: YAML itself lets the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value)
        for key, count in keys.items():
            if count > 1:
                problem = f"key {key!r} is given {count} times"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping

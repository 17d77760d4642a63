"""
Suites: the reviewed YAML files that say what is right, read strictly; one file, or one a family.

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

from include.errors import MALFORMED_YAML, SuiteError
from include.quality.suites.rules import Suite
from include.quality.suites.validate import (
    check_all_used,
    check_keys,
    check_rules_differ,
    read_names,
    read_rule,
)

HERE = Path(__file__).parent
ENDING = ".suite.yaml"
KEYS = frozenset({"suite", "version", "gates", "derive", "rules"})


def load_suite(name: str) -> Suite:
    """
    Load a suite of `include/quality/`: `<name>.suite.yaml`, or its families, in their names' order.

    Raises:
        SuiteError: no such suite, or `read_suite` refuses it.
    """
    paths: dict[str, list[Path]] = {}
    for path in sorted(HERE.glob(f"*{ENDING}")):
        paths.setdefault(path.name.split(".")[0], []).append(path)
    if name not in paths:
        raise SuiteError("suite", name, f"Suites are: {', '.join(sorted(paths))}.")
    return read_suite(*paths[name])


def read_suite(*paths: Path) -> Suite:
    """
    Read a suite from a file that is named for it, or from several, its families.

    A family is whole in itself: it derives what its rules look at. The version is the declared one,
    alike in all, and the head of the sha256 over their bytes.
    Raises:
        SuiteError: no YAML; a key is unknown, missing, given twice or of the wrong kind; two rules
            share an id or ask the same; a rule names an expectation or column that is not there;
            a gate or derived column serves nothing, or stands in two families.
    """
    families = [_read_family(path) for path in paths]
    name, version = families[0].name, families[0].version
    file = f"{name}{ENDING}"
    gates: dict[str, float] = {}
    derive: dict[str, str] = {}
    for family in families:
        if (family.name, family.version) != (name, version):
            raise SuiteError(f"{file}: version", family.version, f"All families are {version}.")
        for taken in [*(gates.keys() & family.gates), *(derive.keys() & family.derive)]:
            raise SuiteError(f"{file}: name", taken, "Two families give it: choose another.")
        gates |= family.gates
        derive |= family.derive
    rules = tuple(rule for family in families for rule in family.rules)
    check_rules_differ(file, rules)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:6]
    return Suite(
        name, f"{version}+{digest}", MappingProxyType(derive), rules, MappingProxyType(gates)
    )


def _read_family(path: Path) -> Suite:
    """Read one file of a suite; its `version` is the declared one alone."""
    file = path.name
    raw = _parse(file, path.read_bytes())
    check_keys(file, raw, KEYS)
    if file.split(".")[0] != raw["suite"]:
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
    return Suite(raw["suite"], str(raw["version"]), derive, rules, gates)


def _parse(file: str, content: bytes) -> Any:
    try:
        return yaml.load(content.decode(), Loader=_OnceLoader)
    except yaml.YAMLError as exc:
        raise SuiteError(file, str(exc), "Mend the YAML.") from exc
    except MALFORMED_YAML as exc:
        raise SuiteError(file, f"{type(exc).__name__}: {exc}", "Mend the YAML.") from exc


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

"""
Load and validate the suites: reviewed YAML files of rules, one per suite or one per family.

Every error in a suite is reported when it is read, without Great Expectations and without a
story, except for the SQL of its check columns, which DuckDB parses when it judges.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from include.errors import MALFORMED_YAML, SuiteError
from include.quality.suites.rules import Rule, Suite
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
    Load a suite of `include/quality/`: `<name>.suite.yaml`, or its families, sorted by name.

    Raises:
        SuiteError: there is no such suite, or `read_suite` refuses it.
    """
    paths: dict[str, list[Path]] = {}
    for path in sorted(HERE.glob(f"*{ENDING}")):
        paths.setdefault(path.name.split(".")[0], []).append(path)
    if name not in paths:
        raise SuiteError("suite", name, f"Suites are: {', '.join(sorted(paths))}.")
    return read_suite(*paths[name])


def read_suite(*paths: Path) -> Suite:
    """
    Read a suite from the file named after it, or from several files, its families.

    A family is self-contained: it derives the columns its rules check. The version is the declared
    one, the same in every family, followed by `+` and six hex digits of `_digest_of`: a comment or
    a change of layout in the YAML leaves it as it is.
    Raises:
        SuiteError: not valid YAML; a key is unknown, missing, repeated or of the wrong type; two
            rules share an id or make the same check; a rule names an unknown expectation or column;
            a gate or derived column is unused, or defined in two families.
    """
    families = [_read_family(path) for path in paths]
    name, version = families[0].name, families[0].version
    file = f"{name}{ENDING}"
    gates: dict[str, float] = {}
    derive: dict[str, str] = {}
    for family in families:
        if (family.name, family.version) != (name, version):
            raise SuiteError(
                f"{file}: version", family.version, f"All families are {version}: use it here too."
            )
        for name_taken in [*(gates.keys() & family.gates), *(derive.keys() & family.derive)]:
            way_out = "Two families define it: choose another name."
            raise SuiteError(f"{file}: name", name_taken, way_out)
        gates |= family.gates
        derive |= family.derive
    rules = tuple(rule for family in families for rule in family.rules)
    check_rules_differ(file, rules)
    digest = _digest_of(name, version, derive, rules, gates)
    return Suite(
        name, f"{version}+{digest}", MappingProxyType(derive), rules, MappingProxyType(gates)
    )


def _digest_of(
    name: str,
    version: str,
    derive: Mapping[str, str],
    rules: Sequence[Rule],
    gates: Mapping[str, float],
) -> str:
    """
    Hash the parsed content of a suite: six hex digits of the sha256 over canonical JSON.

    Comments are not part of it; notes are. Derived columns and rules keep their order, which
    counts; other keys are sorted.
    """
    content = {
        "name": name,
        "version": version,
        "derive": list(derive.items()),
        "rules": [asdict(replace(rule, kwargs=dict(rule.kwargs))) for rule in rules],
        "gates": dict(gates),
    }
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:6]


def _read_family(path: Path) -> Suite:
    """Read one file of a suite; its `version` is only the declared one."""
    file = path.name
    raw = _parse(file, path.read_bytes())
    check_keys(file, raw, KEYS)
    if file.split(".")[0] != raw["suite"]:
        raise SuiteError(f"{file}: suite", raw["suite"], f"Name the file <suite>{ENDING}.")
    if type(raw["version"]) is not int or raw["version"] < 1:
        raise SuiteError(f"{file}: version", raw["version"], "Give a whole number of at least 1.")
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
        raise SuiteError(file, str(exc), "Fix the YAML.") from exc
    except MALFORMED_YAML as exc:
        raise SuiteError(file, f"{type(exc).__name__}: {exc}", "Fix the YAML.") from exc


class _OnceLoader(yaml.CSafeLoader):
    """A SafeLoader in C that refuses repeated keys, of which plain YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value)
        for key, count in keys.items():
            if count > 1:
                problem = f"key {key!r} is given {count} times"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping

"""
Describe rules in words, for the docs and for result rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from include.quality.suites.rules import Rule, Suite

FIXED = {
    "expect_column_values_to_not_be_null": "told",
    "expect_column_values_to_be_null": "null",
}


def state_bound(rule: Rule) -> str:
    """Give a rule's bound in words: `10 to 1000000`, `at most 0.4`, `true`, `not one of 1, 2`."""
    if rule.expect in FIXED:
        return FIXED[rule.expect]
    if "value_set" in rule.kwargs:
        values = ", ".join(_word(value) for value in rule.kwargs["value_set"])
        several = "one of " if len(rule.kwargs["value_set"]) > 1 else ""
        return ("not " if "_not_be_in_set" in rule.expect else "") + several + values
    return _state_range(rule.kwargs)


def rules_table(suite: Suite) -> str:
    """Give the rules as a Markdown table, in the suite's order, without a trailing newline."""
    head = ["| rule | severity | scope | looks at | bound | why |", "|---|---|---|---|---|---|"]
    rows = [
        f"| `{rule.id}` | {rule.severity} | {rule.scope} | `{rule.column}` | {state_bound(rule)} "
        f"| {rule.note.replace('|', chr(92) + '|')} |"
        for rule in suite.rules
    ]
    return "\n".join(head + rows)


def _state_range(kwargs: Mapping[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    at_least = "above" if kwargs.get("strict_min") else "at least"
    at_most = "below" if kwargs.get("strict_max") else "at most"
    if low == high:
        return _word(low)
    if low is None:
        return f"{at_most} {_word(high)}"
    if high is None:
        return f"{at_least} {_word(low)}"
    if at_least == "above" or at_most == "below":
        return f"{at_least} {_word(low)}, {at_most} {_word(high)}"
    return f"{_word(low)} to {_word(high)}"


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

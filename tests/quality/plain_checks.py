"""
Evaluate a suite's rules without Great Expectations, for tests about something else.

A validation costs 0.3 s of CPU before its first row, and an ingest runs three; the tests of
`conftest.PLAIN` use this instead. `test_plain_checks.py` holds it to the original.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from include.quality.checks.great_expectations import Finding, say
from include.quality.suites.rules import Rule, Suite


def examine_plainly(checks: pa.Table, suite: Suite) -> tuple[Finding, ...]:
    """Do what `examine_checks` does, for the expectations that the project's own suites use."""
    return tuple(_examine(checks[rule.column], rule) for rule in suite.rules)


def _examine(column: pa.ChunkedArray, rule: Rule) -> Finding:
    if rule.expect == "expect_column_mean_to_be_between":
        figure = pc.mean(column).as_py()
        if figure is None:
            return Finding(rule, 0, 0)
        return Finding(rule, 1, int(_is_outside(figure, rule)), (), say(float(figure)))
    values = column.to_pylist()
    failed = tuple(
        row for row, value in enumerate(values) if value is not None and _is_broken(value, rule)
    )
    observed = say(values[0]) if rule.scope == "run" and values else None
    return Finding(rule, len(values) - column.null_count, len(failed), failed, observed)


def _is_broken(value: Any, rule: Rule) -> bool:
    if rule.expect == "expect_column_values_to_be_in_set":
        return value not in rule.kwargs["value_set"]
    assert rule.expect == "expect_column_values_to_be_between", f"{rule.expect} has no stand-in"
    return _is_outside(value, rule)


def _is_outside(value: float, rule: Rule) -> bool:
    assert not {"strict_min", "strict_max"} & set(rule.kwargs), "strict bounds have no stand-in"
    low, high = rule.kwargs.get("min_value"), rule.kwargs.get("max_value")
    return (low is not None and value < low) or (high is not None and value > high)

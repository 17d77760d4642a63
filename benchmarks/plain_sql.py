"""
A suite in plain SQL: the same YAML without Great Expectations, for tests and to run by hand.

    python -m benchmarks.plain_sql stories          the query, over a table `numbered` of stories

`numbered` has the columns of the story and `row_id`; `given` is one row of `run_started_us` and the
suite's gates.
"""

from __future__ import annotations

import sys

from include.errors import SuiteError
from include.quality.checks.derive import in_stages
from include.quality.suites.rules import Rule, Suite
from include.quality.suites.suite import load_suite


def suite_sql(suite: Suite) -> str:
    """Give a query: row_id, and the ids of the row rules that the row breaks, in suite order."""
    rules = [rule for rule in suite.rules if rule.scope == "row"]
    broken = ",\n  ".join(f"case when {broken_where(r)} then '{r.id}' end" for r in rules)
    return (
        f"select row_id, list_filter([\n  {broken}\n], lambda id: id is not null) as broken"
        f"\nfrom {in_stages(suite.derive, 'numbered')}\norder by row_id"
    )


def broken_where(rule: Rule) -> str:
    """
    Give the condition under which a row breaks a rule; a null breaks none that has a bound.

    Raises:
        SuiteError: the expectation is of a batch.
    """
    column = f'"{rule.column}"'
    values = ", ".join(str(value).lower() for value in rule.kwargs.get("value_set", ()))
    match rule.expect:
        case "expect_column_values_to_be_in_set":
            return f"{column} not in ({values})"
        case "expect_column_values_to_not_be_in_set":
            return f"{column} in ({values})"
        case "expect_column_values_to_not_be_null":
            return f"{column} is null"
        case "expect_column_values_to_be_null":
            return f"{column} is not null"
        case "expect_column_values_to_be_between":
            return _outside(column, rule)
    raise SuiteError(f"rule {rule.id}", rule.expect, "Only rules on rows are rules on a row.")


def _outside(column: str, rule: Rule) -> str:
    low, high = rule.kwargs.get("min_value"), rule.kwargs.get("max_value")
    below = "<=" if rule.kwargs.get("strict_min") else "<"
    above = ">=" if rule.kwargs.get("strict_max") else ">"
    parts = [
        f"{column} {sign} {bound}"
        for sign, bound in ((below, low), (above, high))
        if bound is not None
    ]
    return " or ".join(parts)


if __name__ == "__main__":
    print(suite_sql(load_suite(sys.argv[1])))

"""
The types `Rule` and `Suite`, and the Great Expectations expectations that a rule may use.

The list is short on purpose: each expectation was verified to report every failing row, or one
figure, on the pandas engine. Uniqueness is left out because batches are judged in slices; a suite
derives a copy number in SQL instead. `derive` turns anything else into a number or a boolean.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEVERITIES = ("critical", "warning", "info")
SCOPES = ("row", "batch", "run")


@dataclass(frozen=True)
class Expectation:
    """The scopes an expectation can judge, and its required and optional kwargs."""

    scopes: tuple[str, ...]
    needs: frozenset[str]
    may: frozenset[str] = frozenset()


ONE_COLUMN = frozenset({"column"})
ONE_SET = frozenset({"column", "value_set"})
BOUNDS = frozenset({"min_value", "max_value", "strict_min", "strict_max"})
BY_ROW = ("row", "run")  # a run is a table of one row

EXPECTATIONS: Mapping[str, Expectation] = {
    "expect_column_values_to_be_between": Expectation(BY_ROW, ONE_COLUMN, BOUNDS),
    "expect_column_values_to_be_in_set": Expectation(BY_ROW, ONE_SET),
    "expect_column_values_to_not_be_in_set": Expectation(BY_ROW, ONE_SET),
    "expect_column_values_to_not_be_null": Expectation(BY_ROW, ONE_COLUMN),
    "expect_column_values_to_be_null": Expectation(BY_ROW, ONE_COLUMN),
    "expect_column_mean_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
    "expect_column_median_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
    "expect_column_min_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
    "expect_column_max_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
    "expect_column_sum_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
    "expect_column_stdev_to_be_between": Expectation(("batch",), ONE_COLUMN, BOUNDS),
}


@dataclass(frozen=True)
class Rule:
    """
    One rule. `id` is stable: tables, charts and alerts refer to it.

    kwargs: what Great Expectations is called with; `column` is the check column.
    scope: row (one verdict per story), batch (one figure per batch) or run (one per run).
    note: why the bound is what it is.
    """

    id: str
    expect: str
    kwargs: Mapping[str, Any]
    severity: str
    scope: str
    note: str

    @property
    def column(self) -> str:
        """Give the check column."""
        return str(self.kwargs["column"])


@dataclass(frozen=True)
class Suite:
    """
    One suite. `version` is the declared version and a digest of the content: `1+3f2a9c`.

    derive: check column to SQL; an expression may use columns defined before it.
    gates: named constants that the SQL may use.
    """

    name: str
    version: str
    derive: Mapping[str, str]
    rules: tuple[Rule, ...]
    gates: Mapping[str, float]

    @property
    def check_columns(self) -> tuple[str, ...]:
        """Give the derived columns that rules check, in the suite's order."""
        checked = {rule.column for rule in self.rules}
        return tuple(name for name in self.derive if name in checked)


def names_in(sql: str) -> set[str]:
    """Give every identifier-like word in a suite's SQL, including words in quoted text."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", sql))

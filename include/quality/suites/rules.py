"""
The nouns of a suite, and which expectations of Great Expectations a rule may use.

The vocabulary is short on purpose: each entry was seen to give every failing row, or a figure, on
the pandas engine. Uniqueness is not in it: batches are judged in slices, so a suite derives a copy
number in SQL. Whatever else a rule needs, `derive` makes a number or a boolean of it.
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
    """Which scopes an expectation can judge, and the kwargs it needs and may have."""

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
    One rule. `id` is stable: tables, charts and alerts know the rule by it.

    kwargs: what Great Expectations is called with; `column` is the check column.
    scope: row (one verdict a story), batch (one figure a batch) or run (one figure a run).
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
    One suite. `version` is the declared version and the head of the file's sha256: `1+3f2a9c`.

    derive: check column to SQL, in the order in which one may name another.
    gates: named numbers that the SQL may name.
    """

    name: str
    version: str
    derive: Mapping[str, str]
    rules: tuple[Rule, ...]
    gates: Mapping[str, float]

    @property
    def check_columns(self) -> tuple[str, ...]:
        """Give the derived columns that rules look at, in the suite's order."""
        seen = {rule.column for rule in self.rules}
        return tuple(name for name in self.derive if name in seen)


def names_in(sql: str) -> set[str]:
    """Give the words of a suite's SQL that may name a column or a gate, quoted text included."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", sql))
